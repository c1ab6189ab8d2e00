import { massDownload, officeHistory } from '../../e2e/support/office-week.js';

export interface Sent { readonly id: string; readonly time: number; readonly actor: { readonly id: string } }

/** Downloads of a theft. */
const THEFT_EVENTS = 40;
const HOUR_MS = 3_600_000;
const WINDOW_MS = 4 * 60_000;

export interface HourOfThefts {
  readonly history: Sent[];
  /** So many thefts within four minutes that begin `fromMs` from now. */
  readonly thefts: (count: number, fromMs: number) => Sent[][];
  /**
   * The same with somebody in each whom nobody knows and to whom a tool gives a password. The thieves have their alerts soon; a stranger is a
   * new one each time, so that each batch has an alert of its own.
   */
  readonly theftsAndStrangers: (count: number, fromMs: number) => Sent[][];
}

/** Two weeks of an office, and thefts in it: all of them within one event-time hour, and none of them an hour old before the end. */
export function hourOfThefts(people: readonly string[]): HourOfThefts {
  const base = ((now) => (now % HOUR_MS > HOUR_MS - 6 * 60_000 ? now - 6 * 60_000 : now))(Date.now());
  const timeOf = (batch: number, count: number, fromMs: number): number => base + fromMs + Math.floor((batch / count) * WINDOW_MS);
  const theft = (batch: number, until: number): Sent[] => (massDownload(until, people[batch % people.length]!, THEFT_EVENTS) as Sent[]).map((event, index) => ({ ...event, id: `live-${batch}-${index}`, time: until - (THEFT_EVENTS - index) * 100 }));
  return {
    history: officeHistory(base, 14, people).map((event, index) => ({ id: `history-${index}`, ...event })) as Sent[],
    thefts: (count, fromMs) => Array.from({ length: count }, (_, batch) => theft(batch, timeOf(batch, count, fromMs))),
    theftsAndStrangers: (count, fromMs) => Array.from({ length: count }, (_, batch) => {
      const time = timeOf(batch, count, fromMs);
      return [...theft(batch, time), stranger(batch, time)];
    }),
  };
}

const stranger = (batch: number, time: number): Sent => ({ id: `stranger-${batch}`, time, kind: 'access', action: 'read', actor: { id: `stranger-${batch}`, type: 'user', group: 'sales' }, resource: { id: 'wiki/1', type: 'document' }, gen_ai: { 'tool.call.result': { password: 'correcthorse' } } } as Sent);
