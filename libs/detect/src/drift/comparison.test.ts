import type { Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { numbered } from '@wary/testkit/event-builder.js';
import { modelStream, type ModelStreamOptions } from '@wary/testkit/model-stream.js';
import { SeededRandom } from '@wary/testkit/seeded-random.js';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../engine.js';
import { comparedOf, createComparedSubject, stepCompared } from './compared-subject.js';
import { comparedCell, groupCells, versionCell } from './comparison-cells.js';
import type { StreamSums } from './drift-cells.js';
import type { ModelDrift } from './model-drift.js';

const LIMITS = { decadesMin: 1, effectMin: 0, versionDecadesMin: 1, versionEffectMin: 0 } as const;
const own = (findings: readonly Finding[]): Finding[] => findings.filter(({ detector }) => ['group_gap', 'version_gap', 'retraining'].includes(detector.id));
function run(events: readonly Event[], settings = {}): { readonly findings: Finding[]; readonly comparisons: ModelDrift['comparisons'] } {
  const engine = createEngine({ budgetPerDay: 5, seed: 1, settings });
  const findings = own(engine.scoreEvents(numbered(events)));
  return { findings, comparisons: engine.describeEntity('default', { type: 'model', id: 'fraud' })!.drift!.comparisons.filter(({ use }) => use === '') };
}
const from = (day: number, change: NonNullable<ModelStreamOptions['change']>): NonNullable<ModelStreamOptions['change']> => (decision, hour, random) => { if (hour >= day * 24) change(decision, hour, random); };

describe('groups and versions of a model', { timeout: 60_000 }, () => {
  it('reads groups by name, at most four of them, and versions, whatever the names are', () => {
    const decision = { model: 'm', version: '7', label: 'ok=|', confidence: null, features: null, subject: '', groups: { b: 'x|y=z', a: true, none: null, deep: { no: 1 } }, attribution: {}, truth: 'ok=|' };
    const cells = groupCells(decision, true);
    expect(cells.map(([key, value]) => [comparedCell(key), value])).toEqual([
      [{ attribute: 'a', value: 'true', measure: 'label=ok__' }, 1], [{ attribute: 'a', value: 'true', measure: 'wrong' }, 0], [{ attribute: 'b', value: 'x_y_z', measure: 'label=ok__' }, 1], [{ attribute: 'b', value: 'x_y_z', measure: 'wrong' }, 0],
    ]);
    expect(comparedCell(versionCell('wrong', '7=8'))).toEqual({ attribute: '', value: '7_8', measure: 'wrong' });
    expect(comparedCell('label=approve')).toBeNull();
  });

  it('with groups given out by chance, and looked at every hour for 40 days, is seldom ever wrong', () => {
    let wrong = 0;
    for (let seed = 0; seed < 60; seed += 1) {
      const random = new SeededRandom(100 + seed);
      const subject = createComparedSubject();
      let raised = false;
      for (let hour = 0; hour < 40 * 24; hour += 1) {
        const cells = new Map<string, StreamSums>();
        const rate = 0.3 + 0.2 * Math.sin(hour / 3.8);
        for (let n = random.below(12); n > 0; n -= 1) {
          const key = `g.sex=${random.next() < 0.3 ? 'f' : 'm'}|label=${random.next() < rate ? 'yes' : 'no'}`;
          const sums = cells.get(key);
          if (sums === undefined) cells.set(key, { n: 1, sum: 1, squares: 1 });
          else { sums.n += 1; sums.sum += 1; }
        }
        raised ||= stepCompared(subject, hour, cells, Number.NaN, LIMITS).news.some(({ step }) => step === 'apart');
      }
      if (raised) wrong += 1;
    }
    // α is a tenth of all comparisons of an attribute: six are to be expected at most.
    expect(wrong).toBeLessThanOrEqual(11);
  });

  it('forgets a group that nobody is of any more, though the others go on, and says that its gap is over', () => {
    const subject = createComparedSubject();
    const hourOf = (groups: Readonly<Record<string, number>>): Map<string, StreamSums> => new Map(Object.entries(groups).flatMap(([group, yes]): [string, StreamSums][] => [
      [`g.sex=${group}|label=yes`, { n: yes, sum: yes, squares: yes }], [`g.sex=${group}|label=no`, { n: 20 - yes, sum: 20 - yes, squares: 20 - yes }],
    ]));
    const of = (): string[] => [...subject.comparisons.keys()].map((key) => comparedOf(key).value);
    const over: string[] = [];
    let apart = false;
    for (let hour = 0; hour < 50 * 24; hour += 1) {
      // `x` is treated unlike the rest for ten days, and then there is nobody of it.
      for (const { of: { value }, step } of stepCompared(subject, hour, hourOf(hour < 240 ? { f: 10, m: 10, x: 1 } : { f: 10, m: 10 }), Number.NaN, LIMITS).news) {
        if (value === 'x' && step === 'apart') apart = true;
        if (value === 'x' && step === 'over') over.push(`day ${Math.floor(hour / 24)}`);
      }
      if (hour === 300) expect(of()).toContain('x');
    }
    expect(apart).toBe(true);
    expect(new Set(over)).toEqual(new Set(['day 40']));
    expect(of()).not.toContain('x');
    expect(of()).toContain('f');
  });

  it('tells a group that is decided about otherwise once, by the one furthest apart, and asks whether to retrain', () => {
    const { findings, comparisons } = run(modelStream({ days: 8, perHour: 8, change: from(4, (decision, _hour, random) => { if (decision.group === 'f' && random.next() < 0.35) decision.label = 'decline'; }) }));
    const gaps = findings.filter(({ detector }) => detector.id === 'group_gap' && detector.version === 1);
    expect(new Set(gaps.map(({ id }) => id)).size).toBe(1);
    expect(gaps[0]).toMatchObject({ revision: 0, closed: false, entity: { type: 'model', id: 'fraud' } });
    expect(gaps[0]!.explanation.summary).toContain('four fifths');
    const { expected, observed, counterfactual } = gaps.at(-1)!.explanation;
    expect((Number(counterfactual!.value) - expected!.value) * (Number(counterfactual!.value) - observed!)).toBeLessThan(0);
    const row = comparisons.find(({ value, measure }) => value === 'f' && measure === 'label=decline')!;
    expect(row).toMatchObject({ zone: 'apart' });
    expect(row.low!).toBeGreaterThan(0);
    expect(comparisons.find(({ value, measure }) => value === 'f' && measure === 'wrong')!.zone).toBe('even');
    const asked = findings.filter(({ detector }) => detector.id === 'retraining').map(({ explanation }) => explanation.contributions[0]!.feature);
    expect(asked.length).toBe(1);
  });

  it('evidence without an effect that matters is told to nobody; a release begins the groups anew', () => {
    const change = from(1, (decision, _hour, random) => { if (decision.group === 'f' && random.next() < 0.35) decision.label = 'decline'; });
    const small = run(modelStream({ days: 5, perHour: 8, change }), { group_gap: { enabled: true, weight: 1, thresholds: { effectMin: 2 } } });
    expect(small.findings.filter(({ detector }) => detector.id === 'group_gap')).toEqual([]);
    expect(small.comparisons.some(({ zone, attribute }) => zone === 'evident' && attribute === 'sex')).toBe(true);
    const fixed = run(modelStream({ days: 11, perHour: 6, change: (decision, hour, random) => { if (hour < 8 * 24) change(decision, hour, random); else decision.version = '8'; } }));
    const gap = fixed.findings.filter(({ detector }) => detector.id === 'group_gap');
    expect(gap.at(-1)).toMatchObject({ closed: true });
    expect(fixed.comparisons.filter(({ attribute }) => attribute === 'sex').every(({ zone }) => zone === 'even')).toBe(true);
  });

  it('compares a challenger with the champion where both answer, and says which of them does better', () => {
    const beside = (wrongOf8: number): ReturnType<typeof run> => run(modelStream({ days: 8, perHour: 8, change: from(2, (decision, _hour, random) => { if (random.next() < 0.5) { decision.version = '8'; decision.wrong = random.next() < wrongOf8; } else decision.wrong = random.next() < 0.2; }) }));
    const worse = beside(0.4).findings.filter(({ detector }) => detector.id === 'version_gap');
    expect(worse[0]).toMatchObject({ title: 'Version 8 of model fraud does worse than 7: wrong answers' });
    const better = beside(0.05);
    expect(better.findings.filter(({ detector }) => detector.id === 'version_gap')[0]).toMatchObject({ severity: 'low', title: 'Version 8 of model fraud does better than 7: wrong answers' });
    expect(better.comparisons.find(({ attribute, measure }) => attribute === '' && measure === 'wrong')).toMatchObject({ value: '8', against: '7', zone: 'apart' });
    const alike = beside(0.2).findings.filter(({ detector }) => detector.id === 'version_gap');
    expect(alike).toEqual([]);
  });
});
