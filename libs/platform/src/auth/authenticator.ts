import type { Principal } from './principal.js';

export interface Credentials {
  /** The whole Cookie header. */
  readonly cookie: string | undefined;
  /** The whole Authorization header (`Bearer wary_…`); when it is there the cookie does not count. */
  readonly authorization: string | undefined;
  readonly ip: string;
  readonly now: number;
}

export interface Revocation {
  readonly userId?: string;
  readonly sessionId?: string;
  readonly keyId?: string;
  /** Somebody's, and nobody can say whose. */
  readonly everybody?: boolean;
}

/** Sessions and keys → principals; for HTTP and sockets alike. */
export interface Authenticator {
  /** Null: nobody that is known, or known no longer (expired, ended, revoked, disabled). */
  authenticate(credentials: Credentials): Promise<Principal | null>;
  /** For open sockets: is this still so (session or key there, not expired, same rights)? Does not keep an idle session alive; cheap enough to ask every second. */
  stillValid(principal: Principal, now: number): Promise<boolean>;
  /** Called at once when what somebody may do has changed in this process, and when another process says so. A `sessionId` means that session alone, a `userId` without one all of the person's. */
  onRevoked(listener: (what: Revocation) => void): void;
}
export const AUTHENTICATOR = Symbol.for('wary.Authenticator');
