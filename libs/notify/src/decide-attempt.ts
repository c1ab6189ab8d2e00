import { classifyOutcome, type Verdict } from './classify-outcome.js';
import type { WebhookOutcome } from '@wary/ports/channel.port.js';
import { retryDelayMs } from './retry-schedule.js';

/** An endpoint that takes nothing for so long is switched off (as Svix does). */
export const FAILING_DISABLE_MS = 5 * 24 * 60 * 60 * 1_000;

export interface AttemptInput {
  readonly outcome: WebhookOutcome;
  /** Attempts of this round, this one included. */
  readonly attemptsMade: number;
  /** First failure of the endpoint since its last success; null: it was healthy before this attempt. */
  readonly failingSince: number | null;
  readonly now: number;
  readonly random: number;
}
export interface AttemptDecision {
  readonly verdict: Verdict;
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly nextAttemptAt: number | null;
  /** Nothing goes to this endpoint before. */
  readonly pausedUntil: number | null;
  readonly disable: 'gone' | 'failing' | null;
}

/** What becomes of a delivery and its endpoint after an attempt. */
export function decideAttempt({ outcome, attemptsMade, failingSince, now, random }: AttemptInput): AttemptDecision {
  const verdict = classifyOutcome(outcome);
  if (verdict.kind === 'delivered') return { verdict, status: 'succeeded', nextAttemptAt: null, pausedUntil: null, disable: null };
  if (verdict.kind === 'gone') return { verdict, status: 'failed', nextAttemptAt: null, pausedUntil: null, disable: 'gone' };
  const disable = failingSince !== null && now - failingSince >= FAILING_DISABLE_MS ? 'failing' : null;
  const pausedUntil = verdict.kind === 'throttle' && verdict.retryAfterMs !== null ? now + verdict.retryAfterMs : null;
  const delay = retryDelayMs(attemptsMade, random);
  if (delay === null || disable !== null) return { verdict, status: 'failed', nextAttemptAt: null, pausedUntil, disable };
  return { verdict, status: 'pending', nextAttemptAt: Math.max(now + delay, pausedUntil ?? 0), pausedUntil, disable };
}
