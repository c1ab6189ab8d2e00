import { WaryError } from '@wary/model/errors.js';
import type { AccountStore, User } from '@wary/ports/account-store.port.js';
import type { Cipher } from '@wary/ports/cipher.port.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { SecondFactor } from '@wary/ports/second-factor-store.port.js';
import type { Actor } from '@wary/ports/workflow.port.js';
import type { CachingAuthenticator } from './caching-authenticator.js';
import type { LoginThrottle } from './login-throttle.js';
import type { PasswordCheck } from './password-check.js';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.js';
import { isTotpCode, newTotpSecret, stepOfCode, totpUri } from './totp.js';

export interface SecondFactorStatus {
  readonly enabled: boolean;
  readonly enabledAt: number | null;
  readonly recoveryCodesLeft: number;
  /** By the configuration: it cannot be turned off. */
  readonly required: boolean;
}

/** One's own second factor. `sessionId`: the session that asks, which stays when the others end. */
export interface SecondFactorService {
  status(userId: string): Promise<SecondFactorStatus>;
  /** A new secret, told this once; it guards nothing until it is confirmed. */
  begin(user: User, password: string, by: Actor): Promise<{ readonly secret: string; readonly uri: string }>;
  /** The app has the secret: gives the recovery codes, told this once. */
  confirm(user: User, code: string, sessionId: string, by: Actor): Promise<string[]>;
  renewRecoveryCodes(user: User, password: string, code: string, by: Actor): Promise<string[]>;
  disable(user: User, password: string, code: string, sessionId: string, by: Actor): Promise<void>;
  /** Takes a code: of the app (each time step once) or a recovery code (once). Throws `bad_second_factor` or `rate_limited`. */
  take(user: User, code: string, by: Actor): Promise<'totp' | 'recovery_code'>;
}

export interface SecondFactorParts {
  readonly store: AccountStore;
  readonly authenticator: CachingAuthenticator;
  readonly password: PasswordCheck;
  /** Counts wrong codes of an account and an address; its own, so that a right password does not reset it. */
  readonly throttle: LoginThrottle;
  readonly cipher: Cipher;
  readonly clock: Clock;
  readonly required: boolean;
}

export function createSecondFactorService({ store, authenticator, password, throttle, cipher, clock, required }: SecondFactorParts): SecondFactorService {
  // The owner is sealed in with the secret: a row copied to another person opens nothing.
  const seal = (userId: string, secret: string): string => cipher.encrypt(`${userId}:${secret}`);
  function unseal(userId: string, sealed: string): string {
    const text = cipher.decrypt(sealed);
    if (!text.startsWith(`${userId}:`)) throw new Error('the second factor is sealed for somebody else');
    return text.slice(userId.length + 1);
  }
  const audit = (user: User, by: Actor, action: string, before: unknown, after: unknown) => ({ tenant: user.tenant, at: clock.now(), actor: by, action: `user.${action}`, target: `user:${user.id}`, before, after });
  const none = (): WaryError => new WaryError('conflict', 'There is no second factor; set one up first');

  async function isRight(user: User, factor: SecondFactor, code: string, by: Actor): Promise<'totp' | 'recovery_code' | null> {
    const typed = code.replaceAll(/\s/g, '');
    if (!isTotpCode(typed)) return (await store.useRecoveryCode(user.id, hashRecoveryCode(user.id, typed), clock.now(), audit(user, by, 'use_recovery_code', null, null))) ? 'recovery_code' : null;
    const step = stepOfCode(unseal(user.id, factor.secret), typed, clock.now());
    return step !== null && (await store.useStep(user.id, step)) ? 'totp' : null;
  }

  async function take(user: User, code: string, by: Actor): Promise<'totp' | 'recovery_code'> {
    const factor = await store.findSecondFactor(user.id);
    if (factor === null || factor.confirmedAt === null) throw none();
    await throttle.begin(user.id, by.ip);
    const kind = await isRight(user, factor, code, by);
    if (kind === null) throw new WaryError('bad_second_factor');
    await throttle.succeeded(user.id, by.ip);
    return kind;
  }

  function endSessions(userId: string, ended: readonly string[]): void {
    for (const sessionId of ended) authenticator.revoke({ userId, sessionId });
    // The session that stays may have been good for nothing but this.
    authenticator.revoke({});
  }

  return {
    take,

    async status(userId) {
      const factor = await store.findSecondFactor(userId);
      const enabled = factor !== null && factor.confirmedAt !== null;
      return { enabled, enabledAt: factor?.confirmedAt ?? null, recoveryCodesLeft: enabled ? factor.recoveryCodesLeft : 0, required };
    },

    async begin(user, given, by) {
      await password.require(user, given, by.ip);
      const secret = newTotpSecret();
      if (!(await store.beginSecondFactor(user.id, seal(user.id, secret)))) throw new WaryError('conflict', 'There is a second factor already; turn it off first');
      return { secret, uri: totpUri(secret, user.email) };
    },

    async confirm(user, code, sessionId, by) {
      const factor = await store.findSecondFactor(user.id);
      if (factor === null || factor.confirmedAt !== null) throw new WaryError('conflict', factor === null ? 'Nothing waits to be confirmed; begin again' : 'There is a second factor already');
      await throttle.begin(user.id, by.ip);
      const step = stepOfCode(unseal(user.id, factor.secret), code.replaceAll(/\s/g, ''), clock.now());
      if (step === null) throw new WaryError('bad_second_factor', 'The code is wrong; compare the clock of your device');
      await throttle.succeeded(user.id, by.ip);
      const codes = newRecoveryCodes();
      const ended = await store.confirmSecondFactor({
        userId: user.id, secret: factor.secret, step, at: clock.now(), sessionId, codeHashes: codes.map((one) => hashRecoveryCode(user.id, one)),
        audit: audit(user, by, 'enable_second_factor', { secondFactor: false }, { secondFactor: true }),
      });
      if (ended === null) throw new WaryError('conflict', 'It was begun anew meanwhile; scan the new code');
      endSessions(user.id, ended);
      return codes;
    },

    async renewRecoveryCodes(user, given, code, by) {
      await password.require(user, given, by.ip);
      await take(user, code, by);
      const codes = newRecoveryCodes();
      await store.replaceRecoveryCodes(user.id, codes.map((one) => hashRecoveryCode(user.id, one)), audit(user, by, 'renew_recovery_codes', null, null));
      return codes;
    },

    async disable(user, given, code, sessionId, by) {
      if (required) throw new WaryError('conflict', 'A second factor is required here (WARY_REQUIRE_SECOND_FACTOR)');
      await password.require(user, given, by.ip);
      await take(user, code, by);
      const ended = await store.removeSecondFactor({ userId: user.id, at: clock.now(), sessionId, audit: audit(user, by, 'disable_second_factor', { secondFactor: true }, { secondFactor: false }) });
      if (ended === null) throw none();
      endSessions(user.id, ended);
    },
  };
}
