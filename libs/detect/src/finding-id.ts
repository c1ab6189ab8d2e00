import { createHash } from 'node:crypto';

/** Deterministic: the same detector, version, entity and window give the same finding, live, in replay and in whatever process. */
export function findingId(parts: readonly (string | number)[]): string {
  return `fnd_${createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 32)}`;
}
