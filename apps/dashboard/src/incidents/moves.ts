import { INCIDENT_STATES, type IncidentState } from '@wary/model/incident.js';

export type Move = { readonly kind: 'forward' | 'back' | 'reopen' | 'close'; readonly to: IncidentState };

const STAGES = INCIDENT_STATES.filter((state) => state !== 'closed');

/**
 * The moves offered from a state: on to the next stage, back one, closing; from closed only reopening, which leads to triage.
 * The server's table decides; this one only spares buttons that it would refuse.
 */
export function movesFrom(state: IncidentState): Move[] {
  if (state === 'closed') return [{ kind: 'reopen', to: 'triage' }];
  const index = STAGES.indexOf(state);
  const next = STAGES[index + 1];
  const previous = index >= 2 ? STAGES[index - 1] : undefined;
  return [
    ...(next ? [{ kind: 'forward', to: next } as const] : []),
    ...(previous ? [{ kind: 'back', to: previous } as const] : []),
    { kind: 'close', to: 'closed' },
  ];
}
