import { WaryError } from '@wary/model/errors.js';
import type { AccountStore, Session, User } from '@wary/ports/account-store.port.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import type { Logger } from '../logging/create-logger.js';
import type { AuthLimits } from './auth-limits.js';
import type { CachingAuthenticator } from './caching-authenticator.js';
import type { LoginThrottle } from './login-throttle.js';
import type { PasswordHasher } from './password-hasher.js';
import { hashToken, newSessionToken } from './secret-token.js';
import { readSessionCookie } from './session-cookie.js';

export interface SignInRequest { readonly email: string; readonly password: string; readonly ip: string; readonly userAgent: string; readonly requestId: string; /** Whole Cookie header: a session that is there already ends. */ readonly cookie: string | undefined }
export interface SignedIn { readonly user: User; readonly session: Session; readonly token: string }

export interface SignIn {
  signIn(request: SignInRequest): Promise<SignedIn>;
  /** Ends the session of this Cookie header, if there is one. */
  signOut(cookie: string | undefined, ip: string, requestId: string): Promise<void>;
}

export interface SignInParts {
  readonly store: AccountStore;
  readonly authenticator: CachingAuthenticator;
  readonly hasher: PasswordHasher;
  readonly throttle: LoginThrottle;
  readonly sessionKey: Uint8Array;
  readonly limits: AuthLimits;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

const USER_AGENT_CHARS_MAX = 300;

export function createSignIn({ store, authenticator, hasher, throttle, sessionKey, limits, clock, random, logger }: SignInParts): SignIn {
  async function endPresent(cookie: string | undefined): Promise<{ user: User; session: Session } | null> {
    const token = readSessionCookie(cookie);
    const present = token === null ? null : await store.findSession(hashToken(sessionKey, token));
    if (present !== null && (await store.endSessions(present.user.id, [present.session.id], null)).length > 0) authenticator.revoke({ userId: present.user.id, sessionId: present.session.id });
    return present;
  }

  return {
    async signIn({ email, password, ip, userAgent, requestId, cookie }) {
      const account = email.trim().toLowerCase();
      await throttle.begin(account, ip);
      const found = await store.findUserByEmail(account);
      // The same work for nobody, somebody and somebody disabled: neither answer nor time tells them apart.
      const right = await hasher.matches(found?.passwordHash ?? null, password);
      if (!right || found === null || found.user.disabled) {
        logger.warn({ ip, requestId, userId: found?.user.id ?? null }, 'auth.sign_in.failed');
        throw new WaryError('bad_credentials');
      }
      await throttle.succeeded(account, ip);
      await endPresent(cookie);
      const now = clock.now();
      const { user } = found;
      const token = newSessionToken();
      const session: Session = { id: random.id(), userId: user.id, createdAt: now, lastSeenAt: now, expiresAt: now + limits.sessionAbsoluteMs, ip, userAgent: userAgent.slice(0, USER_AGENT_CHARS_MAX) };
      await store.insertSession(session, hashToken(sessionKey, token), {
        tenant: user.tenant, at: now, actor: { id: user.id, name: user.email, kind: 'user', ip, requestId }, action: 'session.sign_in', target: `session:${session.id}`, before: null, after: { userAgent: session.userAgent },
      });
      return { user, session, token };
    },

    async signOut(cookie, ip, requestId) {
      const ended = await endPresent(cookie);
      if (ended !== null) logger.info({ ip, requestId, userId: ended.user.id }, 'auth.session.ended');
    },
  };
}
