import type { Role, Scope } from '@wary/model/permissions.js';
import type { AuditEntry } from './audit.port.js';
import type { Page } from './event-store.port.js';
import type { SecondFactorStore } from './second-factor-store.port.js';

export interface User {
  readonly id: string;
  readonly tenant: string;
  /** Lower case, unique over all tenants. */
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly disabled: boolean;
  readonly mustChangePassword: boolean;
  /** Whether signing in takes a code besides the password. */
  readonly secondFactor: boolean;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly lastSignInAt: number | null;
}

export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** The absolute end, however busy. */
  readonly expiresAt: number;
  readonly ip: string;
  readonly userAgent: string;
}

export interface ApiKey {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Last characters of the key, to tell keys apart. */
  readonly hint: string;
  readonly version: number;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
  readonly rotatedAt: number | null;
  /** Until when the key before the rotation works too. */
  readonly previousUntil: number | null;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly lastUsedAt: number | null;
}

/** What is to become of a row, and what the audit says of it. Decided inside the transaction, on the locked row. */
export interface UserDecision { readonly next: User; readonly passwordHash?: string; readonly endSessions: 'none' | 'all' | { readonly except: string }; /** Takes the second factor away. */ readonly clearFactor?: boolean; readonly audit: AuditEntry | null }
export interface ApiKeyDecision { readonly next: ApiKey; /** A new key: the old hash goes to the previous one. */ readonly hash?: string; readonly audit: AuditEntry | null }

/** Only hashes of passwords, session tokens and keys are ever given to it. Every change writes its audit row in its transaction. */
export interface AccountStore extends SecondFactorStore {
  /** Throws WaryError `conflict` when the e-mail is taken. With `onlyIfNone`, false when its tenant has a user already. */
  insertUser(user: User, passwordHash: string, audit: AuditEntry, onlyIfNone?: boolean): Promise<boolean>;
  findUser(tenant: string, id: string): Promise<User | null>;
  findUserByEmail(email: string): Promise<{ readonly user: User; readonly passwordHash: string } | null>;
  /** With the hash, for the second step of a sign-in, which knows no tenant yet. */
  findUserById(id: string): Promise<{ readonly user: User; readonly passwordHash: string } | null>;
  listUsers(tenant: string, limit: number, cursor?: string): Promise<Page<User>>;
  /** Every tenant that has a user. */
  listTenants(): Promise<string[]>;
  /**
   * Locks the user and all enabled administrators of the tenant, asks what to do, does it in one transaction.
   * `otherAdmins` counts the enabled administrators besides this one. Throws `not_found`.
   */
  changeUser(tenant: string, id: string, decide: (user: User, otherAdmins: number, passwordHash: string) => UserDecision): Promise<{ readonly user: User; readonly endedSessions: string[] }>;

  insertSession(session: Session, tokenHash: string, audit: AuditEntry | null): Promise<void>;
  findSession(tokenHash: string): Promise<{ readonly session: Session; readonly user: User } | null>;
  listSessions(userId: string): Promise<Session[]>;
  touchSession(id: string, at: number): Promise<void>;
  /** Ends sessions of one person: these, or all; gives the ids that were there. */
  endSessions(userId: string, ids: readonly string[] | 'all', audit: AuditEntry | null): Promise<string[]>;
  /** Removes sessions past their absolute end or idle since before `idleBefore`; gives their number. */
  removeExpiredSessions(now: number, idleBefore: number): Promise<number>;

  /** With `onlyIfNone`, false when there is a live key with scope `ingest` already. */
  insertApiKey(key: ApiKey, hash: string, audit: AuditEntry, onlyIfNone?: boolean): Promise<boolean>;
  findApiKey(tenant: string, id: string): Promise<ApiKey | null>;
  /** By the present hash, or the previous one (`previous`: true). */
  findApiKeyByHash(hash: string): Promise<{ readonly key: ApiKey; readonly previous: boolean } | null>;
  listApiKeys(tenant: string, limit: number, cursor?: string): Promise<Page<ApiKey>>;
  changeApiKey(tenant: string, id: string, decide: (key: ApiKey) => ApiKeyDecision): Promise<ApiKey>;
  touchApiKey(id: string, at: number): Promise<void>;
}
export const ACCOUNT_STORE = Symbol.for('wary.AccountStore');
