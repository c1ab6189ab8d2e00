import type { Incident } from '@wary/model/incident.js';

export interface ClockReading { readonly ms: number; readonly running: boolean }

type Times = Pick<Incident, 'createdAt' | 'acknowledgedAt' | 'closedAt' | 'timeToAcknowledgeMs' | 'timeToResolveMs' | 'state'>;

/** Time until somebody took it, or the time it has waited so far. An incident closed without that has no such time. */
export function acknowledgeClock(incident: Times, now: number): ClockReading | null {
  if (incident.timeToAcknowledgeMs !== null) return { ms: incident.timeToAcknowledgeMs, running: false };
  return incident.state === 'closed' ? null : { ms: Math.max(0, now - incident.createdAt), running: true };
}
export function resolveClock(incident: Times, now: number): ClockReading {
  if (incident.timeToResolveMs !== null && incident.state === 'closed') return { ms: incident.timeToResolveMs, running: false };
  return { ms: Math.max(0, now - incident.createdAt), running: true };
}
