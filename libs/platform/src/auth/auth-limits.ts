const MINUTE_MS = 60_000;

/** How long sessions live, how often one may fail, how much is remembered. */
export interface AuthLimits {
  readonly sessionIdleMs: number;
  readonly sessionAbsoluteMs: number;
  /** Failures of one account or one address, within the window, before it has to wait. */
  readonly accountFailuresMax: number;
  readonly addressFailuresMax: number;
  readonly failureWindowSeconds: number;
  readonly waitSeconds: number;
  /** Password checks at a time, each with 19 MiB; and those that may wait. */
  readonly passwordChecksMax: number;
  readonly passwordChecksWaitingMax: number;
  /** What an authentication may be old: a change made by another process is seen after this. */
  readonly cacheMs: number;
  readonly cacheEntriesMax: number;
  /** Last use and last seen are written at most this often. */
  readonly touchMs: number;
}

export const AUTH_LIMITS: AuthLimits = {
  sessionIdleMs: 12 * 60 * MINUTE_MS,
  sessionAbsoluteMs: 7 * 24 * 60 * MINUTE_MS,
  accountFailuresMax: 5,
  addressFailuresMax: 20,
  failureWindowSeconds: 15 * 60,
  waitSeconds: 5 * 60,
  passwordChecksMax: 4,
  passwordChecksWaitingMax: 64,
  cacheMs: 3_000,
  cacheEntriesMax: 20_000,
  touchMs: MINUTE_MS,
};
