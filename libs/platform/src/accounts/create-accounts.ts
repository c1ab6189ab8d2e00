import { createAccountStore } from '@wary/adapter-postgres/account-store.js';
import { createAuditStore } from '@wary/adapter-postgres/audit-store.js';
import { createThrottleStore } from '@wary/adapter-postgres/throttle-store.js';
import type { PostgresHandle } from '@wary/adapter-postgres/open-postgres.js';
import type { AccountStore } from '@wary/ports/account-store.port.js';
import type { AuditStore } from '@wary/ports/audit.port.js';
import type { Cipher } from '@wary/ports/cipher.port.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import { AUTH_LIMITS, type AuthLimits } from '../auth/auth-limits.js';
import { createAuthenticator, type CachingAuthenticator } from '../auth/caching-authenticator.js';
import { createLoginThrottle } from '../auth/login-throttle.js';
import { createPasswordCheck } from '../auth/password-check.js';
import { createPasswordHasher } from '../auth/password-hasher.js';
import type { SignInPolicy } from '../auth/principal.js';
import { createSecondFactorService, type SecondFactorService } from '../auth/second-factor-service.js';
import { createSignInChallenges } from '../auth/sign-in-challenge.js';
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
  /** For the secrets of second factors. */
  readonly cipher: Cipher;
  readonly limits?: Partial<AuthLimits>;
  /** WARY_REQUIRE_SECOND_FACTOR; default false. */
  readonly requireSecondFactor?: boolean;
}

/** Everything about who may do what, built once by the composition root and given to the modules. */
export interface Accounts {
  readonly store: AccountStore;
  readonly audit: AuditStore;
  readonly authenticator: CachingAuthenticator;
  readonly signIn: SignIn;
  readonly users: UserService;
  readonly apiKeys: ApiKeyService;
  readonly secondFactor: SecondFactorService;
  readonly limits: AuthLimits;
  readonly policy: SignInPolicy;
  bootstrap(tenant: string, first: FirstSecrets): Promise<Bootstrapped>;
  /** Removes sessions that are over, and what is remembered of failed sign-ins; call it now and then. */
  removeExpiredSessions(now: number): Promise<number>;
}

export function createAccounts({ postgres, keys, cipher, clock, random, logger, limits: given, requireSecondFactor = false }: AccountsOptions): Accounts {
  const limits = { ...AUTH_LIMITS, ...given };
  const policy: SignInPolicy = { requireSecondFactor };
  const store = createAccountStore(postgres.db);
  const hasher = createPasswordHasher({ checksMax: limits.passwordChecksMax, waitingMax: limits.passwordChecksWaitingMax });
  const throttles = createThrottleStore(postgres.db);
  const throttle = createLoginThrottle({ store: throttles, clock, limits, what: 'sign-in' });
  const authenticator = createAuthenticator({ store, keys, limits, policy, onTouchFailed: (error) => { logger.warn({ err: error }, 'auth.last_use.not_written'); } });
  const password = createPasswordCheck({ store, hasher, throttle });
  const secondFactor = createSecondFactorService({ store, authenticator, password, throttle: createLoginThrottle({ store: throttles, clock, limits, what: 'second-factor' }), cipher, clock, required: requireSecondFactor });
  return {
    store, audit: createAuditStore(postgres.db), authenticator, secondFactor, limits, policy,
    signIn: createSignIn({ store, authenticator, hasher, throttle, secondFactor, challenges: createSignInChallenges(keys.session), sessionKey: keys.session, limits, clock, random, logger }),
    users: createUserService({ store, authenticator, hasher, password, clock, random }),
    apiKeys: createApiKeyService({ store, authenticator, apiKeyKey: keys.apiKey, clock, random }),
    bootstrap: (tenant, first) => bootstrapAccounts({ store, hasher, apiKeyKey: keys.apiKey, clock, random, tenant }, first),
    async removeExpiredSessions(now) {
      await throttles.removeOver(now);
      return store.removeExpiredSessions(now, now - limits.sessionIdleMs);
    },
  };
}
