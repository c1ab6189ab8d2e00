import { EVENT_FLAG, type Event } from '@wary/model/event.js';
import { buildEvent, inTimeOrder } from '@wary/testkit/event-builder.js';
import { OFFICE_START, officeStream } from '@wary/testkit/office-stream.js';
import { describe, expect, it } from 'vitest';
import { createEngine } from './engine.js';
import { ENTITY_BYTES } from './entity-layout.js';
import { EntityState } from './entity-state.js';
import { WINDOWS_BUDGET_SHARE } from './level-ledger.js';
import { Slab } from './slab.js';
import { isLeavingNow, levelUnits, takeStatus } from './watched-status.js';

const DAY = 86_400_000;
/** So little that no level comes near the most that one test may have. */
const BUDGET = 0.2;
const WATCHED = 'user-4';
/** Friday of the second week: when the fourth ends, all days that a forecast looks at know of it. */
const TOLD = OFFICE_START + 11 * DAY + 3_600_000;
const office = officeStream({ seed: 9, users: 16, days: 26, requestsPerHour: 1.5 });
const status = (told: string, time = TOLD, effective = ''): Event => buildEvent({ id: `hr-${told}-${time}`, time, kind: 'identity', action: 'status', flags: EVENT_FLAG.mark, actor: { id: 'hr-feed', type: 'service' }, principal: { type: 'user', id: WATCHED }, resource: { id: WATCHED, type: 'user' }, attributes: { 'hr.status': told, ...(effective === '' ? {} : { 'hr.effective': effective }) } });

/** Levels of the fourth week's last days: of the watched one a window, of the others a window, and of all a day. */
function levels(...marks: readonly Event[]): { watched: number; others: number; days: number[] } {
  const [mine, theirs] = [{ sum: 0, n: 0 }, { sum: 0, n: 0 }];
  const days = new Map<number, number>();
  const engine = createEngine({ budgetPerDay: BUDGET, seed: 1, onJudged: ({ entity, kind, start, level }) => {
    const day = Math.floor(start / DAY);
    days.set(day, (days.get(day) ?? 0) + level);
    if (kind !== 1 || start < OFFICE_START + 23 * DAY) return;
    const one = entity === WATCHED ? mine : theirs;
    one.sum += level;
    one.n += 1;
  } });
  engine.scoreEvents(inTimeOrder([...office, ...marks]));
  engine.finish();
  return { watched: mine.sum / mine.n, others: theirs.sum / theirs.n, days: [...days].filter(([day]) => day * DAY >= OFFICE_START + 23 * DAY).sort(([a], [b]) => a - b).map(([, sum]) => sum) };
}

describe('what the people feed says about somebody', () => {
  const before = levels();
  it('nobody says anything: all draw alike', () => expect(before.watched / before.others).toBeCloseTo(1, 1));

  it.each([['notice', 4], ['moved', 2]] as const)('%s: so many times the level, at the cost of the others; the sum stays', (told, times) => {
    const after = levels(status(told));
    const ratio = after.watched / after.others;
    expect(ratio).toBeGreaterThan(0.8 * times);
    expect(ratio).toBeLessThan(1.2 * times);
    expect(after.others).toBeLessThan(before.others);
    expect(after.days).toHaveLength(before.days.length);
    for (const [at, sum] of after.days.entries()) {
      expect(sum).toBeLessThanOrEqual(BUDGET * WINDOWS_BUDGET_SHARE);
      expect(Math.abs(sum / before.days[at]! - 1)).toBeLessThan(0.06);
    }
  });

  it('ends when the feed says so', () => {
    const ended = levels(status('notice'), status('', TOLD + DAY));
    expect(ended.watched / ended.others).toBeCloseTo(before.watched / before.others, 1);
  });

  it.each([['notice', '', 180, 4], ['left', '', 180, 4], ['moved', '', 90, 2], ['moved', '2026-10-18', 120, 2], ['notice', '9999-01-01', 366 + 180, 4], ['joined', '', 0, 1], [7, '', 0, 1]] as const)('%s, effective %j: %i days, %i times', (told, effective, days, units) => {
    const slab = new Slab(ENTITY_BYTES);
    const entity = new EntityState(slab, slab.alloc());
    const time = Date.UTC(2026, 8, 18);
    takeStatus(entity, { ...status(told as string, time, effective), attributes: { 'hr.status': told, 'hr.effective': effective } });
    expect([0, days - 1, days].map((day) => levelUnits(entity, '', time + day * DAY))).toEqual(days === 0 ? [1, 1, 1] : [units, units, 1]);
    expect(levelUnits(entity, 'leaving', time + 999 * DAY)).toBe(4);
    expect(isLeavingNow(entity, '', time + DAY)).toBe(units === 4);
  });
});
