import { emptyEvent, type Event } from '@wary/model/event.js';
import { WaryError } from '@wary/model/errors.js';
import type { EventStore } from '@wary/ports/event-store.port.js';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { Taken } from './intake-lane.js';
import { PathMetrics } from './path-metrics.js';
import type { ScoreLane } from './score-lane.js';
import { StoreLane } from './store-lane.js';

const takenOf = (...ids: string[]): Taken[] => ids.map((id) => ({ event: { ...emptyEvent('native'), id }, duplicate: false }));

/** A log of record in memory that can be told to fail. */
function memoryStore(fail: Array<'before' | 'after' | undefined> = []) {
  const rows: Event[] = [];
  const tokens = new Set<string>();
  const store = {
    rows,
    insertEvents: async (events: readonly Event[], token: string) => {
      const how = fail.shift();
      if (how === 'before') throw new WaryError('store_unavailable');
      if (!tokens.has(token)) rows.push(...events.map((event) => ({ ...event })));
      tokens.add(token);
      if (how === 'after') throw new WaryError('store_unavailable');
    },
    lastSeq: async () => rows.at(-1)?.seq ?? 0,
    recentIds: async (limit: number) => rows.slice(-limit).map(({ tenant, id }) => ({ tenant, id })),
  };
  return store as typeof store & EventStore;
}

function laneOf(store: EventStore, retryDelaysMs: number[] = [1, 1]) {
  const scored: number[] = [];
  const score = { room: async () => {}, push: (events: readonly Event[]) => { scored.push(...events.map(({ seq }) => seq)); } } as unknown as ScoreLane;
  const lane = new StoreLane(store, score, new PathMetrics(new Registry(), () => 0), { batchRecordsMax: 100, queueRecordsMax: 1_000, recentIdsMax: 1_000, idSeed: 1, retryDelaysMs });
  return { lane, scored };
}

describe('StoreLane', () => {
  it('gives a strictly rising sequence, tells duplicates within and across batches, and scores in order', async () => {
    const store = memoryStore();
    const { lane, scored } = laneOf(store);
    const first = takenOf('a', 'b', 'a');
    const second = takenOf('b', 'c');
    await Promise.all([lane.add(first), lane.add(second)]);
    expect(first.map(({ duplicate }) => duplicate)).toEqual([false, false, true]);
    expect(second.map(({ duplicate }) => duplicate)).toEqual([true, false]);
    expect(store.rows.map(({ id, seq }) => [id, seq])).toEqual([['a', 1], ['b', 2], ['c', 3]]);
    expect(scored).toEqual([1, 2, 3]);
  });

  it('retries with the same rows under the same token: what was written before the error is there once', async () => {
    const store = memoryStore(['after', 'before', undefined]);
    const { lane, scored } = laneOf(store);
    await lane.add(takenOf('a', 'b'));
    expect(store.rows.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(scored).toEqual([1, 2]);
  });

  it('refuses with store_unavailable when retries are used up, scores nothing, never gives that sequence again, and takes the resend', async () => {
    const store = memoryStore(['before', 'before', 'before']);
    const { lane, scored } = laneOf(store);
    await expect(lane.add(takenOf('a'))).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(scored).toEqual([]);
    const again = takenOf('a');
    await lane.add(again);
    expect(again[0]!.duplicate).toBe(false);
    expect(store.rows.map(({ id, seq }) => [id, seq])).toEqual([['a', 2]]);
  });

  it('knows after a restart what was stored before it', async () => {
    const store = memoryStore();
    await laneOf(store).lane.add(takenOf('a', 'b'));
    const { lane } = laneOf(store);
    await lane.recover();
    const taken = takenOf('b', 'c');
    await lane.add(taken);
    expect(taken.map(({ duplicate, event }) => [duplicate, event.seq])).toEqual([[true, 0], [false, 3]]);
  });
});
