import type { WebhookOutcome } from '@wary/ports/channel.port.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyOutcome, RETRY_AFTER_MS_MAX } from './classify-outcome.js';
import { decideAttempt, FAILING_DISABLE_MS } from './decide-attempt.js';
import { ATTEMPTS_MAX, RETRY_DELAYS_MS, retryDelayMs } from './retry-schedule.js';

const answered = (status: number, retryAfterMs: number | null = null): WebhookOutcome => ({ kind: 'answered', status, retryAfterMs, body: '', durationMs: 1 });
const failed: WebhookOutcome = { kind: 'failed', code: 'connection', message: 'refused', durationMs: 1 };
const NOW = 1_700_000_000_000;

describe('classifyOutcome', () => {
  it('judges every status from 200 to 599', () => {
    const kinds: Record<string, number[]> = {};
    for (let status = 200; status <= 599; status += 1) (kinds[classifyOutcome(answered(status)).kind] ??= []).push(status);
    expect(kinds['delivered']).toEqual(Array.from({ length: 100 }, (_, i) => 200 + i));
    expect(kinds['gone']).toEqual([410]);
    expect(kinds['throttle']).toEqual([429, 502, 503, 504]);
    expect(kinds['retry']).toHaveLength(400 - 100 - 1 - 4);
  });

  it('says that a redirect is not followed', () => {
    expect(classifyOutcome(answered(302))).toEqual({ kind: 'retry', error: 'answered 302; redirects are not followed' });
  });

  it('takes Retry-After from those that throttle alone, up to a day', () => {
    expect(classifyOutcome(answered(429, 90_000))).toMatchObject({ retryAfterMs: 90_000 });
    expect(classifyOutcome(answered(503, 1e12))).toMatchObject({ retryAfterMs: RETRY_AFTER_MS_MAX });
    expect(classifyOutcome(answered(500, 90_000))).toEqual({ kind: 'retry', error: 'answered 500' });
  });
});

describe('decideAttempt', () => {
  it('an endpoint that is down for 76 hours: ten attempts on the schedule within its jitter, then failed', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 10, maxLength: 10 }), fc.constantFrom(failed, answered(500), answered(503), answered(302)), (randoms, outcome) => {
      let now = NOW;
      const waits: number[] = [];
      for (let attempt = 1; ; attempt += 1) {
        const decision = decideAttempt({ outcome, attemptsMade: attempt, failingSince: attempt === 1 ? null : NOW, now, random: randoms[attempt - 1]! });
        if (decision.status !== 'pending') {
          expect(decision).toMatchObject({ status: 'failed', nextAttemptAt: null, disable: null });
          expect(attempt).toBe(ATTEMPTS_MAX);
          break;
        }
        waits.push(decision.nextAttemptAt! - now);
        now = decision.nextAttemptAt!;
      }
      waits.forEach((wait, index) => {
        const planned = RETRY_DELAYS_MS[index + 1]!;
        expect(Math.abs(wait - planned)).toBeLessThanOrEqual(planned * 0.1 + 1);
      });
    }));
    expect(RETRY_DELAYS_MS.reduce((sum, delay) => sum + delay, 0)).toBe(((75 * 60 + 35) * 60 + 5) * 1_000);
    expect(retryDelayMs(1, 0)).toBe(4_500);
    expect(retryDelayMs(ATTEMPTS_MAX, 0.5)).toBeNull();
  });

  it.each([
    ['204 delivers', answered(204), 1, null, { status: 'succeeded', nextAttemptAt: null, pausedUntil: null, disable: null }],
    ['410 ends it and the endpoint', answered(410), 1, null, { status: 'failed', nextAttemptAt: null, disable: 'gone' }],
    ['429 with Retry-After pauses the endpoint', answered(429, 120_000), 1, null, { status: 'pending', nextAttemptAt: NOW + 120_000, pausedUntil: NOW + 120_000 }],
    ['a Retry-After below the schedule does not hurry', answered(503, 1_000), 2, null, { status: 'pending', nextAttemptAt: NOW + 300_000, pausedUntil: NOW + 1_000 }],
    ['503 without Retry-After keeps the schedule', answered(503), 1, null, { status: 'pending', nextAttemptAt: NOW + 5_000, pausedUntil: null }],
    ['a short failure switches nothing off', failed, 1, NOW - FAILING_DISABLE_MS + 1, { status: 'pending', disable: null }],
    ['five days of failures switch it off', failed, 1, NOW - FAILING_DISABLE_MS, { status: 'failed', nextAttemptAt: null, disable: 'failing' }],
    ['a success after five days of failures does not', answered(200), 1, NOW - FAILING_DISABLE_MS, { status: 'succeeded', disable: null }],
  ] as const)('%s', (_name, outcome, attemptsMade, failingSince, expected) => {
    expect(decideAttempt({ outcome, attemptsMade, failingSince, now: NOW, random: 0.5 })).toMatchObject(expected);
  });
});
