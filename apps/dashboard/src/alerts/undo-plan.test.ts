import { describe, expect, it } from 'vitest';
import { testAlert } from './test-alert.js';
import { undoOf } from './undo-plan.js';

const before = [testAlert({ id: 'a1', assignee: 'bob@x' }), testAlert({ id: 'a2' }), testAlert({ id: 'a3', assignee: 'bob@x' })];

describe('undoOf', () => {
  it('reopens what was resolved', () => {
    const after = before.map((alert) => ({ ...alert, status: 'resolved' as const, version: 2 }));
    expect(undoOf({ kind: 'resolve', verdict: 'duplicate', reason: 'r' }, before, after)).toEqual({ plans: [{ alerts: after, act: { kind: 'reopen' } }], suppressionIds: [] });
  });
  it('gives each alert back to whom it belonged', () => {
    const after = before.map((alert) => ({ ...alert, assignee: 'me@x' }));
    expect(undoOf({ kind: 'assign', assignee: 'me@x' }, before, after)?.plans.map(({ alerts, act }) => [alerts.map(({ id }) => id), act])).toEqual([
      [['a1', 'a3'], { kind: 'assign', assignee: 'bob@x' }], [['a2'], { kind: 'assign', assignee: null }],
    ]);
  });
  it('offers nothing when nothing changed hands', () => expect(undoOf({ kind: 'assign', assignee: 'bob@x' }, [before[0]!], [before[0]!])).toBeNull());
  it('ends each suppression once', () => {
    const after = before.map((alert) => ({ ...alert, suppressionId: alert.id === 'a2' ? 's2' : 's1' }));
    expect(undoOf({ kind: 'suppress', scope: { reason: 'volume' }, until: 1, reason: 'r' }, before, after)).toEqual({ plans: [], suppressionIds: ['s1', 's2'] });
  });
  it.each([{ kind: 'acknowledge' }, { kind: 'reopen' }, { kind: 'notes', text: 'n' }] as const)('$kind cannot be taken back', (act) => expect(undoOf(act, before, before)).toBeNull());
});
