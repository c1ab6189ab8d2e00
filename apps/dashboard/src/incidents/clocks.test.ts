import { describe, expect, it } from 'vitest';
import { acknowledgeClock, resolveClock } from './clocks.js';

const fresh = { createdAt: 1_000, acknowledgedAt: null, closedAt: null, timeToAcknowledgeMs: null, timeToResolveMs: null, state: 'new' } as const;

describe('clocks', () => {
  it('run until somebody stops them', () => {
    expect(acknowledgeClock(fresh, 61_000)).toEqual({ ms: 60_000, running: true });
    expect(resolveClock(fresh, 61_000)).toEqual({ ms: 60_000, running: true });
  });
  it('stand still afterwards', () => {
    expect(acknowledgeClock({ ...fresh, timeToAcknowledgeMs: 5_000 }, 99_000)).toEqual({ ms: 5_000, running: false });
    expect(resolveClock({ ...fresh, state: 'closed', timeToResolveMs: 7_000 }, 99_000)).toEqual({ ms: 7_000, running: false });
  });
  it('says nothing of an incident that was closed unacknowledged', () => expect(acknowledgeClock({ ...fresh, state: 'closed' }, 2_000)).toBeNull());
  it('runs again after a reopening', () => expect(resolveClock({ ...fresh, state: 'triage', timeToResolveMs: 7_000 }, 3_000)).toEqual({ ms: 2_000, running: true }));
  it('never shows a negative time when clocks differ', () => expect(acknowledgeClock(fresh, 0)).toEqual({ ms: 0, running: true }));
});
