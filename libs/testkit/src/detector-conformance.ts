import type { EventDetector, Signal } from '@wary/detect/detector.js';
import { decodeState, encodeState } from '@wary/detect/state-codec.js';
import type { Event } from '@wary/model/event.js';
import { describe, expect, it } from 'vitest';
import { DetectorContext, inspectAll } from './detector-context.js';

export interface DetectorCase {
  readonly create: () => EventDetector;
  /** Ordinary events, on which it must be silent. */
  readonly ordinary: () => Event[];
  /** Events in which it must find something, after the ordinary ones. */
  readonly attack: () => Event[];
  readonly context?: () => DetectorContext;
  /** The counterfactual put in: the events up to the one that raised the signal, with the change that the signal says would have kept it quiet. */
  readonly putIn: (events: readonly Event[], counterfactual: Signal['counterfactual'], raising: Event) => Event[];
  /** Microseconds of CPU an ordinary event may take, generously: ten times what the README says. */
  readonly microsMax: number;
}

/** What every detector must do (after river's `checks/common.py`): one suite for all, so that knowing one is knowing all. */
export function detectorConformance(name: string, { create, ordinary, attack, context = () => new DetectorContext(), putIn, microsMax }: DetectorCase): void {
  describe(`${name} conforms`, () => {
    const text = (signals: readonly Signal[]): string => JSON.stringify(signals.map(({ analytic, ...signal }) => [analytic.id, analytic.version, signal]));
    const all = [...ordinary(), ...attack()];

    it('is described whole', () => {
      const { analytic } = create();
      expect(analytic.version).toBeGreaterThan(0);
      for (const said of [analytic.name, analytic.description, analytic.blindSpots, analytic.reason]) expect(said.length).toBeGreaterThan(2);
      expect(analytic.techniques.length).toBeGreaterThan(0);
      for (const { id, version } of analytic.techniques) { expect(id).not.toBe(''); expect(version).not.toBe(''); }
      expect(analytic.duties.length).toBeGreaterThan(0);
    });

    it('is silent on ordinary events, and finds the attack: better than chance', () => {
      expect(inspectAll(create(), ordinary(), context())).toEqual([]);
      const signals = inspectAll(create(), all, context());
      expect(signals.length).toBeGreaterThan(0);
      for (const signal of signals) {
        expect(signal.strength).toBeGreaterThan(0);
        expect(signal.counterfactual.text).toMatch(/stayed quiet/);
        expect(signal.matched.length).toBeGreaterThan(0);
        expect(signal.summary.length).toBeGreaterThan(20);
      }
    });

    it('tells what would have kept it quiet, and that put in, it does', () => {
      const upTo = (events: readonly Event[]): number => events.findIndex((_, index) => inspectAll(create(), events.slice(0, index + 1), context()).length > 0);
      const raising = upTo(all);
      const [signal] = inspectAll(create(), all.slice(0, raising + 1), context());
      const changed = putIn(all.slice(0, raising + 1), signal!.counterfactual, all[raising]!);
      expect(changed).not.toEqual(all.slice(0, raising + 1));
      expect(inspectAll(create(), changed, context())).toEqual([]);
    });

    it('gives the same bytes for the same events', () => {
      expect(text(inspectAll(create(), all, context()))).toBe(text(inspectAll(create(), all, context())));
    });

    it('does not care about the order of keys, nor about keys it does not know', () => {
      const turned = all.map((event) => ({ ...Object.fromEntries(Object.entries(event).reverse()), attributes: { ...event.attributes, unheard_of: [1, { of: null }] } }) as unknown as Event);
      expect(text(inspectAll(create(), turned, context()))).toBe(text(inspectAll(create(), all, context())));
    });

    it('bears events on which everything it could read is missing', () => {
      const bare = all.map((event): Event => ({
        ...event, client: { ip: '', country: '', asn: 0, device: '', userAgent: '' }, resource: { id: '', type: '', labels: [], owner: '' }, genAi: null, ml: null, bytes: null, rows: null, cost: null,
        purpose: '', purposeVerdict: 'none', piiInput: {}, piiOutput: {}, secretsInput: {}, secretsOutput: {}, canaries: [], injection: 0, outcome: 'success',
      }));
      expect(inspectAll(create(), bare, context())).toEqual([]);
    });

    it('carries on after a snapshot as if there had been none, wherever it is taken', () => {
      const whole = text(inspectAll(create(), all, context()));
      for (const cut of [0, Math.floor(all.length / 3), ordinary().length, all.length - 1]) {
        const before = create();
        const between = context();
        const head = inspectAll(before, all.slice(0, cut), between);
        const bytes = encodeState(7, { detector: before.dump(), notes: between.notes });
        expect(decodeState(8, bytes)).toBeNull();
        const state = decodeState(7, bytes) as { detector: unknown; notes: Map<string, unknown> };
        const after = create();
        after.load(state.detector);
        between.notes = state.notes;
        expect(after.stateItems).toBe(before.stateItems);
        expect(text([...head, ...inspectAll(after, all.slice(cut), between)])).toBe(whole);
      }
    });

    it('leaves no trace of an event from the future', () => {
      const detector = create();
      const at = context();
      inspectAll(detector, ordinary(), at);
      const before = Buffer.from(encodeState(1, { detector: detector.dump(), notes: at.notes }));
      at.learn = false;
      inspectAll(detector, attack().map((event) => ({ ...event, time: event.time + 30 * 86_400_000 })), at);
      expect(Buffer.from(encodeState(1, { detector: detector.dump(), notes: at.notes })).equals(before)).toBe(true);
    });

    it('keeps its state and its cost within what it declares', () => {
      const detector = create();
      const at = context();
      const events = ordinary();
      const many = Array.from({ length: 4_000 }, (_, i): Event => {
        const event = events[i % events.length]!;
        const id = `${event.principal.id}-${i % 500}`;
        return { ...event, id: `${event.id}-${i}`, actor: { ...event.actor, id }, principal: { ...event.principal, id } };
      });
      inspectAll(detector, many, at);
      expect(detector.stateItems).toBeLessThanOrEqual(detector.stateItemsMax);
      const started = process.cpuUsage();
      for (let round = 0; round < 3; round += 1) inspectAll(detector, many, at);
      const { user, system } = process.cpuUsage(started);
      expect((user + system) / (3 * many.length)).toBeLessThan(microsMax);
    });
  });
}
