import { WaryError } from '@wary/model/errors.js';
import type { AccountStore, Session, User } from '@wary/ports/account-store.port.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import type { Actor } from '@wary/ports/workflow.port.js';
import type { Logger } from '../logging/create-logger.js';
import type { AuthLimits } from './auth-limits.js';
import type { CachingAuthenticator } from './caching-authenticator.js';
import type { LoginThrottle } from './login-throttle.js';
import type { PasswordHasher } from './password-hasher.js';
import type { SecondFactorService } from './second-factor-service.js';
import { hashToken, newSessionToken } from './secret-token.js';
import { readSessionCookie } from './session-cookie.js';
import type { SignInChallenges } from './sign-in-challenge.js';

/** Where a sign-in comes from. `cookie`: the whole header; a session that is there already ends. */
interface Caller { readonly ip: string; readonly userAgent: string; readonly requestId: string; readonly cookie: string | undefined }
export interface SignInRequest extends Caller { readonly email: string; readonly password: string }
export interface SecondStep extends Caller { readonly challenge: string; readonly code: string }
export interface SignedIn { readonly user: User; readonly session: Session; readonly token: string }

export interface SignIn {
  /** Throws `second_factor_required` with a challenge when the person has a second factor. */
  signIn(request: SignInRequest): Promise<SignedIn>;
  /** The code to the challenge. */
  signInWithCode(request: SecondStep): Promise<SignedIn>;
  /** Ends the session of this Cookie header, if there is one. */
  signOut(cookie: string | undefined, ip: string, requestId: string): Promise<void>;
}

export interface SignInParts {
  readonly store: AccountStore;
  readonly authenticator: CachingAuthenticator;
  readonly hasher: PasswordHasher;
  readonly throttle: LoginThrottle;
  readonly secondFactor: Pick<SecondFactorService, 'take'>;
  readonly challenges: SignInChallenges;
  readonly sessionKey: Uint8Array;
  readonly limits: AuthLimits;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

const USER_AGENT_CHARS_MAX = 300;

export function createSignIn({ store, authenticator, hasher, throttle, secondFactor, challenges, sessionKey, limits, clock, random, logger }: SignInParts): SignIn {
  const actorOf = (user: User, { ip, requestId }: Caller): Actor => ({ id: user.id, name: user.email, kind: 'user', ip, requestId });

  async function endPresent(cookie: string | undefined): Promise<{ user: User; session: Session } | null> {
    const token = readSessionCookie(cookie);
    const present = token === null ? null : await store.findSession(hashToken(sessionKey, token));
    if (present !== null && (await store.endSessions(present.user.id, [present.session.id], null)).length > 0) authenticator.revoke({ userId: present.user.id, sessionId: present.session.id });
    return present;
  }

  /** Always a new session under a new token: one that was planted before is worth nothing. */
  async function openSession(user: User, caller: Caller, factor: 'totp' | 'recovery_code' | null): Promise<SignedIn> {
    await endPresent(caller.cookie);
    const now = clock.now();
    const token = newSessionToken();
    const session: Session = { id: random.id(), userId: user.id, createdAt: now, lastSeenAt: now, expiresAt: now + limits.sessionAbsoluteMs, ip: caller.ip, userAgent: caller.userAgent.slice(0, USER_AGENT_CHARS_MAX) };
    await store.insertSession(session, hashToken(sessionKey, token), {
      tenant: user.tenant, at: now, actor: actorOf(user, caller), action: 'session.sign_in', target: `session:${session.id}`, before: null, after: { userAgent: session.userAgent, secondFactor: factor },
    });
    return { user, session, token };
  }

  return {
    async signIn({ email, password, ...caller }) {
      const { ip, requestId } = caller;
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
      if (found.user.secondFactor) throw new WaryError('second_factor_required', undefined, { ...challenges.issue(found.user.id, found.passwordHash, clock.now()) });
      return openSession(found.user, caller, null);
    },

    async signInWithCode({ challenge, code, ...caller }) {
      const { ip, requestId } = caller;
      const userId = challenges.userIdOf(challenge, clock.now());
      const found = userId === null ? null : await store.findUserById(userId);
      // The person may have been disabled, or got another password or no second factor, between the steps.
      if (found === null || found.user.disabled || !found.user.secondFactor || !challenges.isOf(challenge, found.passwordHash)) throw new WaryError('challenge_expired');
      try {
        return await openSession(found.user, caller, await secondFactor.take(found.user, code, actorOf(found.user, caller)));
      } catch (error) {
        if (error instanceof WaryError && error.code === 'bad_second_factor') logger.warn({ ip, requestId, userId }, 'auth.second_factor.failed');
        throw error;
      }
    },

    async signOut(cookie, ip, requestId) {
      const ended = await endPresent(cookie);
      if (ended !== null) logger.info({ ip, requestId, userId: ended.user.id }, 'auth.session.ended');
    },
  };
}
