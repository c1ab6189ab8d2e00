import type { Event } from './event.js';

/**
 * Marks are events about somebody, not by somebody: they belong to the principal that their resource names, and nobody's behaviour has them.
 * `release`: a service or an agent runs another version (`lifecycle` / `release`). `move`: a person changes the department; `status`: any other
 * state of a person (`identity` / `status`, `attributes."hr.status"`). `rebaseline`: an operator's act (`lifecycle` / `rebaseline`).
 */
export type MarkKind = 'release' | 'move' | 'rebaseline' | 'status';

export function markOf({ kind, action, attributes }: Pick<Event, 'kind' | 'action' | 'attributes'>): MarkKind | null {
  if (kind === 'lifecycle') return action === 'release' || action === 'rebaseline' ? action : null;
  if (kind !== 'identity' || action !== 'status') return null;
  return attributes['hr.status'] === 'moved' ? 'move' : 'status';
}
