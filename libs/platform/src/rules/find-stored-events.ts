import type { Event } from '@wary/model/event.js';
import type { EventSearch } from '@wary/ports/event-search.port.js';
import type { EventStore } from '@wary/ports/event-store.port.js';
import type { EventRecord } from '@wary/rules/events/field-values.js';
import type { SigmaRule } from '@wary/rules/language/rule-model.js';
import { LiveMatcher } from '@wary/rules/live/live-matcher.js';
import { SOURCE_PIPELINES } from '@wary/rules/live/source-record.js';
import { readPipeline } from '@wary/rules/pipeline/read-pipeline.js';
import { READY_PIPELINES } from '@wary/rules/pipeline/ready-pipelines.js';
import { searchStored, type SourceRecords } from '@wary/rules/sql/search-stored.js';

const PAGE_EVENTS = 200;
/** Their records are rewritten before rules see them, so SQL cannot look into them. */
const WRITES_LINES: ReadonlySet<string> = new Set(['nginx', 'apache']);

export interface StoredHistory { readonly events: Pick<EventStore, 'find'>; readonly search: EventSearch }
export interface StoredRange {
  readonly tenant: string;
  readonly from: number;
  readonly to: number;
  readonly signal: AbortSignal;
  /** Events searched so far, of how many. */
  readonly onProgress: (searched: number, total: number) => void;
}

/**
 * Stored events that any of the rules matches, in the order of their time, slice by slice; at last the newest event of the range, whether
 * it matches or not, because its time closes windows. What else happened says nothing to the rules. This is the one place where rules
 * read history: SQL finds the events, the live matcher judges them.
 */
export async function* findStoredEvents({ events, search }: StoredHistory, rules: readonly SigmaRule[], { tenant, from, to, signal, onProgress }: StoredRange): AsyncGenerator<Event[]> {
  const load = async (ids: readonly string[], slice: { readonly from: number; readonly to: number }): Promise<Event[]> => {
    const found: Event[] = [];
    for (let start = 0; start < ids.length; start += PAGE_EVENTS) found.push(...(await events.find({ tenant, ids: ids.slice(start, start + PAGE_EVENTS), ...slice, limit: PAGE_EVENTS })).items);
    return found;
  };
  const matcher = new LiveMatcher(rules);
  const found = searchStored(search, {
    rules, tenant, from, to, signal, onProgress: ({ events: searched, eventsTotal }) => { onProgress(searched, eventsTotal); },
    load: async (ids, slice) => (await load(ids, slice)) as unknown as (EventRecord & { readonly id: string })[],
    foreign: { sources: foreignSources(), match: (event) => matcher.match(event as unknown as Event) },
  });
  let last: Event | null = null;
  for await (const matches of found) {
    const [first, end] = [matches[0]!.time, matches.at(-1)!.time + 1];
    const loaded = new Map((await load([...new Set(matches.map(({ id }) => id))], { from: first, to: end })).map((event) => [`${event.id}\u0000${event.time}`, event]));
    const slice = matches.flatMap(({ id, time }) => loaded.get(`${id}\u0000${time}`) ?? []);
    last = slice.at(-1) ?? last;
    yield slice;
  }
  const [newest] = (await events.find({ tenant, from, to, limit: 1 })).items;
  if (newest !== undefined && newest.id !== last?.id) yield [newest];
}

const foreignSources = (): SourceRecords[] => Object.entries(SOURCE_PIPELINES).map(([source, names]) => ({
  source, isJson: !WRITES_LINES.has(source), pipelines: names.map((name) => ({ ...readPipeline(READY_PIPELINES[name]!, name), accepts: [] })),
}));
