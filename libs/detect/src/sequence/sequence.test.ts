import type { Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { numbered } from '@wary/testkit/event-builder.js';
import { OFFICE_START } from '@wary/testkit/office-stream.js';
import { taskStream, type TaskStreamOptions } from '@wary/testkit/task-stream.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../engine.js';
import { OrderMemory, ORDER_SLOTS_COLD, ORDER_SLOTS_MAX } from './order-memory.js';
import { actKey, actShare, inOrder, orderDecades, pairKey, START, tripleKey } from './order-model.js';

const OPTIONS = { budgetPerDay: 5, seed: 1 } as const;
const PEOPLE = 20;
const DAYS = 24;
const LAST = DAYS;
const DAY = 86_400_000;

/** What is found on the day after the desk's weeks, which are learned once. */
let snapshot: Uint8Array | null = null;
function run(options: Partial<TaskStreamOptions>): Finding[] {
  if (snapshot === null) {
    const engine = createEngine(OPTIONS);
    engine.scoreEvents(numbered(taskStream({ people: PEOPLE, days: DAYS, seed: 3 })));
    snapshot = engine.dump();
  }
  const engine = createEngine(OPTIONS);
  expect(engine.restore(snapshot)).toBe(true);
  const events = taskStream({ people: PEOPLE, days: DAYS + 1, seed: 4, ...options }).filter(({ time }) => time >= OFFICE_START + LAST * DAY);
  return [...engine.scoreEvents(numbered(events as Event[], 1_000_000)), ...engine.finish()];
}
const ofAgent = (findings: readonly Finding[], who: number): Finding[] => findings.filter(({ entity }) => entity.id === `agent-${who}`);
const reversed = (who: number) => (person: number, _day: number, usual: readonly number[]): readonly number[] => (person === who ? [...usual].reverse() : usual);

describe('sequence', { timeout: 60_000 }, () => {
  it('finds the same acts, as many of each, in an order that nobody keeps; and nothing but the order', () => {
    for (const who of [2, 9, 13]) {
      const found = ofAgent(run({ orderOf: reversed(who) }), who);
      expect(new Set(found.map(({ detector }) => detector.id))).toEqual(new Set(['sequence']));
      const { explanation } = found.at(-1)!;
      expect(explanation.summary).toContain('→');
      expect(explanation.summary).toContain('usually does');
      expect(explanation.contributions.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5);
      expect(explanation.counterfactual!.text).toMatch(/^Without .+ it would have stayed quiet\.$/);
    }
  });

  it('says nothing of the benign twins: a busy day, a quiet one, slips', () => {
    for (const tasks of [3, 8]) expect(run({ tasksOf: () => tasks }).filter(({ detector }) => detector.id === 'sequence')).toEqual([]);
    expect(run({ seed: 11 }).filter(({ detector }) => detector.id === 'sequence')).toEqual([]);
  });

  it('learns a new order within a few days under suspicion, so that it does not alarm for ever', () => {
    const engine = createEngine(OPTIONS);
    const findings = engine.scoreEvents(numbered(taskStream({ people: PEOPLE, days: DAYS + 14, seed: 3, orderOf: (who, day, usual) => (who === 2 && day >= LAST ? [...usual].reverse() : usual) })));
    const days = [...new Set(ofAgent(findings, 2).filter(({ detector }) => detector.id === 'sequence').map(({ window }) => (window.start - OFFICE_START) / DAY - LAST))];
    expect(days[0]).toBe(0);
    expect(Math.max(...days)).toBeLessThan(9);
  });

  it('is a model: shares sum to one, and the order of an entity that keeps it pays', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 2, max: 6 }), fc.integer({ min: 1, max: 40 })), { maxLength: 20 }), (rows) => {
      // A world of five acts, in which nothing else can be done: what is left of one is the share of what was never seen.
      const own = learned(rows.slice(0, 10));
      const peers = learned(rows.slice(10));
      let sum = 0;
      for (let act = 2; act <= 6; act += 1) sum += actShare(own, peers, act);
      expect(sum).toBeLessThanOrEqual(1 + 1e-9);
      for (let act = 2; act <= 6; act += 1) {
        expect(inOrder(own, peers, START, 3, act)).toBeGreaterThan(0);
        expect(orderDecades(own, peers, START, 3, act)).toBeLessThanOrEqual(1.5);
      }
      // Expectation of what a step says, as a factor, under her own order: the mass of any order, and where the act is not known to her nothing.
      for (const before of [START, 3]) {
        let expectation = 0;
        for (let act = 2; act <= 6; act += 1) if (act !== before) expectation += inOrder(own, peers, START, before, act) * Math.max(1e-9, 10 ** orderDecades(own, peers, START, before, act));
        expect(expectation).toBeLessThanOrEqual(1 + 1e-9);
      }
    }));
  });

  it('remembers no more than it may, the commonest when compacted, and comes back as it was', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 900 })), { maxLength: 300 }), (entries) => {
      const memory = new OrderMemory();
      for (const [key, count] of entries) memory.add(key, count);
      expect(memory.size).toBeLessThanOrEqual(ORDER_SLOTS_MAX);
      const whole = memory.pack();
      expect(new OrderMemory(whole.slice()).pack()).toEqual(whole);
      const cold = memory.pack(ORDER_SLOTS_COLD);
      expect(cold.byteLength).toBeLessThanOrEqual(ORDER_SLOTS_COLD * 8);
      const kept = new OrderMemory(cold.slice());
      for (let at = 0; at < whole.length; at += 2) {
        const rest = Array.from({ length: cold.length / 2 }, (_, slot) => cold[slot * 2 + 1]!);
        if (kept.countOf(whole[at]!) === 0 && rest.length > 0) expect(whole[at + 1]!).toBeLessThanOrEqual(Math.min(...rest));
      }
    }), { numRuns: 60 });
  });
});

function learned(rows: ReadonlyArray<readonly [number, number, number]>): OrderMemory {
  const memory = new OrderMemory();
  for (const [before, act, count] of rows) if (before !== act) for (const key of [actKey(act), actKey(0), pairKey(before, act), pairKey(before, 0), tripleKey(START, before, act), tripleKey(START, before, 0)]) memory.add(key, count);
  return memory;
}
