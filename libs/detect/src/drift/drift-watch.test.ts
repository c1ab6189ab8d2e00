import type { Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { buildEvent, inTimeOrder, numbered } from '@wary/testkit/event-builder.js';
import { MODEL_STREAM_START, modelStream, type ModelStreamOptions } from '@wary/testkit/model-stream.js';
import { finalFindings, runPartitioned, runWhole } from '@wary/testkit/partitioned-run.js';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../engine.js';
import type { ModelDrift } from './model-drift.js';

const HOUR = 3_600_000;
const OPTIONS = { budgetPerDay: 5, seed: 1 } as const;
const CHANGE_HOUR = 9 * 24;
const own = (findings: readonly Finding[]): Finding[] => findings.filter(({ detector }) => detector.id === 'drift' || detector.id === 'retraining');
const after = (change: NonNullable<ModelStreamOptions['change']>): NonNullable<ModelStreamOptions['change']> => (decision, hour, random) => { if (hour >= CHANGE_HOUR) change(decision, hour, random); };
function run(events: readonly Event[], settings = {}): { readonly findings: Finding[]; readonly drift: ModelDrift } {
  const engine = createEngine({ ...OPTIONS, settings });
  const findings = own(engine.scoreEvents(numbered(events)));
  return { findings, drift: engine.describeEntity('default', { type: 'model', id: 'fraud' })!.drift! };
}
const streamOf = (drift: ModelDrift, stream: string): ModelDrift['streams'][number] => drift.streams.find((each) => each.stream === stream && each.use === '')!;

describe('drift of a model', { timeout: 60_000 }, () => {
  it('says nothing of nights, chance and one wild hour, and knows each stream of inputs, predictions, confidence, errors and labels', () => {
    const { findings, drift } = run(modelStream({ days: 14, perHour: 8, change: (decision, hour) => { if (hour === 250) { decision.amount *= 20; decision.failed = true; } } }));
    expect(findings).toEqual([]);
    expect(new Set(drift.streams.map(({ family }) => family))).toEqual(new Set(['input', 'prediction', 'confidence', 'operation', 'label']));
    expect(drift.streams.every(({ zone }) => zone === 'stable')).toBe(true);
    expect(streamOf(drift, 'label=decline').usual!).toBeCloseTo(12, -1);
    expect(drift.streams.some(({ use }) => use === 'ds/payments')).toBe(true);
  });

  it.each<[string, NonNullable<ModelStreamOptions['change']>, string]>([
    ['inputs', (decision) => { decision.amount *= 1.7; }, 'f.amount'],
    ['a country that was never there', (decision, _hour, random) => { if (random.next() < 0.2) decision.country = 'BR'; }, 'f.country=BR'],
    ['predictions', (decision, _hour, random) => { decision.label = random.next() < 0.6 ? 'approve' : 'decline'; }, 'label=decline'],
    ['confidence', (decision) => { decision.confidence -= 0.12; }, 'conf'],
    ['errors', (decision, _hour, random) => { decision.failed = random.next() < 0.15; }, 'err'],
    ['latency', (decision) => { decision.latencyMs *= 2; }, 'lat'],
    ['labels that come later', (decision, _hour, random) => { decision.wrong = random.next() < 0.3; }, 'loss'],
  ])('finds a change of %s within two days, with its beginning, size and evidence', (_name, change, stream) => {
    const { findings, drift } = run(modelStream({ days: 11, change: after(change) }));
    const first = findings.find(({ explanation }) => explanation.contributions[0]!.feature === stream)!;
    expect(first).toMatchObject({ entity: { type: 'model', id: 'fraud' }, revision: 0, closed: false });
    expect(Math.abs(first.window.start - (MODEL_STREAM_START + CHANGE_HOUR * HOUR))).toBeLessThanOrEqual(8 * HOUR);
    expect(streamOf(drift, stream)).toMatchObject({ zone: 'alarm' });
    expect(Math.abs(streamOf(drift, stream).effect)).toBeGreaterThan(0.2);
    expect(streamOf(drift, stream).evidence).toBeGreaterThan(5);
    // The whole model has drifted: its only use is not told once more.
    expect(findings.filter(({ revision, detector, explanation }) => revision === 0 && detector.id === 'drift' && explanation.contributions[0]!.feature === stream).length).toBe(1);
    // What would have kept it quiet lies between the usual and the observed.
    const { expected, observed, counterfactual } = first.explanation;
    expect((Number(counterfactual!.value) - expected!.value) * (Number(counterfactual!.value) - observed!)).toBeLessThan(0);
  });

  it('evidence without an effect stays a warning, whatever it amounts to', () => {
    const change = after((decision) => { decision.latencyMs *= 2; });
    const settings = { drift: { enabled: true, weight: 1, thresholds: { effectMin: 50 } } };
    const { findings, drift } = run(modelStream({ days: 11, change }), settings);
    expect(findings).toEqual([]);
    expect(streamOf(drift, 'lat')).toMatchObject({ zone: 'warning' });
    expect(streamOf(drift, 'lat').evidence).toBeGreaterThan(5);
  });

  it('a release explains a change for a week, and the new level is the usual one then', () => {
    const deploy = (hour: number): Event => buildEvent({ id: 'deploy', time: MODEL_STREAM_START + hour * HOUR, kind: 'lifecycle', action: 'deploy', resource: { id: 'fraud', type: 'model' }, attributes: { version: '8' } });
    const change = after((decision) => { decision.amount *= 1.7; });
    const { findings, drift } = run(inTimeOrder([...modelStream({ days: 13, perHour: 6, change }), deploy(CHANGE_HOUR)]));
    expect(findings).toEqual([]);
    expect(drift.released).toBe('8');
    expect(streamOf(drift, 'f.amount')).toMatchObject({ zone: 'warning' });
    const later = run(inTimeOrder([...modelStream({ days: 19, perHour: 6, change }), deploy(CHANGE_HOUR)]));
    expect(later.findings).toEqual([]);
    expect(streamOf(later.drift, 'f.amount').zone).toBe('stable');
    expect(streamOf(later.drift, 'f.amount').usual! / streamOf(drift, 'f.amount').usual!).toBeGreaterThan(1.4);
    // A new version that nobody announced explains as much.
    const silent = run(modelStream({ days: 11, change: after((decision) => { decision.amount *= 1.7; decision.version = '8'; }) }));
    expect(silent.findings).toEqual([]);
    expect(silent.drift.released).toBe('8');
  });

  it('a change that goes away closes its finding, and one that lasts a week does too', () => {
    const short = run(modelStream({ days: 15, perHour: 6, change: (decision, hour) => { if (hour >= CHANGE_HOUR && hour < CHANGE_HOUR + 36) decision.latencyMs *= 2; } })).findings;
    expect(short.at(-1)).toMatchObject({ closed: true, revision: short.length - 1 });
    expect(short.at(-1)!.explanation.summary).toContain('back to what it was');
    const long = run(modelStream({ days: 17, perHour: 6, change: after((decision) => { decision.latencyMs *= 2; }) }));
    expect(long.findings.at(-1)!.closed).toBe(true);
    expect(long.findings.at(-1)!.explanation.summary).toContain('the usual level from now on');
    expect(streamOf(long.drift, 'lat')).toMatchObject({ zone: 'stable' });
  });

  it('asks for retraining when drift comes with an estimated loss, once in a cool-down, and not of drift alone', () => {
    const asked = (change: NonNullable<ModelStreamOptions['change']>): Finding[] => run(modelStream({ days: 12, perHour: 16, change: after(change) }).filter(({ kind, time }) => kind !== 'outcome' || time < MODEL_STREAM_START + CHANGE_HOUR * HOUR)).findings.filter(({ detector }) => detector.id === 'retraining');
    expect(asked((decision) => { decision.amount *= 1.7; })).toEqual([]);
    const [first, ...more] = asked((decision, _hour, random) => { decision.amount *= 1.7; decision.confidence = 0.55 + 0.4 * random.next(); });
    expect(more).toEqual([]);
    expect(first).toMatchObject({ severity: 'medium', closed: true });
    expect(first!.explanation.contributions.map(({ feature }) => feature)).toEqual(expect.arrayContaining(['est', 'f.amount']));
  });

  it('finds the same over partitions, with crashes, and carries on after a snapshot', () => {
    const own = (findings: readonly Finding[]): Finding[] => findings.filter(({ detector }) => ['drift', 'retraining', 'group_gap'].includes(detector.id));
    const events = modelStream({ days: 10, perHour: 4, change: after((decision) => { decision.latencyMs *= 3; decision.amount *= 2; if (decision.group === 'f') decision.label = 'decline'; }) });
    const whole = own(runWhole(events, OPTIONS));
    expect(new Set(whole.map(({ detector }) => detector.id)).size).toBeGreaterThan(1);
    expect(whole.some(({ detector }) => detector.id === 'group_gap')).toBe(true);
    const { findings, crashes } = runPartitioned({ events, partitions: 2, engine: OPTIONS, seed: 4, crashPercent: 1 });
    expect(crashes).toBeGreaterThan(0);
    expect(finalFindings(own(findings))).toEqual(finalFindings(whole));
    const cut = Math.floor(events.length * 0.9);
    const stream = numbered(events);
    const first = createEngine(OPTIONS);
    const head = first.scoreEvents(stream.slice(0, cut));
    const second = createEngine(OPTIONS);
    expect(second.restore(first.dump())).toBe(true);
    expect(own([...head, ...second.scoreEvents(stream.slice(cut))])).toEqual(own(createEngine(OPTIONS).scoreEvents(stream)));
    expect(second.describeEntity('default', { type: 'model', id: 'fraud' })).not.toBeNull();
  });
});
