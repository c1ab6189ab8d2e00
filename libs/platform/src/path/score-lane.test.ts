import type { Engine } from '@wary/detect/engine.js';
import { emptyEvent, type Event } from '@wary/model/event.js';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { PathMetrics } from './path-metrics.js';
import { ScoreLane, type ScoreLaneParts } from './score-lane.js';

const eventOf = (seq: number): Event => ({ ...emptyEvent('native'), id: `e${seq}`, seq });

function laneOf(over: { scoreEvents?: (events: readonly Event[]) => never[]; restore?: () => boolean; stored?: Event[] } = {}) {
  const saved: number[] = [];
  const fatal: unknown[] = [];
  const scored: number[] = [];
  let lastSeq = 0;
  const engine = {
    scoreEvents: (events: readonly Event[]) => {
      over.scoreEvents?.(events);
      for (const { seq } of events) { scored.push(seq); lastSeq = seq; }
      return [];
    },
    get lastSeq() { return lastSeq; }, dump: () => new Uint8Array(8), restore: over.restore ?? (() => true),
  } as unknown as Engine;
  const lane = new ScoreLane({
    engine, clock: { now: () => 0 }, metrics: new PathMetrics(new Registry(), () => 0), onApplied: () => {}, onTrouble: () => {}, onFatal: (error: unknown) => { fatal.push(error); },
    events: { async *readAfter(after: number) { yield (over.stored ?? []).filter(({ seq }) => seq > after); } },
    snapshots: { latestSnapshot: async () => (over.restore === undefined ? null : { version: 1, seq: 0, takenAt: 0, bytes: new Uint8Array(8) }), saveSnapshot: async (_: string, { seq }: { seq: number }) => { saved.push(seq); } },
  } as unknown as ScoreLaneParts);
  return { lane, saved, fatal, scored };
}

describe('ScoreLane', () => {
  it('scores what was stored after the snapshot, then what comes, in order, and saves a state', async () => {
    const { lane, saved, scored } = laneOf({ stored: [eventOf(1), eventOf(2)] });
    expect(await lane.recover()).toBe(2);
    lane.push([eventOf(3)]);
    lane.push([eventOf(4)]);
    await lane.snapshot();
    expect(scored).toEqual([1, 2, 3, 4]);
    expect(saved).toEqual([4]);
    expect(lane.pending).toBe(0);
  });

  it('latches when a detector throws: it is told once, nothing more is scored, and no state of it is saved', async () => {
    const { lane, saved, fatal, scored } = laneOf({ scoreEvents: (events) => { if (events[0]!.seq === 2) throw new Error('a bug'); return []; } });
    await lane.recover();
    for (const seq of [1, 2, 3]) lane.push([eventOf(seq)]);
    await lane.snapshot();
    await lane.drain();
    expect(scored).toEqual([1]);
    expect(fatal).toHaveLength(1);
    expect(saved).toEqual([]);
    expect(lane.pending).toBe(0);
  });

  it('never saves a state after a start that failed half-way', async () => {
    const { lane, saved } = laneOf({ restore: () => { throw new Error('torn'); } });
    await expect(lane.recover()).rejects.toThrow('torn');
    await lane.snapshot();
    expect(saved).toEqual([]);
  });
});
