import { AlertSchema, type AlertStatus } from '@wary/model/alert.js';
import { makeExplanation, makeFinding } from '@wary/testkit/make-finding.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertIdOf, dedupKeyOf } from './alert-id.js';
import { FINDING_IDS_MAX, GROUP_GAP_MS_MAX, isNear, joinFinding, openAlert } from './apply-finding.js';

const HOUR_MS = 3_600_000;

describe('the identity of an alert', () => {
  it('follows tenant, entity, reason, history and the first finding, and nothing else', () => {
    const finding = makeFinding();
    const key = dedupKeyOf(finding);
    expect(dedupKeyOf(makeFinding({ id: 'other', strength: 99, title: 'x', detector: { id: 'volume', version: 9 } }))).toBe(key);
    for (const other of [{ tenant: 't2' }, { entity: { type: 'user', id: 'bob' } }, { entity: { type: 'key', id: 'alice' } }, { reason: 'canary' }, { historical: true }] as const) {
      expect(dedupKeyOf(makeFinding({ reason: 'volume', ...other }))).not.toBe(key);
    }
    expect(openAlert(finding, 1).id).toBe(alertIdOf(key, finding.id));
    expect(openAlert(finding, 2).id).toBe(openAlert(makeFinding({ revision: 5, strength: 20 }), 3).id);
    expect(openAlert(makeFinding({ id: 'later' }), 1).id).not.toBe(openAlert(finding, 1).id);
  });

  it('cannot be confused by separators inside names', () => {
    expect(dedupKeyOf({ tenant: 'a', entity: { type: 'user', id: 'x","r' }, reason: 's', historical: false })).not.toBe(dedupKeyOf({ tenant: 'a', entity: { type: 'user', id: 'x' }, reason: 'r","s', historical: false }));
  });

  it('opens a whole alert', () => {
    expect(AlertSchema.parse(openAlert(makeFinding(), 1_000))).toMatchObject({ status: 'triggered', findingCount: 1, version: 0 });
  });
});

describe('what a finding does to an alert', () => {
  const first = makeFinding({ strength: 6, severity: 'medium' });
  const stronger = makeFinding({ id: 'f2', time: first.time + 2 * HOUR_MS, strength: 9, severity: 'high', criticality: 3, title: 'worse', detector: { id: 'breadth', version: 2 }, explanation: makeExplanation({ summary: 'worse' }) });
  const weaker = makeFinding({ id: 'f3', time: first.time - HOUR_MS, strength: 5, severity: 'low', title: 'weaker' });

  it('a stronger one leads: its words, its strength, its severity', () => {
    expect(joinFinding(openAlert(first, 1), stronger, true)).toMatchObject({
      title: 'worse', strength: 9, severity: 'high', criticality: 3, detector: { id: 'breadth', version: 2 }, explanation: { summary: 'worse' },
      firstSeen: first.time, lastSeen: stronger.time, findingCount: 2, findingIds: [first.id, 'f2'],
    });
  });

  it('it speaks for the capabilities of all its findings, in one order whichever came first', () => {
    const speaking = (finding: typeof first, ...capabilities: string[]): typeof first => ({ ...finding, explanation: { ...finding.explanation, capabilities } });
    const [one, two] = [speaking(first, 'IN-8', 'IN-1'), speaking(stronger, 'AP-1', 'IN-1')];
    const spoken = ['IN-1', 'IN-8', 'AP-1'];
    expect(joinFinding(openAlert(one, 1), two, true).explanation).toMatchObject({ summary: 'worse', capabilities: spoken });
    expect(joinFinding(openAlert(two, 1), one, true).explanation).toMatchObject({ summary: 'worse', capabilities: spoken });
    expect(joinFinding(openAlert(one, 1), stronger, true).explanation.capabilities).toEqual(['IN-1', 'IN-8']);
    expect(joinFinding(openAlert(first, 1), stronger, true).explanation.capabilities).toBeUndefined();
  });

  it('a weaker one is counted and widens the time, no more', () => {
    expect(joinFinding(openAlert(first, 1), weaker, true)).toMatchObject({ title: first.title, strength: 6, severity: 'medium', firstSeen: weaker.time, lastSeen: first.time, findingCount: 2 });
  });

  it('a further revision replaces the words of the one before it and is not another finding', () => {
    const revised = makeFinding({ revision: 1, strength: 6, explanation: makeExplanation({ summary: 'at the close: 500' }) });
    expect(joinFinding(openAlert(first, 1), revised, false)).toMatchObject({ findingCount: 1, findingIds: [first.id], explanation: { summary: 'at the close: 500' } });
  });

  it.each<[AlertStatus, boolean]>([['triggered', true], ['acknowledged', true], ['suppressed', true], ['resolved', false]])('in %s it changes the evidence: %s, the status never', (status, changes) => {
    const alert = { ...openAlert(first, 1), status };
    const after = joinFinding(alert, stronger, false);
    expect(after.status).toBe(status);
    expect(after.strength).toBe(changes ? 9 : 6);
    if (!changes) expect(after).toBe(alert);
  });

  it('keeps the number of findings exact and the ids bounded', () => {
    let alert = openAlert(first, 1);
    for (let index = 0; index < FINDING_IDS_MAX + 5; index += 1) alert = joinFinding(alert, makeFinding({ id: `more-${index}` }), true);
    expect(alert.findingCount).toBe(FINDING_IDS_MAX + 6);
    expect(alert.findingIds).toHaveLength(FINDING_IDS_MAX);
    expect(alert.findingIds.at(-1)).toBe(`more-${FINDING_IDS_MAX + 4}`);
  });

  it('in whatever order: severity, strength, times and count are the same', () => {
    fc.assert(fc.property(fc.shuffledSubarray([first, stronger, weaker, makeFinding({ id: 'f4', severity: 'critical', strength: 4, criticality: 4 })], { minLength: 4 }), (order) => {
      const [opening, ...rest] = order;
      const alert = rest.reduce((joined, finding) => joinFinding(joined, finding, true), openAlert(opening!, 1));
      expect(alert).toMatchObject({ severity: 'critical', strength: 9, criticality: 4, findingCount: 4, title: 'worse', firstSeen: weaker.time, lastSeen: stronger.time });
    }));
  });

  it('joins what is near in event time only', () => {
    const alert = openAlert(first, 1);
    const at = (time: number) => makeFinding({ time, window: { start: time, end: time + HOUR_MS } });
    expect(isNear(alert, at(first.time + GROUP_GAP_MS_MAX))).toBe(true);
    expect(isNear(alert, at(first.time + GROUP_GAP_MS_MAX + 1))).toBe(false);
    expect(isNear(alert, at(first.time - GROUP_GAP_MS_MAX))).toBe(true);
    expect(isNear(alert, at(first.time - GROUP_GAP_MS_MAX - 1))).toBe(false);
    // A day's window that is crossed late on the next day belongs to the day before it.
    expect(isNear(alert, makeFinding({ time: first.time + 40 * HOUR_MS, window: { start: first.time + 20 * HOUR_MS, end: first.time + 44 * HOUR_MS } }))).toBe(true);
  });
});
