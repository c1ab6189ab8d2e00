import { emptyEvent, type Event } from '@wary/model/event.js';
import { FindingSchema } from '@wary/model/finding.js';
import { describe, expect, it } from 'vitest';
import { createEngine, type Engine } from './engine.js';
import type { RuleFacts, RuleMatch, RuleRunner } from './rule-stage.js';

const START = Date.parse('2026-11-25T09:00:00Z');
const RULE: RuleFacts = { id: 'r1', version: 1, title: 'Third refusal', description: 'Three refusals.', severity: 'high', techniques: [{ framework: 'ATT&CK', id: 'T1110', name: 'Brute Force', version: '17.1' }], duties: ['GDPR 32'], runbook: 'Ask.' };

/** Holds at every third refusal; its count is its state. */
function counting(rule = RULE): RuleRunner & { seen: string[] } {
  let seen: string[] = [];
  return {
    get seen() { return seen; },
    observe(event: Event): readonly RuleMatch[] {
      if (event.outcome !== 'denied') return [];
      seen.push(event.id);
      if (seen.length < 3) return [];
      const ids = seen;
      seen = [];
      return [{ rule, time: event.time, event: { id: event.id, entity: event.principal, criticality: event.criticality, flags: event.flags }, eventIds: ids, explain: () => [{ selection: 's', field: 'outcome', value: 'denied', pattern: 'denied' }], group: 'g' }];
    },
    dump: () => [...seen],
    load: (state) => { seen = [...(state as string[])]; },
  };
}
const engineWith = (runner: RuleRunner): Engine => createEngine({ budgetPerDay: 5, seed: 1, rulesOf: () => runner });
const events = (from: number, count: number): Event[] => Array.from({ length: count }, (_, index): Event => ({
  ...emptyEvent('native'), id: `e${from + index}`, seq: from + index, time: START + (from + index) * 1_000, action: 'read', outcome: 'denied', principal: { type: 'user', id: 'eva' },
}));

describe('the stage of rules', () => {
  it('makes a finding as a detector does, outside of the budget', () => {
    const [finding, ...more] = engineWith(counting()).scoreEvents(events(1, 3));
    expect(more).toEqual([]);
    expect(FindingSchema.safeParse(finding).error).toBeUndefined();
    expect(finding).toMatchObject({
      detector: { id: 'rule:r1', version: 1 }, reason: 'rule:r1', title: 'Third refusal', severity: 'high', deterministic: true, p: null, entity: { type: 'user', id: 'eva' }, revision: 0, closed: false,
      explanation: { observed: null, expected: null, unlikely: null, calibration: 'deterministic', runbook: 'Ask.', duties: ['GDPR 32'], eventIds: ['e1', 'e2', 'e3'], matched: [{ selection: 's', field: 'outcome', value: 'denied', pattern: 'denied' }], techniques: [{ id: 'T1110' }] },
    });
  });

  it('gives the same ids again, one finding a day for each group, with further revisions', () => {
    const ids = (): string[] => engineWith(counting()).scoreEvents(events(1, 12)).map(({ id, revision }) => `${id}/${revision}`);
    expect(ids()).toEqual(ids());
    expect(new Set(ids().map((each) => each.split('/')[0])).size).toBe(1);
    // Replayed under a later version of the rule it is the same finding, not a second one.
    expect(engineWith(counting({ ...RULE, version: 2 })).scoreEvents(events(1, 3))[0]!.id).toBe(engineWith(counting()).scoreEvents(events(1, 3))[0]!.id);
  });

  it('counts what repeats without explaining it again, and tells it at each doubling and at the end of the day', () => {
    let explained = 0;
    const each: RuleRunner = { ...counting(), observe: (event) => [{ rule: RULE, time: event.time, event: { id: event.id, entity: event.principal, criticality: event.criticality, flags: event.flags }, eventIds: [event.id], explain: () => { explained += 1; return []; }, group: '' }] };
    const engine = engineWith(each);
    const told = engine.scoreEvents(events(1, 100));
    expect(told.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(explained).toBe(7);
    const snapshot = engineWith(each);
    snapshot.restore(engine.dump());
    for (const one of [engine, snapshot]) {
      const [last] = one.finish().filter(({ closed }) => closed);
      expect(last).toMatchObject({ revision: 7, closed: true, time: START + 100_000, seq: 100 });
      expect(last!.explanation.summary).toContain('It is the 100th time on this day.');
      expect(last!.explanation.eventIds).toEqual(['e1', ...Array.from({ length: 16 }, (_, n) => `e${85 + n}`)]);
    }
  });

  it('has its windows in the snapshot', () => {
    const first = engineWith(counting());
    expect(first.scoreEvents(events(1, 2))).toEqual([]);
    const second = engineWith(counting());
    expect(second.restore(first.dump())).toBe(true);
    expect(second.scoreEvents(events(3, 1)).map(({ explanation }) => explanation.eventIds)).toEqual([['e1', 'e2', 'e3']]);
    // Replayed events are known and counted once.
    expect(second.scoreEvents(events(1, 3))).toEqual([]);
  });

  it('tells of a window that ended by its own event, not by the one under way', () => {
    const late: RuleRunner = { ...counting(), observe: (event) => (event.id !== 'e2' ? [] : [{ rule: RULE, time: START + 500, event: { id: 'e1', entity: { type: 'user', id: 'ben' }, criticality: 3, flags: 0 }, eventIds: ['e0', 'e1'], explain: () => [], group: '' }]) };
    const [finding] = engineWith(late).scoreEvents(events(1, 2));
    expect(finding).toMatchObject({ entity: { id: 'ben' }, time: START + 500, criticality: 3, seq: 2, explanation: { eventIds: ['e0', 'e1'], contributions: [] } });
  });
});
