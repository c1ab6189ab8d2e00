import { createAccountStore } from '@wary/adapter-postgres/account-store.js';
import { createAuditStore } from '@wary/adapter-postgres/audit-store.js';
import type { PostgresHandle } from '@wary/adapter-postgres/open-postgres.js';
import type { AccountStore } from '@wary/ports/account-store.port.js';
import type { AuditStore } from '@wary/ports/audit.port.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import { AUTH_LIMITS, type AuthLimits } from '../auth/auth-limits.js';
import { createAuthenticator, type CachingAuthenticator } from '../auth/caching-authenticator.js';
import { createLoginThrottle } from '../auth/login-throttle.js';
import { createPasswordHasher } from '../auth/password-hasher.js';
import { createSignIn, type SignIn } from '../auth/sign-in.js';
import type { Logger } from '../logging/create-logger.js';
import { createApiKeyService, type ApiKeyService } from './api-key-service.js';
import { bootstrapAccounts, type Bootstrapped, type FirstSecrets } from './bootstrap-accounts.js';
import { createUserService, type UserService } from './user-service.js';

export interface AccountsOptions {
  readonly postgres: Pick<PostgresHandle, 'db'>;
  /** Derived keys (`deriveKeys` of @wary/protect). */
  readonly keys: { readonly session: Uint8Array; readonly apiKey: Uint8Array };
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly limits?: Partial<AuthLimits>;
}

/** Everything about who may do what, built once by the composition root and given to the modules. */
export interface Accounts {
  readonly store: AccountStore;
  readonly audit: AuditStore;
  readonly authenticator: CachingAuthenticator;
  readonly signIn: SignIn;
  readonly users: UserService;
  readonly apiKeys: ApiKeyService;
  readonly limits: AuthLimits;
  bootstrap(tenant: string, first: FirstSecrets): Promise<Bootstrapped>;
  /** Removes sessions that are over; call it now and then. */
  removeExpiredSessions(now: number): Promise<number>;
}

export function createAccounts({ postgres, keys, clock, random, logger, limits: given }: AccountsOptions): Accounts {
  const limits = { ...AUTH_LIMITS, ...given };
  const store = createAccountStore(postgres.db);
  const hasher = createPasswordHasher({ checksMax: limits.passwordChecksMax, waitingMax: limits.passwordChecksWaitingMax });
  const throttle = createLoginThrottle(limits);
  const authenticator = createAuthenticator({ store, keys, limits, onTouchFailed: (error) => { logger.warn({ err: error }, 'auth.last_use.not_written'); } });
  return {
    store, audit: createAuditStore(postgres.db), authenticator, limits,
    signIn: createSignIn({ store, authenticator, hasher, throttle, sessionKey: keys.session, limits, clock, random, logger }),
    users: createUserService({ store, authenticator, hasher, throttle, clock, random }),
    apiKeys: createApiKeyService({ store, authenticator, apiKeyKey: keys.apiKey, clock, random }),
    bootstrap: (tenant, first) => bootstrapAccounts({ store, hasher, apiKeyKey: keys.apiKey, clock, random, tenant }, first),
    removeExpiredSessions: (now) => store.removeExpiredSessions(now, now - limits.sessionIdleMs),
  };
}
