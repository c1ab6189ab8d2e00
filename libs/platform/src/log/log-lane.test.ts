import { emptyEvent, type Event } from '@wary/model/event.js';
import { WaryError } from '@wary/model/errors.js';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { Taken } from '../path/intake-lane.js';
import { PathMetrics } from '../path/path-metrics.js';
import { LogLane } from './log-lane.js';

const takenOf = (...ids: string[]): Taken[] => ids.map((id) => ({ event: { ...emptyEvent('native'), tenant: 't', id }, duplicate: false }));

function laneOver(fail: Array<'before' | 'after' | undefined> = []) {
  const log: string[] = [];
  const lane = new LogLane({
    append: async (events: readonly Event[]) => {
      const how = fail.shift();
      if (how === 'before') throw new WaryError('store_unavailable');
      log.push(...events.map(({ id }) => id));
      if (how === 'after') throw new WaryError('store_unavailable');
    },
  }, new PathMetrics(new Registry(), () => 0), { batchRecordsMax: 3, queueRecordsMax: 10, recentIdsMax: 100, idSeed: 1, retryDelaysMs: [0, 0] });
  return { lane, log };
}

describe('LogLane', () => {
  it('appends in order and tells resends', async () => {
    const { lane, log } = laneOver();
    const first = takenOf('a', 'b', 'a', 'c', 'd');
    await lane.add(first);
    expect(first.map(({ duplicate }) => duplicate)).toEqual([false, false, true, false, false]);
    const again = takenOf('a', 'e');
    await lane.add(again);
    expect(again.map(({ duplicate }) => duplicate)).toEqual([true, false]);
    expect(log).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('tries again; what may have gone through goes again, for readers tell it by its id', async () => {
    const { lane, log } = laneOver(['before', 'after']);
    await lane.add(takenOf('a'));
    expect(log).toEqual(['a', 'a']);
  });

  it('says so when it could not append, and takes the same events when they come again', async () => {
    const { lane, log } = laneOver(['before', 'before', 'before']);
    await expect(lane.add(takenOf('a'))).rejects.toMatchObject({ code: 'store_unavailable', retryable: true });
    expect(log).toEqual([]);
    const again = takenOf('a');
    await lane.add(again);
    expect([log, again[0]!.duplicate]).toEqual([['a'], false]);
  });

  it('refuses more than may wait before it takes anything', async () => {
    const { lane } = laneOver();
    const waits = lane.add(takenOf('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'));
    expect(() => { lane.assertRoom(3); }).toThrow(expect.objectContaining({ code: 'overloaded' }));
    await waits;
    expect(lane.pending).toBe(0);
    lane.assertRoom(3);
  });
});
