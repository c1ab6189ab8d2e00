import type { Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { buildEvent, inTimeOrder } from '@wary/testkit/event-builder.js';
import { OFFICE_START, officeStream } from '@wary/testkit/office-stream.js';
import { contradictions, finalFindings, runPartitioned, runWhole } from '@wary/testkit/partitioned-run.js';
import { describe, expect, it } from 'vitest';
import { createEngine, type Engine } from '../engine.js';
import { CAMPAIGN_BUDGET_SHARE } from '../level-ledger.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const OPTIONS = { budgetPerDay: 5, seed: 1 } as const;
const USERS = 40;
const DAYS = 31;
/** A Thursday in the fourth week. */
const THURSDAY = 24;

const office = (seed: number, days = DAYS): Event[] => officeStream({ seed, users: USERS, days, requestsPerHour: 1.2 });
const campaigns = (findings: readonly Finding[]): Finding[] => findings.filter(({ detector }) => detector.id === 'campaign');
/** A day or two of `people`, by a client program that only they use. */
function failing(day: number, hour: number, people: number, each: number, client: Partial<Event['client']>, outcome: Event['outcome'] = 'denied'): Event[] {
  return Array.from({ length: people * each }, (_, n) => {
    const id = `user-${(n % people) * 3}`;
    const group = `team-${((n % people) * 3) % 3}`;
    return buildEvent({ id: `try-${day}-${hour}-${n}`, time: OFFICE_START + day * DAY_MS + hour * HOUR_MS + (n * 40 * 60_000) / (people * each), outcome, actor: { id, group }, peerGroup: group, client: { country: 'DE', asn: 3_001, userAgent: 'office-client/3', ...client }, resource: { id: `files/${id}/0`, type: 'file' } });
  });
}
function found(events: readonly Event[]): { readonly all: Finding[]; readonly engine: Engine } {
  const engine = createEngine(OPTIONS);
  return { all: engine.scoreEvents(inTimeOrder(events)), engine };
}

describe('campaigns over many', () => {
  it('finds one failure each by a dozen from one network, of whom nobody is told alone, and names them', () => {
    const { all } = found([...office(11), ...failing(THURSDAY, 10, 12, 1, { asn: 64_512 })]);
    const [campaign, ...more] = campaigns(all);
    expect(more).toEqual([]);
    expect(campaign).toMatchObject({ entity: { type: 'network', id: 'AS64512' }, revision: 0, deterministic: false, window: { start: OFFICE_START + THURSDAY * DAY_MS + 10 * HOUR_MS } });
    const { summary, observed, contributions, eventIds, counterfactual } = campaign!.explanation;
    expect(observed).toBe(12);
    expect(summary).toMatch(/^12 of the 12 that used the network AS64512 .*unusually many failures.*and 7 more\.$/);
    expect(contributions.map(({ label }) => label)).toContain('unusually many failures of user-12');
    expect(eventIds).toEqual(expect.arrayContaining([`try-${THURSDAY}-10-0`, `try-${THURSDAY}-10-11`]));
    expect(campaign!.strength).toBeGreaterThan(5);
    // Each for itself was below its level.
    expect(all.filter(({ detector, window }) => detector.id === 'failures' && window.start >= OFFICE_START + THURSDAY * DAY_MS && window.end <= OFFICE_START + (THURSDAY + 1) * DAY_MS)).toEqual([]);
    // As few as it says would have been quiet, and one more would not.
    const quiet = counterfactual!.value as number;
    const inHours = (all: readonly Finding[]): Finding[] => campaigns(all).filter(({ window, entity }) => window.end - window.start === HOUR_MS && entity.type === 'network');
    expect(inHours(found([...office(11), ...failing(THURSDAY, 10, quiet, 1, { asn: 64_512 }), ...failing(THURSDAY, 10, 12, 1, { asn: 64_512 }, 'success').slice(quiet)]).all)).toEqual([]);
    expect(inHours(found([...office(11), ...failing(THURSDAY, 10, quiet + 1, 1, { asn: 64_512 }), ...failing(THURSDAY, 10, 12, 1, { asn: 64_512 }, 'success').slice(quiet + 1)]).all)).toHaveLength(1);
  });

  it('takes what happens to everybody for no campaign', () => {
    const outage = (event: Event): Event => (event.time >= OFFICE_START + THURSDAY * DAY_MS + 10 * HOUR_MS && event.time < OFFICE_START + THURSDAY * DAY_MS + 13 * HOUR_MS ? { ...event, outcome: 'failure' } : event);
    const { all } = found(office(12).map(outage));
    expect(all.some(({ detector }) => detector.id === 'failures')).toBe(true);
    expect(campaigns(all)).toEqual([]);
  });

  it('adds up what is too little on every day', () => {
    const days = [21, 22, 23, 24, 25, 28, 29];
    const kit = { userAgent: 'kit/1' };
    // Each day other four of the twelve that use the program fail twice, hours apart.
    const slow = days.flatMap((day, index) => [...failing(day, 9, 12, 1, kit, 'success'), ...[10, 11, 12, 13, 14, 15, 16, 17].flatMap((hour) => failing(day, hour, 12, 1, kit).filter(({ actor }) => Number(actor.id.slice(5)) / 3 === (hour % 4) * 3 + (index % 3)))]);
    const [campaign, ...more] = campaigns(found([...office(13), ...slow]).all);
    expect(campaign).toMatchObject({ entity: { type: 'application', id: 'kit' }, p: null });
    expect(campaign!.explanation.summary).toMatch(/over \d days together/);
    expect(campaign!.window.end - campaign!.window.start).toBe(DAY_MS);
    expect(more.every(({ id }) => id === campaign!.id)).toBe(true);
    expect(campaigns(found([...office(13), ...slow.filter(({ time }) => time < OFFICE_START + 22 * DAY_MS)]).all)).toEqual([]);
  });

  it('stays within its share of the budget where nothing happens', () => {
    let raised = 0;
    const days = 56;
    const seeds = [21, 22];
    for (const seed of seeds) raised += campaigns(found(office(seed, days)).all).filter(({ revision }) => revision === 0).length;
    expect(raised).toBeLessThanOrEqual(OPTIONS.budgetPerDay * CAMPAIGN_BUDGET_SHARE * days * seeds.length);
  });

  it('is found by any number of partitions alike, and said once', () => {
    const events = inTimeOrder([...office(11, 25), ...failing(THURSDAY, 10, 12, 1, { asn: 64_512 })]);
    const whole = finalFindings(runWhole(events, OPTIONS));
    const { findings, engines } = runPartitioned({ events, partitions: 2, engine: OPTIONS, seed: 8, crashPercent: 0.5 });
    expect(contradictions(findings)).toEqual([]);
    expect(engines.map(({ stats }) => stats.divergedHours)).toEqual([0, 0]);
    expect(new Set(campaigns(findings).map(({ id }) => id)).size).toBe(1);
    expect(finalFindings(findings)).toEqual(whole);
  });
});
