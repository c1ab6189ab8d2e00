import type { AccountStore, ApiKey, Session, User } from '@wary/ports/account-store.port.js';
import type { AuthLimits } from './auth-limits.js';
import type { Authenticator, Revocation } from './authenticator.js';
import { scopeActions, userPrincipal, type Principal, type SignInPolicy } from './principal.js';
import { hashToken, isApiKey } from './secret-token.js';
import { readSessionCookie } from './session-cookie.js';

interface Known { readonly principal: Principal; readonly session: Session | null; readonly user: User | null; readonly key: ApiKey | null; readonly previous: boolean; touchedAt: number }
interface Entry { readonly readAt: number; readonly known: Promise<Known | null> }

export interface CachingAuthenticator extends Authenticator {
  /** What somebody may do has changed: forgets it and tells the listeners. After the change is committed. */
  revoke(what: Revocation): void;
}

export interface AuthenticatorParts {
  readonly store: Pick<AccountStore, 'findSession' | 'findApiKeyByHash' | 'touchSession' | 'touchApiKey'>;
  readonly keys: { readonly session: Uint8Array; readonly apiKey: Uint8Array };
  readonly limits: AuthLimits;
  readonly policy: SignInPolicy;
  /** A last use that could not be written; the request goes on. */
  readonly onTouchFailed: (error: unknown) => void;
}

/** Answers from memory for some seconds, so that an ingest key costs a hash and a look-up; a change made here is seen at once. */
export function createAuthenticator({ store, keys, limits, policy, onTouchFailed }: AuthenticatorParts): CachingAuthenticator {
  const entries = new Map<string, Entry>();
  const listeners: Array<(what: Revocation) => void> = [];
  /** Where a principal came from, for sockets that hold on to theirs. */
  const origins = new WeakMap<Principal, { readonly hash: string; readonly kind: Principal['kind'] }>();

  function lookUp(kind: Principal['kind'], hash: string, now: number): Promise<Known | null> {
    const mapKey = `${kind}:${hash}`;
    const entry = entries.get(mapKey);
    if (entry !== undefined && now - entry.readAt < limits.cacheMs && now >= entry.readAt) return entry.known;
    const known = read(kind, hash);
    // Taken out and put back, so that the oldest is first; a failed read is not remembered.
    entries.delete(mapKey);
    entries.set(mapKey, { readAt: now, known });
    known.catch(() => { if (entries.get(mapKey)?.known === known) entries.delete(mapKey); });
    if (entries.size > limits.cacheEntriesMax) entries.delete(entries.keys().next().value!);
    return known;
  }

  async function read(kind: Principal['kind'], hash: string): Promise<Known | null> {
    const known = kind === 'user' ? fromSession(await store.findSession(hash), policy) : fromKey(await store.findApiKeyByHash(hash));
    if (known !== null) origins.set(known.principal, { hash, kind });
    return known;
  }

  function isLive({ session, user, key, previous, touchedAt }: Known, now: number): boolean {
    if (session !== null && user !== null) return !user.disabled && now < session.expiresAt && now - Math.max(touchedAt, session.lastSeenAt) < limits.sessionIdleMs;
    return key !== null && key.revokedAt === null && (key.expiresAt === null || now < key.expiresAt) && (!previous || (key.previousUntil !== null && now < key.previousUntil));
  }

  function touch(known: Known, now: number): void {
    const last = Math.max(known.touchedAt, known.session?.lastSeenAt ?? known.key?.lastUsedAt ?? 0);
    if (now - last < limits.touchMs) return;
    known.touchedAt = now;
    const written = known.session === null ? store.touchApiKey(known.principal.id, now) : store.touchSession(known.session.id, now);
    written.catch(onTouchFailed);
  }

  async function find(kind: Principal['kind'], token: string, now: number): Promise<Principal | null> {
    const known = await lookUp(kind, hashToken(kind === 'user' ? keys.session : keys.apiKey, token), now);
    if (known === null || !isLive(known, now)) return null;
    touch(known, now);
    return known.principal;
  }

  return {
    async authenticate({ cookie, authorization, now }) {
      if (authorization !== undefined && authorization !== '') {
        const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
        return isApiKey(token) ? find('key', token, now) : null;
      }
      const token = readSessionCookie(cookie);
      return token === null ? null : find('user', token, now);
    },

    async stillValid(principal, now) {
      const origin = origins.get(principal);
      if (origin === undefined) return false;
      const known = await lookUp(origin.kind, origin.hash, now);
      return known !== null && isLive(known, now) && sameActions(known.principal.actions, principal.actions);
    },

    onRevoked(listener) { listeners.push(listener); },

    revoke(what) {
      // What is being read right now may be older than the change: it is forgotten too.
      entries.clear();
      for (const listener of listeners) listener(what);
    },
  };
}

function fromSession(found: { session: Session; user: User } | null, policy: SignInPolicy): Known | null {
  if (found === null) return null;
  const { session, user } = found;
  return { principal: userPrincipal(user, session.id, policy), session, user, key: null, previous: false, touchedAt: 0 };
}

function fromKey(found: { key: ApiKey; previous: boolean } | null): Known | null {
  if (found === null) return null;
  const { key, previous } = found;
  const principal: Principal = { kind: 'key', id: key.id, name: `key:${key.name}`, tenant: key.tenant, role: null, scopes: key.scopes, actions: scopeActions(key.scopes), sessionId: null };
  return { principal, session: null, user: null, key, previous, touchedAt: 0 };
}

const sameActions = (a: ReadonlySet<unknown>, b: ReadonlySet<unknown>): boolean => a.size === b.size && [...a].every((action) => b.has(action));
