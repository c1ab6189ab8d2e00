import { INCIDENT_TRANSITIONS } from '@wary/incident/incident-transition.js';
import { INCIDENT_STATES } from '@wary/model/incident.js';
import { expect, it } from 'vitest';
import { movesFrom, STATES } from './moves.js';

it.each([
  ['new', ['forward triage', 'close closed']],
  ['triage', ['forward contain', 'back new', 'close closed']],
  ['contain', ['forward eradicate', 'back triage', 'close closed']],
  ['eradicate', ['forward recover', 'back contain', 'close closed']],
  ['recover', ['back eradicate', 'close closed']],
  ['closed', ['reopen triage']],
] as const)('%s → %j', (state, moves) => expect(movesFrom(state).map(({ kind, to }) => `${kind} ${to}`)).toEqual(moves));

it('offers exactly what the server allows', () => {
  expect(STATES).toEqual(INCIDENT_STATES);
  for (const state of STATES) expect(movesFrom(state).map(({ to }) => to).sort()).toEqual([...INCIDENT_TRANSITIONS[state]].sort());
});
