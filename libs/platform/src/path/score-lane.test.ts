import type { Engine } from '@wary/detect/engine.js';
import { emptyEvent, type Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { makeFinding } from '@wary/testkit/make-finding.js';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { PathMetrics } from './path-metrics.js';
import { ScoreLane, type ScoreLaneParts } from './score-lane.js';

const eventOf = (seq: number): Event => ({ ...emptyEvent('native'), id: `e${seq}`, seq });

function laneOf(over: { scoreEvents?: (events: readonly Event[]) => never[]; restore?: () => boolean; stored?: Event[]; steps?: number } = {}) {
  let steps = 0;
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
    get lastSeq() { return lastSeq; },
    snapshot: () => ({ lastSeq, step: () => { steps += 1; return steps > (over.steps ?? 0); }, parts: () => [new Uint8Array(8)], abandon: () => {} }), restore: over.restore ?? (() => true),
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

  it('goes on scoring while a state is written, which is the one of when it was asked for', async () => {
    const { lane, saved, scored } = laneOf({ steps: 20 });
    await lane.recover();
    lane.push([eventOf(1)]);
    const saving = lane.snapshot();
    await new Promise(setImmediate);
    lane.push([eventOf(2)]);
    await lane.drain();
    expect(scored).toEqual([1, 2]);
    expect(saved).toEqual([]);
    await saving;
    expect(saved).toEqual([1]);
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

  describe('scores the history again where no state can be read', () => {
    const HOUR_MS = 3_600_000;
    const NOW = 100 * HOUR_MS;
    const found = (id: string, seq: number, hoursAgo: number, revision = 0): Finding => makeFinding({ id, seq, revision, time: NOW - hoursAgo * HOUR_MS });
    async function recovered(findings: Finding[], judgedSeq: number | null, known: ReadonlyMap<string, number> = new Map()) {
      const stored: Finding[] = [];
      const applied: Array<[string, boolean, boolean]> = [];
      const engine = { scoreEvents: () => findings, lastSeq: 0, restore: () => false } as unknown as Engine;
      await new ScoreLane({
        engine, clock: { now: () => NOW }, metrics: new PathMetrics(new Registry(), () => 0), onApplied: () => {}, onTrouble: () => {}, onFatal: () => {},
        events: { async *readAfter() { yield [eventOf(1)]; } },
        findings: { insertFindings: async (some: Finding[]) => { stored.push(...some); } },
        workflow: { appliedRevisions: async () => known, applyFindings: async (some: Finding[], _: number, { keepAlerts }: { keepAlerts: boolean }) => { applied.push(...some.map(({ id, revision, historical }): [string, boolean, boolean] => [`${id}.${revision}`, historical, keepAlerts])); } },
        snapshots: { latestSnapshot: async () => (judgedSeq === null ? null : { version: 1, seq: judgedSeq, takenAt: 0, bytes: new Uint8Array(8) }) },
      } as unknown as ScoreLaneParts).recover();
      return { stored, applied };
    }

    it('what was scored before and is over an hour old is history; the rest is news, in the order in which it was found', async () => {
      const { applied, stored } = await recovered([found('old', 1, 5), found('recent', 2, 0.5), found('old', 3, 4, 1), found('unjudged', 11, 5)], 10);
      expect(applied).toEqual([['old.0', true, true], ['recent.0', false, false], ['old.1', true, true], ['unjudged.0', false, false]]);
      expect(stored.map(({ historical }) => historical)).toEqual([true, false, true, false]);
    });

    it('without any state, everything that old is', async () => {
      expect((await recovered([found('old', 900, 2), found('recent', 901, 0.9)], null)).applied).toEqual([['old.0', true, true], ['recent.0', false, false]]);
    });

    it('what was found before stays as it was found', async () => {
      const { stored } = await recovered([found('known', 1, 5), found('known', 2, 5, 1), found('new', 3, 5)], 10, new Map([['known', 0]]));
      expect(stored.map(({ id, revision, historical }) => [id, revision, historical])).toEqual([['known', 0, false], ['known', 1, true], ['new', 0, true]]);
    });
  });

  it('tells each silence once, and none before it has caught up', async () => {
    const applied: string[][] = [];
    const silence = makeFinding({ id: 'silence' });
    const lane = new ScoreLane({
      engine: { scoreEvents: () => [], lastSeq: 0, restore: () => true, silences: (now: number, since: number) => (now - since > 5 ? [silence] : []) } as unknown as Engine, clock: { now: () => 10 }, metrics: new PathMetrics(new Registry(), () => 0), onApplied: () => {}, onTrouble: () => {}, onFatal: () => {},
      events: { async *readAfter() { yield []; } }, findings: { insertFindings: async () => {} }, snapshots: { latestSnapshot: async () => null },
      workflow: { applyFindings: async (some: Finding[]) => { applied.push(some.map(({ id }) => id)); } },
    } as unknown as ScoreLaneParts);
    await lane.lookForSilence(0);
    expect(applied).toEqual([]);
    await lane.recover();
    await lane.lookForSilence(8);
    await lane.lookForSilence(0);
    await lane.lookForSilence(0);
    expect(applied).toEqual([['silence']]);
  });

  it('never saves a state after a start that failed half-way', async () => {
    const { lane, saved } = laneOf({ restore: () => { throw new Error('torn'); } });
    await expect(lane.recover()).rejects.toThrow('torn');
    await lane.snapshot();
    expect(saved).toEqual([]);
  });
});
