import { SUPPORTED_SOURCES } from '@wary/model/sources.js';

export type RawSource = (typeof SUPPORTED_SOURCES)[number];
/** A topic whose messages are records as a source emits them. */
export interface RawTopic { readonly topic: string; readonly source: RawSource; readonly tenant: string; /** Ours by name, and made by us where it is missing. */ readonly isOurs: boolean }

/** `wary.raw.<source>` for every source that has a mapper, and the operator's own. */
export function rawTopics(own: ReadonlyArray<Omit<RawTopic, 'isOurs'>>): RawTopic[] {
  const ours = SUPPORTED_SOURCES.map((source): RawTopic => ({ topic: `wary.raw.${source}`, source, tenant: 'default', isOurs: true }));
  const named = new Set(own.map(({ topic }) => topic));
  return [...ours.filter(({ topic }) => !named.has(topic)), ...own.map((topic) => ({ ...topic, isOurs: false }))];
}
