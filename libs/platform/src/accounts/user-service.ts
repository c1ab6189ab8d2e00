import { WaryError } from '@wary/model/errors.js';
import type { Role } from '@wary/model/permissions.js';
import type { AccountStore, User, UserDecision } from '@wary/ports/account-store.port.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import type { Actor } from '@wary/ports/workflow.port.js';
import type { CachingAuthenticator } from '../auth/caching-authenticator.js';
import type { PasswordCheck } from '../auth/password-check.js';
import type { PasswordHasher } from '../auth/password-hasher.js';
import { generatePassword, requireGoodPassword } from '../auth/password-rules.js';
import { requireVersion } from '../errors/require-version.js';

/** `mustChangePassword`: of a given password; a generated one is always for the first sign-in alone. */
export interface NewUser { readonly email: string; readonly name: string; readonly role: Role; readonly password?: string; readonly mustChangePassword?: boolean }
export interface UserChange {
  readonly name?: string;
  readonly role?: Role;
  readonly disabled?: boolean;
  /** A new password: this one, or a generated one (`reset`). */
  readonly password?: string;
  readonly reset?: boolean;
  readonly mustChangePassword?: boolean;
  /** Takes the second factor away, for somebody who lost the device and the recovery codes. */
  readonly resetSecondFactor?: boolean;
}
/** `password`: the generated one, told this once. */
export interface UserWithPassword { readonly user: User; readonly password: string | null }

export interface PasswordChange { readonly tenant: string; readonly id: string; readonly current: string; readonly next: string; /** The one that stays. */ readonly sessionId: string }

export interface UserService {
  list(tenant: string, limit: number, cursor: string | undefined): ReturnType<AccountStore['listUsers']>;
  get(tenant: string, id: string): Promise<User>;
  create(tenant: string, wanted: NewUser, by: Actor): Promise<UserWithPassword>;
  change(tenant: string, id: string, change: UserChange, by: Actor, ifMatch: number | undefined): Promise<UserWithPassword>;
  /** One's own; ends all other sessions. */
  changePassword(change: PasswordChange, by: Actor): Promise<void>;
  isEnabledUser(tenant: string, email: string): Promise<boolean>;
}

export interface UserServiceParts { readonly store: AccountStore; readonly authenticator: CachingAuthenticator; readonly hasher: PasswordHasher; readonly password: PasswordCheck; readonly clock: Clock; readonly random: Random }

/** What the audit says of a user. */
const auditView = ({ email, name, role, disabled, mustChangePassword, secondFactor }: User): Record<string, unknown> => ({ email, name, role, disabled, mustChangePassword, secondFactor });

export function createUserService({ store, authenticator, hasher, password: passwordCheck, clock, random }: UserServiceParts): UserService {
  const get = async (tenant: string, id: string): Promise<User> => {
    const user = await store.findUser(tenant, id);
    if (user === null) throw new WaryError('not_found', 'There is no such user');
    return user;
  };
  return {
    list: (tenant, limit, cursor) => store.listUsers(tenant, limit, cursor),
    get,

    async create(tenant, { email, name, role, password, mustChangePassword = false }, by) {
      const now = clock.now();
      if (password !== undefined) requireGoodPassword(password, email);
      const initial = password ?? generatePassword();
      const user: User = {
        id: random.id(), tenant, email: email.toLowerCase(), name, role, disabled: false, mustChangePassword: password === undefined || mustChangePassword, secondFactor: false, version: 1, createdAt: now, updatedAt: now, lastSignInAt: null,
      };
      await store.insertUser(user, await hasher.hash(initial), { tenant, at: now, actor: by, action: 'user.create', target: `user:${user.id}`, before: null, after: auditView(user) });
      return { user, password: password === undefined ? initial : null };
    },

    async change(tenant, id, change, by, ifMatch) {
      const generated = change.password === undefined && change.reset === true ? generatePassword() : null;
      const password = change.password ?? generated;
      if (change.password !== undefined) requireGoodPassword(change.password, (await get(tenant, id)).email);
      const passwordHash = password === null ? null : await hasher.hash(password);
      const { user } = await store.changeUser(tenant, id, (user, otherAdmins) => {
        requireVersion(user.version, ifMatch);
        return decide(user, otherAdmins, change, passwordHash, generated !== null, by, clock.now());
      });
      authenticator.revoke({ userId: id });
      return { user, password: generated };
    },

    async changePassword({ tenant, id, current, next, sessionId }, by) {
      const user = await get(tenant, id);
      const currentHash = await passwordCheck.require(user, current, by.ip);
      if (current === next) throw new WaryError('validation_failed', undefined, { errors: [{ path: 'next', message: 'is the present one' }] });
      requireGoodPassword(next, user.email);
      const nextHash = await hasher.hash(next);
      const now = clock.now();
      const { endedSessions } = await store.changeUser(tenant, id, (row, _admins, hash) => {
        if (hash !== currentHash) throw new WaryError('conflict', 'The password was changed meanwhile');
        return {
          next: { ...row, mustChangePassword: false, version: row.version + 1, updatedAt: now }, passwordHash: nextHash, endSessions: { except: sessionId },
          audit: { tenant, at: now, actor: by, action: 'user.change_password', target: `user:${id}`, before: null, after: null },
        };
      });
      for (const ended of endedSessions) authenticator.revoke({ userId: id, sessionId: ended });
      // The session that stays may have been good for nothing but this.
      authenticator.revoke({});
    },

    async isEnabledUser(tenant, email) {
      const found = await store.findUserByEmail(email.toLowerCase());
      return found !== null && found.user.tenant === tenant && !found.user.disabled;
    },
  };
}

/** The rules of a change on the locked row: somebody must remain who can administer. */
function decide(user: User, otherAdmins: number, change: UserChange, passwordHash: string | null, generated: boolean, by: Actor, now: number): UserDecision {
  const next: User = {
    ...user, name: change.name ?? user.name, role: change.role ?? user.role, disabled: change.disabled ?? user.disabled,
    mustChangePassword: generated || (change.mustChangePassword ?? (passwordHash === null && user.mustChangePassword)), secondFactor: user.secondFactor && change.resetSecondFactor !== true, version: user.version + 1, updatedAt: now,
  };
  const clearFactor = change.resetSecondFactor === true && user.secondFactor;
  const administers = (one: User): boolean => one.role === 'admin' && !one.disabled;
  if (administers(user) && !administers(next) && otherAdmins === 0) throw new WaryError('conflict', 'This is the last administrator; make another one first');
  const action = passwordHash !== null ? 'user.reset' : clearFactor ? 'user.reset_second_factor' : next.disabled !== user.disabled ? (next.disabled ? 'user.disable' : 'user.enable') : next.role !== user.role ? 'user.change_role' : 'user.update';
  return {
    next, ...(passwordHash === null ? {} : { passwordHash }), clearFactor, endSessions: passwordHash !== null || clearFactor || (next.disabled && !user.disabled) ? 'all' : 'none',
    audit: { tenant: user.tenant, at: now, actor: by, action, target: `user:${user.id}`, before: auditView(user), after: auditView(next) },
  };
}
