import { describe, expect, it } from 'vitest';
import { groupByScope, scopeOf, scopeWords } from './suppression-scopes.js';
import { testAlert } from './test-alert.js';

const alerts = [testAlert({ id: 'a1' }), testAlert({ id: 'a2', reason: 'canary' }), testAlert({ id: 'a3', entity: { type: 'key', id: 'alice' } }), testAlert({ id: 'a4' })];
const ids = (choice: 'pair' | 'entity' | 'reason') => groupByScope(alerts, choice).map((group) => group.alerts.map(({ id }) => id));

describe('suppression scopes', () => {
  it('group alerts that one scope hides', () => {
    expect(ids('pair')).toEqual([['a1', 'a4'], ['a2'], ['a3']]);
    expect(ids('entity')).toEqual([['a1', 'a2', 'a4'], ['a3']]);
    expect(ids('reason')).toEqual([['a1', 'a3', 'a4'], ['a2']]);
  });
  it('are said in words', () => {
    expect((['pair', 'entity', 'reason'] as const).map((choice) => scopeWords(scopeOf(alerts[1]!, choice)))).toEqual(['Canary of alice', 'Everything of alice', 'Canary of everybody']);
  });
});
