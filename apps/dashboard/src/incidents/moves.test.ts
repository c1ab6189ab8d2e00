import { expect, it } from 'vitest';
import { movesFrom } from './moves.js';

it.each([
  ['new', ['forward triage', 'close closed']],
  ['triage', ['forward contain', 'close closed']],
  ['contain', ['forward eradicate', 'back triage', 'close closed']],
  ['eradicate', ['forward recover', 'back contain', 'close closed']],
  ['recover', ['back eradicate', 'close closed']],
  ['closed', ['reopen triage']],
] as const)('%s → %j', (state, moves) => expect(movesFrom(state).map(({ kind, to }) => `${kind} ${to}`)).toEqual(moves));
