import { ANALYTICS } from '@wary/detect/analytics.js';
import { createEngine, type Engine } from '@wary/detect/engine.js';
import type { Event } from '@wary/model/event.js';
import { FindingSchema, type Finding } from '@wary/model/finding.js';
import { describe, expect, it } from 'vitest';
import { historyOf, type DetectorEngineCase } from './detector-cases.js';
import { inTimeOrder, numbered } from './event-builder.js';

const OPTIONS = { budgetPerDay: 5, seed: 1 } as const;
/** Sequence numbers behind those of any history. */
const ATTACK_SEQ = 1_000_000;
const VICTIMS = 5;

const trained = new Map<string, { readonly bytes: Uint8Array; readonly entities: number; readonly stateBytes: number }>();

/** The engine after the history of a case: learned once, then taken from its snapshot. */
function afterHistory({ history }: DetectorEngineCase): Engine {
  let known = trained.get(history);
  if (known === undefined) {
    const engine = createEngine(OPTIONS);
    engine.scoreEvents(historyOf(history));
    const { entities, bytesEstimate } = engine.stats;
    trained.set(history, known = { bytes: engine.dump(), entities, stateBytes: bytesEstimate });
  }
  const engine = createEngine(OPTIONS);
  if (!engine.restore(known.bytes)) throw new Error('an engine does not take its own snapshot');
  return engine;
}

const ordered = (events: readonly Event[]): Event[] => numbered(inTimeOrder(events), ATTACK_SEQ);
const finish = (engine: Engine, events: readonly Event[]): Finding[] => [...engine.scoreEvents(events), ...engine.finish()];

/** All that is found of these events after the case's history. */
export const ranCase = (one: DetectorEngineCase, events: readonly Event[]): Finding[] => finish(afterHistory(one), ordered(events));

/**
 * What every detector must do as a part of the whole engine (after river's `checks/common.py` and `checks/anomaly.py`). One suite for all of
 * them: those that judge single events have one more of their own, `detectorConformance`.
 */
export function engineConformance(one: DetectorEngineCase): void {
  const { id, attack, benign, entity, learns } = one;
  const own = (findings: readonly Finding[]): Finding[] => findings.filter(({ detector }) => detector.id === id);
  const text = (findings: readonly Finding[]): string => JSON.stringify(own(findings));

  describe(`${id} conforms in the engine`, { timeout: 120_000 }, () => {
    it('is described whole, and bounds are named with their unit', () => {
      const { name, description, blindSpots, reason, techniques, duties, features, limits, settings, version } = ANALYTICS[id];
      for (const said of [name, description, blindSpots, reason]) expect(said.length).toBeGreaterThan(2);
      expect([techniques.length, duties.length, features.length].every((count) => count > 0)).toBe(true);
      expect(version).toBeGreaterThan(0);
      expect(Object.entries(limits).every(([each, bound]) => /Max$|^historyWindows$/.test(each) && bound > 0)).toBe(true);
      expect(Object.values(settings).every((value) => Number.isFinite(value))).toBe(true);
    });

    it('finds what it is there for, and is silent on something like it: better than chance', () => {
      let found = 0;
      let false_ = 0;
      for (let n = 0; n < VICTIMS; n += 1) {
        const raised = own(ranCase(one, attack(n)));
        if (raised.some((finding) => finding.entity.id === entity(n))) found += 1;
        for (const finding of raised) expect(FindingSchema.safeParse(finding).success).toBe(true);
        false_ += own(ranCase(one, benign(n))).length;
      }
      expect(false_).toBe(0);
      expect(found).toBe(VICTIMS);
    });

    if (learns) {
      it('is silent before it knows enough', () => {
        expect(own(finish(createEngine(OPTIONS), ordered(attack(0))))).toEqual([]);
      });
    }

    it('gives the same bytes for the same events and seed', () => {
      expect(text(ranCase(one, attack(1)))).toBe(text(ranCase(one, attack(1))));
    });

    it('does not care about the order of keys, nor about features it does not know', () => {
      const turned = attack(0).map((event) => ({ ...Object.fromEntries(Object.entries(event).reverse()), attributes: { ...event.attributes, unheard_of: [1, { of: null }] } }) as unknown as Event);
      expect(text(ranCase(one, turned))).toBe(text(ranCase(one, attack(0))));
    });

    it('bears events on which everything it could read is missing, and invents nothing from them', () => {
      const bare = attack(0).map((event): Event => ({
        ...event, client: { ip: '', country: '', asn: 0, device: '', userAgent: '' }, resource: { id: '', type: '', labels: [], owner: '' }, genAi: null, ml: null, bytes: null, rows: null, cost: null,
        purpose: '', purposeVerdict: 'none', piiInput: {}, piiOutput: {}, secretsInput: {}, secretsOutput: {}, canaries: [], injection: 0, outcome: 'success',
      }));
      for (const finding of ranCase(one, bare)) expect(FindingSchema.safeParse(finding).success).toBe(true);
    });

    it('carries on after a snapshot as if there had been none, wherever it is taken', () => {
      const events = ordered(attack(2));
      const whole = afterHistory(one);
      const expected = text(finish(whole, events));
      for (const cut of [1, Math.floor(events.length / 2), events.length - 1]) {
        const before = afterHistory(one);
        const head = before.scoreEvents(events.slice(0, cut));
        const after = createEngine(OPTIONS);
        expect(after.restore(before.dump())).toBe(true);
        expect(text([...head, ...finish(after, events.slice(cut))])).toBe(expected);
      }
    });

    it('says nothing when it is switched off, and something again when it is on', () => {
      const settings = { [id]: { enabled: false, weight: 1, thresholds: {} } };
      const engine = afterHistory(one);
      engine.applySettings(settings, 'default');
      expect(own(finish(engine, ordered(attack(0))))).toEqual([]);
    });

    // What it costs is for a benchmark: a time that is measured while tests run fails for reasons of the machine.
    it('keeps what the engine declares, and reaches no bound', () => {
      afterHistory(one);
      const { stateBytes, entities } = trained.get(one.history)!;
      // Of few entities the tables themselves are the most of it.
      expect(stateBytes).toBeLessThan(16 * 1024 * 1024 + entities * 16 * 1024);
      for (let n = 0; n < VICTIMS; n += 1) {
        const engine = afterHistory(one);
        engine.scoreEvents(ordered(attack(n)));
        expect(engine.stats.overflow).toBe(0);
      }
    });
  });
}
