import type { AuditEntry } from './audit.port.js';

/** A time-based one-time password (RFC 6238) of one person. Only ciphertext of the secret and hashes of the recovery codes are ever given to the store. */
export interface SecondFactor {
  readonly secret: string;
  /** When it was confirmed with a code; null while it is being set up, and then it guards nothing. */
  readonly confirmedAt: number | null;
  /** The last time step whose code was used: that one and older ones are refused. */
  readonly lastStep: number;
  readonly recoveryCodesLeft: number;
}

/** Whose, by whom, and which of the person's sessions may stay. */
export interface SecondFactorChange { readonly userId: string; readonly at: number; /** Null: all end. */ readonly sessionId: string | null; readonly audit: AuditEntry }

export interface SecondFactorStore {
  findSecondFactor(userId: string): Promise<SecondFactor | null>;
  /** Keeps a secret that still has to be confirmed, in the place of another such; false when there is a confirmed one. */
  beginSecondFactor(userId: string, secret: string): Promise<boolean>;
  /** Confirms this very secret, keeps the recovery codes, ends the other sessions and gives their ids; null when it is not the one that waits. */
  confirmSecondFactor(change: SecondFactorChange & { readonly secret: string; readonly step: number; readonly codeHashes: readonly string[] }): Promise<string[] | null>;
  /** Takes a time step: true once, and only for a later one than the last. Two requests with one code at the same moment get one true. */
  useStep(userId: string, step: number): Promise<boolean>;
  /** Takes a recovery code: true once. */
  useRecoveryCode(userId: string, codeHash: string, at: number, audit: AuditEntry): Promise<boolean>;
  /** The old ones are good no more. */
  replaceRecoveryCodes(userId: string, codeHashes: readonly string[], audit: AuditEntry): Promise<void>;
  /** Takes it away and ends the other sessions; null when there was none. */
  removeSecondFactor(change: SecondFactorChange): Promise<string[] | null>;
}
