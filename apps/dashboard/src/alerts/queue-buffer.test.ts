import type { Alert } from '@wary/model/alert.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareAlerts } from './alert-filters.js';
import { appendRows, applyAlert, emptyQueue, releaseRows, replaceRows, WAITING_ALERTS_MAX, type QueueRows } from './queue-buffer.js';
import { testAlert } from './test-alert.js';

const rules = { matches: (alert: Alert) => alert.status === 'triggered', compare: compareAlerts('lastSeen') };
const at = (id: string, lastSeen: number, part: Partial<Alert> = {}) => testAlert({ id, lastSeen, ...part });
const ids = (state: QueueRows) => state.rows.map(({ id }) => id);
const loaded = replaceRows([at('c', 30), at('b', 20), at('a', 10)], null);

describe('queue rows', () => {
  it('new ones go to their place when nothing holds them', () => expect(ids(applyAlert(loaded, at('n', 25), false, rules))).toEqual(['c', 'n', 'b', 'a']));
  it('new ones wait while the queue is frozen, and come in on release', () => {
    const frozen = applyAlert(loaded, at('n', 40), true, rules);
    expect([ids(frozen), frozen.waiting.length]).toEqual([['c', 'b', 'a'], 1]);
    expect(ids(releaseRows(frozen, rules))).toEqual(['n', 'c', 'b', 'a']);
  });
  it('a changed one keeps its place while frozen, even when it no longer matches', () => {
    const frozen = applyAlert(loaded, at('b', 99, { version: 2, status: 'resolved' }), true, rules);
    expect(ids(frozen)).toEqual(['c', 'b', 'a']);
    expect(frozen.rows[1]!.status).toBe('resolved');
    expect(ids(releaseRows(frozen, rules))).toEqual(['c', 'a']);
  });
  it('an older answer never hides a newer message', () => {
    const newer = applyAlert(loaded, at('b', 20, { version: 5, assignee: 'x' }), true, rules);
    expect(applyAlert(newer, at('b', 20, { version: 4 }), true, rules)).toBe(newer);
  });
  it('what belongs to a page that is not loaded yet is left for it', () => expect(applyAlert({ ...loaded, next: 'more' }, at('z', 1), false, rules).rows).toHaveLength(3));
  it('a further page repeats nothing', () => expect(ids(appendRows(loaded, [at('a', 10), at('z', 5)], null))).toEqual(['c', 'b', 'a', 'z']));
  it('stops collecting at its limit and says so', () => {
    let state = loaded;
    for (let index = 0; index <= WAITING_ALERTS_MAX; index += 1) state = applyAlert(state, at(`n${index}`, 100 + index), true, rules);
    expect([state.waiting.length, state.waitingOverflow]).toEqual([WAITING_ALERTS_MAX, true]);
  });

  it('however it was frozen and released, it ends with the newest version of what matches, each once, in order', () => {
    const change = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), lastSeen: fc.integer({ min: 1, max: 50 }), open: fc.boolean(), frozen: fc.boolean() });
    fc.assert(fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      let state: QueueRows = { ...emptyQueue, loaded: true };
      const latest = new Map<string, Alert>();
      changes.forEach(({ id, lastSeen, open, frozen }, index) => {
        const alert = at(id, lastSeen, { version: index + 1, status: open ? 'triggered' : 'resolved' });
        const before = ids(state);
        state = applyAlert(state, alert, frozen, rules);
        if (frozen) expect(ids(state)).toEqual(before);
        latest.set(id, alert);
      });
      const wanted = [...latest.values()].filter(rules.matches).sort(rules.compare);
      expect(releaseRows(state, rules).rows).toEqual(wanted);
    }));
  });
});
