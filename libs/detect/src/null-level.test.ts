import type { Finding } from '@wary/model/finding.js';
import { dayOf, NULL_STREAMS, nullStream, type NullStream } from '@wary/testkit/null-streams.js';
import { describe, expect, it } from 'vitest';
import { GROWTH } from './behaviour-weights.js';
import { createEngine } from './engine.js';

const BUDGET = 5;
const DAYS = 17;
/** The first week teaches. */
const FROM_DAY = 7;

/** An alert is an entity and a reason on a day, as they are grouped. */
const alertsOf = (findings: readonly Finding[]): number => new Set(findings.filter(({ revision, time }) => revision === 0 && dayOf(time) >= FROM_DAY).map(({ entity, reason, time }) => `${entity.id}|${reason}|${dayOf(time)}`)).size;

describe('the level holds where nothing happens', () => {
  it.each(Object.keys(NULL_STREAMS) as NullStream[])('%s', (kind) => {
    const engine = createEngine({ budgetPerDay: BUDGET, seed: 1 });
    const events = nullStream(kind, { seed: 17, entities: 20, days: DAYS, perHour: 1.2 });
    const alerts = alertsOf([...engine.scoreEvents(events), ...engine.finish()]);
    // Their expected number is at most B a day; four standard deviations of a Poisson above that would be a broken level.
    const expected = BUDGET * (DAYS - FROM_DAY);
    expect(alerts).toBeLessThanOrEqual(expected + 4 * Math.sqrt(expected));
    // And with this few entities the largest level any test may have (1 in 1,000) keeps it far below.
    expect(alerts).toBeLessThanOrEqual(expected / 2);
  });

  it('what could not speak yet is no rank of growth: on working days its p is worth what it says from the first day on', () => {
    const strengths: number[] = [];
    const engine = createEngine({
      budgetPerDay: BUDGET, seed: 1, onJudged: ({ behaviour, kind, start, strength }) => {
        if (kind === 2 && behaviour === GROWTH && dayOf(start) >= 23 && dayOf(start) % 7 < 5) strengths.push(strength);
      },
    });
    engine.scoreEvents(nullStream('poisson', { seed: 23, entities: 40, days: 44, perHour: 0.25 }));
    engine.finish();
    expect(strengths.length).toBeGreaterThan(300);
    const share = strengths.filter((strength) => strength >= 1).length / strengths.length;
    // 0.1, with four standard deviations of what is independent between principals; with the days it could not speak on among the ranks it was more than twice that.
    expect(share).toBeLessThanOrEqual(0.1 + 4 * Math.sqrt((0.1 * 0.9) / strengths.length));
  });
});
