import type { Finding } from '@wary/model/finding.js';
import { dayOf, NULL_STREAMS, nullStream, type NullStream } from '@wary/testkit/null-streams.js';
import { describe, expect, it } from 'vitest';
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
});
