import type { Principal } from './principal.js';

export interface Credentials {
  /** The whole Cookie header. */
  readonly cookie: string | undefined;
  /** The whole Authorization header (`Bearer wary_…`); when it is there the cookie does not count. */
  readonly authorization: string | undefined;
  readonly ip: string;
  readonly now: number;
  /** An open socket that is only looked at again: the session's idle clock runs on. */
  readonly passive?: boolean;
}

export interface Revocation { readonly userId?: string; readonly sessionId?: string; readonly keyId?: string }

/** Sessions and keys → principals; for HTTP and sockets alike. */
export interface Authenticator {
  /** Null: nobody that is known, or known no longer (expired, ended, revoked, disabled). */
  authenticate(credentials: Credentials): Promise<Principal | null>;
  /** Called at once when what somebody may do has changed in this process; look at the matching sockets again with `passive`. */
  onRevoked(listener: (what: Revocation) => void): void;
}
export const AUTHENTICATOR = Symbol.for('wary.Authenticator');
