const HOUR_MS = 60 * 60 * 1_000;
const DAY_MS = 24 * HOUR_MS;

export interface WebhookLimits {
  readonly attemptTimeoutMs: number;
  /** Attempts under way: in all, to one endpoint, and to one that is failing or asked to slow down. */
  readonly attemptsMax: number;
  readonly endpointAttemptsMax: number;
  readonly strugglingAttemptsMax: number;
  /** Nobody else takes a delivery that is being attempted before this. */
  readonly leaseMs: number;
  readonly pollMs: number;
  readonly outboxRowsPerTurn: number;
  readonly responseCharsKept: number;
  readonly webhooksMax: number;
  readonly rotationOverlapMs: number;
  readonly deliveriesKeptMs: number;
  readonly outboxKeptMs: number;
  readonly pruneMs: number;
}

export const WEBHOOK_LIMITS: WebhookLimits = {
  attemptTimeoutMs: 15_000, attemptsMax: 32, endpointAttemptsMax: 4, strugglingAttemptsMax: 1, leaseMs: 30_000, pollMs: 1_000, outboxRowsPerTurn: 200, responseCharsKept: 2_000, webhooksMax: 100,
  rotationOverlapMs: DAY_MS, deliveriesKeptMs: 30 * DAY_MS, outboxKeptMs: 3 * DAY_MS, pruneMs: HOUR_MS,
};
