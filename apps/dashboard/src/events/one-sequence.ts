import { contributes, planeOf, type Plane } from '@wary/detect/contributes.js';
import type { Event } from '@wary/model/event.js';
import type { Contribution } from '@wary/model/finding.js';

export type { Plane };

export interface SequenceItem {
  readonly event: Event;
  readonly plane: Plane;
  /** Labels of the contributions of the finding that this act adds to. */
  readonly addsTo: readonly string[];
}

export interface Sequence {
  readonly items: readonly SequenceItem[];
  /** Acts of both planes are in it: then each says which it is of. */
  readonly isMixed: boolean;
}

/** The acts of one principal in both logs as one sequence, oldest first, with what each adds to the finding, as the detectors say. */
export function oneSequence(events: readonly Event[], contributions: readonly Contribution[] = []): Sequence {
  const items = [...events].sort((a, b) => a.time - b.time || a.seq - b.seq).map((event) => ({ event, plane: planeOf(event), addsTo: contributions.filter((contribution) => contributes(event, contribution)).map(({ label }) => label) }));
  return { items, isMixed: new Set(items.map(({ plane }) => plane)).size > 1 };
}
