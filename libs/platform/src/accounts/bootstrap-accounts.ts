import type { AccountStore, User } from '@wary/ports/account-store.port.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import { SYSTEM_ACTOR } from '@wary/ports/workflow.port.js';
import type { PasswordHasher } from '../auth/password-hasher.js';
import { generatePassword } from '../auth/password-rules.js';
import { hashToken, newApiKey } from '../auth/secret-token.js';
import { keyCreated, newKeyRow } from './api-key-service.js';

export interface FirstSecrets {
  /** WARY_ADMIN_EMAIL, WARY_ADMIN_PASSWORD. */
  readonly adminEmail: string;
  readonly adminPassword: string | undefined;
  /** WARY_INGEST_KEY. */
  readonly ingestKey: string | undefined;
}

/** What was made, to be printed once; null: there was one, or its secret was given and needs no printing. */
export interface Bootstrapped {
  readonly admin: { readonly email: string; readonly password: string | null } | null;
  readonly ingestKey: { readonly id: string; readonly key: string | null } | null;
}

export interface BootstrapParts { readonly store: AccountStore; readonly hasher: PasswordHasher; readonly apiKeyKey: Uint8Array; readonly clock: Clock; readonly random: Random; readonly tenant: string }

/** The first administrator while there is no user, the first ingest key while there is none: so that no installation has a password that others know. */
export async function bootstrapAccounts({ store, hasher, apiKeyKey, clock, random, tenant }: BootstrapParts, { adminEmail, adminPassword, ingestKey }: FirstSecrets): Promise<Bootstrapped> {
  const now = clock.now();
  let admin: Bootstrapped['admin'] = null;
  if ((await store.listUsers(tenant, 1)).items.length === 0) {
    const password = adminPassword ?? generatePassword();
    const user: User = {
      id: random.id(), tenant, email: adminEmail.toLowerCase(), name: 'Administrator', role: 'admin', disabled: false, mustChangePassword: false, secondFactor: false, version: 1, createdAt: now, updatedAt: now, lastSignInAt: null,
    };
    const made = await store.insertUser(user, await hasher.hash(password), { tenant, at: now, actor: SYSTEM_ACTOR, action: 'user.create', target: `user:${user.id}`, before: null, after: { email: user.email, role: user.role } }, true);
    if (made) admin = { email: user.email, password: adminPassword === undefined ? password : null };
  }

  const secret = ingestKey ?? newApiKey();
  const key = newKeyRow({ tenant, wanted: { name: 'first ingest key', scopes: ['ingest'], expiresAt: null }, secret, id: random.id(), by: SYSTEM_ACTOR, now });
  const made = await store.insertApiKey(key, hashToken(apiKeyKey, secret), keyCreated(key, SYSTEM_ACTOR), true);
  return { admin, ingestKey: made ? { id: key.id, key: ingestKey === undefined ? secret : null } : null };
}
