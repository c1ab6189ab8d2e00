import type { Event } from '@wary/model/event.js';
import type { Contribution } from '@wary/model/finding.js';
import { isDownload } from '@wary/model/is-download.js';

/** Where an act was seen: in what models were asked, or in what was reached beside them. */
export type Plane = 'inference' | 'access';

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

export const planeOf = (event: Event): Plane => (event.kind === 'inference' || event.genAi !== null ? 'inference' : 'access');

/** What is counted or summed, by the first part of a feature's id ("downloads.1h"): does the act add to it? */
const ADDS: Readonly<Record<string, (event: Event) => boolean>> = {
  requests: () => true,
  downloads: isDownload,
  resources: ({ resource }) => resource.id !== '',
  bytes: ({ bytes }) => (bytes ?? 0) > 0,
  rows: ({ rows }) => (rows ?? 0) > 0,
  failures: ({ outcome }) => outcome !== 'success',
  tokens: ({ genAi }) => genAi !== null && genAi.inputTokens + genAi.outputTokens > 0,
  cost: ({ cost }) => (cost ?? 0) > 0,
};

/** What is named: the value the finding shows is the act's own. */
const NAMED: Readonly<Record<string, (event: Event) => string>> = {
  resource: ({ resource }) => resource.id,
  action: ({ action }) => action,
  country: ({ client }) => client.country,
  model: ({ genAi, ml }) => genAi?.requestModel ?? ml?.model ?? '',
  tool: ({ genAi }) => genAi?.toolName ?? '',
};

function addsToIt(event: Event, { feature, observed }: Contribution): boolean {
  const parts = feature.split('.');
  const named = parts.map((part) => NAMED[part]).find((read) => read !== undefined);
  if (named !== undefined) return typeof observed === 'string' && named(event) !== '' && named(event) === observed;
  return parts.some((part) => ADDS[part]?.(event) === true);
}

/** The acts of one principal in both logs as one sequence, oldest first, with what each adds to the finding. */
export function oneSequence(events: readonly Event[], contributions: readonly Contribution[] = []): Sequence {
  const items = [...events].sort((a, b) => a.time - b.time || a.seq - b.seq).map((event) => ({ event, plane: planeOf(event), addsTo: contributions.filter((contribution) => addsToIt(event, contribution)).map(({ label }) => label) }));
  return { items, isMixed: new Set(items.map(({ plane }) => plane)).size > 1 };
}
