import { WaryError } from '@wary/model/errors.js';
import type { Scope } from '@wary/model/permissions.js';
import type { AccountStore, ApiKey, ApiKeyDecision } from '@wary/ports/account-store.port.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import type { Actor } from '@wary/ports/workflow.port.js';
import type { CachingAuthenticator } from '../auth/caching-authenticator.js';
import { hashToken, hintOf, newApiKey } from '../auth/secret-token.js';
import { requireVersion } from '../errors/require-version.js';

export interface NewApiKey { readonly name: string; readonly scopes: readonly Scope[]; readonly expiresAt: number | null }
export interface ApiKeyChange {
  readonly name?: string;
  readonly scopes?: readonly Scope[];
  readonly expiresAt?: number | null;
  /** A new key; the one before goes on working for `graceSeconds`. */
  readonly rotate?: boolean;
  readonly graceSeconds?: number;
  readonly revoked?: true;
}
/** `secret`: the key itself, told this once. */
export interface ApiKeyWithSecret { readonly key: ApiKey; readonly secret: string | null }

export interface ApiKeyService {
  list(tenant: string, limit: number, cursor: string | undefined): ReturnType<AccountStore['listApiKeys']>;
  get(tenant: string, id: string): Promise<ApiKey>;
  create(tenant: string, wanted: NewApiKey, by: Actor): Promise<ApiKeyWithSecret>;
  change(tenant: string, id: string, change: ApiKeyChange, by: Actor, ifMatch: number | undefined): Promise<ApiKeyWithSecret>;
}

export interface ApiKeyServiceParts { readonly store: AccountStore; readonly authenticator: CachingAuthenticator; readonly apiKeyKey: Uint8Array; readonly clock: Clock; readonly random: Random }

const auditView = ({ name, scopes, hint, expiresAt, revokedAt, previousUntil }: ApiKey): Record<string, unknown> => ({ name, scopes, hint, expiresAt, revokedAt, previousUntil });

export function newKeyRow({ tenant, wanted, secret, id, by, now }: { tenant: string; wanted: NewApiKey; secret: string; id: string; by: Actor; now: number }): ApiKey {
  return {
    id, tenant, name: wanted.name, scopes: [...new Set(wanted.scopes)], hint: hintOf(secret), version: 1, createdAt: now, createdBy: by.name, updatedAt: now, rotatedAt: null, previousUntil: null,
    expiresAt: wanted.expiresAt, revokedAt: null, lastUsedAt: null,
  };
}
export const keyCreated = (key: ApiKey, by: Actor) => ({ tenant: key.tenant, at: key.createdAt, actor: by, action: 'api_key.create', target: `api_key:${key.id}`, before: null, after: auditView(key) });

export function createApiKeyService({ store, authenticator, apiKeyKey, clock, random }: ApiKeyServiceParts): ApiKeyService {
  return {
    list: (tenant, limit, cursor) => store.listApiKeys(tenant, limit, cursor),

    async get(tenant, id) {
      const key = await store.findApiKey(tenant, id);
      if (key === null) throw new WaryError('not_found', 'There is no such key');
      return key;
    },

    async create(tenant, wanted, by) {
      const now = clock.now();
      requireFuture(wanted.expiresAt, now);
      const secret = newApiKey();
      const key = newKeyRow({ tenant, wanted, secret, id: random.id(), by, now });
      await store.insertApiKey(key, hashToken(apiKeyKey, secret), keyCreated(key, by));
      return { key, secret };
    },

    async change(tenant, id, change, by, ifMatch) {
      const now = clock.now();
      if (change.expiresAt !== undefined) requireFuture(change.expiresAt, now);
      const secret = change.rotate === true ? newApiKey() : null;
      const key = await store.changeApiKey(tenant, id, (row) => {
        requireVersion(row.version, ifMatch);
        return decide(row, change, secret, secret === null ? null : hashToken(apiKeyKey, secret), by, now);
      });
      authenticator.revoke({ keyId: id });
      return { key, secret };
    },
  };
}

function decide(key: ApiKey, change: ApiKeyChange, secret: string | null, hash: string | null, by: Actor, now: number): ApiKeyDecision {
  if (key.revokedAt !== null) {
    if (change.revoked === true) return { next: key, audit: null };
    throw new WaryError('conflict', 'The key was revoked, and stays so; make a new one');
  }
  const next: ApiKey = {
    ...key, name: change.name ?? key.name, scopes: change.scopes === undefined ? key.scopes : [...new Set(change.scopes)], expiresAt: change.expiresAt === undefined ? key.expiresAt : change.expiresAt,
    ...(secret === null ? {} : { hint: hintOf(secret), rotatedAt: now, previousUntil: change.graceSeconds === undefined || change.graceSeconds === 0 ? null : now + change.graceSeconds * 1_000 }),
    ...(change.revoked === true ? { revokedAt: now, previousUntil: null } : {}), version: key.version + 1, updatedAt: now,
  };
  const action = change.revoked === true ? 'api_key.revoke' : secret !== null ? 'api_key.rotate' : 'api_key.update';
  return { next, ...(hash === null ? {} : { hash }), audit: { tenant: key.tenant, at: now, actor: by, action, target: `api_key:${key.id}`, before: auditView(key), after: auditView(next) } };
}

function requireFuture(expiresAt: number | null, now: number): void {
  if (expiresAt !== null && expiresAt <= now) throw new WaryError('validation_failed', undefined, { errors: [{ path: 'expiresAt', message: 'is in the past' }] });
}
