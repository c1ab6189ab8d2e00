const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Wait before each attempt, counted from the one before: the schedule that the Standard Webhooks specification gives as an example; 75 h 35 min 05 s in all. */
export const RETRY_DELAYS_MS: readonly number[] = [
  0, 5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 14 * HOUR_MS, 20 * HOUR_MS, 24 * HOUR_MS,
];
export const ATTEMPTS_MAX = RETRY_DELAYS_MS.length;
/** Share by which a wait is shortened or lengthened at random, so that what failed together does not return together. */
export const JITTER_SHARE = 0.1;

/** Wait after `attemptsMade` attempts (≥ 1), or null when there is none left. `random` is uniform in [0,1). */
export function retryDelayMs(attemptsMade: number, random: number): number | null {
  const delay = RETRY_DELAYS_MS[attemptsMade];
  return delay === undefined ? null : Math.round(delay * (1 + JITTER_SHARE * (2 * random - 1)));
}
