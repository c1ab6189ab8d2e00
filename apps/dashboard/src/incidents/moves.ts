import type { IncidentState } from '@wary/model/incident.js';

export type Move = { readonly kind: 'forward' | 'back' | 'reopen' | 'close'; readonly to: IncidentState };

/** In the order of the way. A list of its own: the model's comes with its schemas, which a browser does not need. */
export const STATES = ['new', 'triage', 'contain', 'eradicate', 'recover', 'closed'] as const satisfies readonly IncidentState[];

/**
 * The moves offered from a state: on to the next stage, back one, closing; from closed only reopening, which leads to triage.
 * The server's table decides (the test compares them); this one only spares buttons that it would refuse.
 */
export function movesFrom(state: IncidentState): Move[] {
  if (state === 'closed') return [{ kind: 'reopen', to: 'triage' }];
  const index = STATES.indexOf(state);
  const next = STATES[index + 1];
  const previous = STATES[index - 1];
  return [
    ...(next && next !== 'closed' ? [{ kind: 'forward', to: next } as const] : []),
    ...(previous ? [{ kind: 'back', to: previous } as const] : []),
    { kind: 'close', to: 'closed' },
  ];
}
