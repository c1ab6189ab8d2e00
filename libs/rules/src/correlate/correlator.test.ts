import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SigmaCorrelation } from '../language/rule-model.js';
import { loadRules } from '../load-rules.js';
import { Correlator } from './correlator.js';
import type { CorrelatorLimits } from './correlation-limits.js';

const RULES = ['a', 'b', 'c'].map((name) => `title: ${name}\nname: ${name}\nlogsource: { category: test }\ndetection:\n  s:\n    f: ${name}\n  condition: s\n`);
function correlations(...bodies: readonly string[]): readonly SigmaCorrelation[] {
  const text = [...RULES, ...bodies.map((body, index) => `title: c${index}\nname: c${index}\ncorrelation:\n${body.split('\n').map((line) => `  ${line}`).join('\n')}\n`)].join('---\n');
  const { correlations: read, problems } = loadRules([{ path: 'c.yml', text }]);
  const error = problems.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new Error(`${error.line}:${error.column} ${error.code}: ${error.message}`);
  return read;
}
type Row = readonly [seconds: number, rule: string, fields?: Readonly<Record<string, unknown>>];
/** Names and seconds of what fires; the ref of an event is its place in the list. */
function run(list: readonly SigmaCorrelation[], rows: readonly Row[], limits: Partial<CorrelatorLimits> = {}): string[] {
  const fired: string[] = [];
  const correlator = new Correlator(list, ({ correlation, time, group }) => fired.push(`${correlation.name}@${time / 1_000}${group.length > 0 ? `:${group.join('+')}` : ''}`), limits);
  rows.forEach(([seconds, rule, fields = {}], ref) => correlator.observe(seconds * 1_000, ref, [{ id: rule, name: null, read: (field) => fields[field] }]));
  correlator.finish();
  return fired;
}
const times = (rule: string, ...seconds: readonly number[]): Row[] => seconds.map((each) => [each, rule]);

describe('event_count', () => {
  const three = correlations('type: event_count\nrules: a\ntimespan: 10s\ncondition: { gte: 3 }');
  it('fires at the event that crosses, in a window that slides, and once a timespan', () => {
    expect(run(three, times('a', 0, 5, 10))).toEqual(['c0@10']);
    expect(run(three, times('a', 0, 5, 10.001))).toEqual([]);
    expect(run(three, times('a', 8, 9, 11))).toEqual(['c0@11']);
    expect(run(three, times('a', 0, 1, 2, 3, 4, 12, 12.5, 13))).toEqual(['c0@2', 'c0@12.5']);
  });

  it('counts milliseconds, and each group alone, whichever name its field has in a rule', () => {
    const grouped = correlations('type: event_count\nrules: [a, b]\ngroup-by: [user]\ntimespan: 1s\ncondition: { gt: 1 }\naliases:\n  user: { a: u, b: v }');
    expect(run(grouped, [[0, 'a', { u: 'x' }], [0.999, 'b', { v: 'y' }], [1, 'b', { v: 'x' }], [1.5, 'a', { v: 'x' }]])).toEqual(['c0@1:x']);
    const counts = new Correlator(grouped, () => {});
    counts.observe(0, 0, [{ id: 'a', name: null, read: () => undefined }]);
    expect(counts.counts.withoutGroup).toBe(1);
  });

  it.each([['lt: 3', [0, 1], true], ['lt: 3', [0, 1, 2], false], ['lte: 2', [0, 1], true], ['eq: 2', [0, 10], true], ['eq: 2', [0, 10.001], false], ['neq: 2', [0, 1], false], ['gte: 2\n  lt: 4', [0, 1, 2], true], ['gte: 2\n  lt: 4', [0, 1, 2, 3], false]])('"%s" is judged when the window has passed', (condition, seconds, expected) => {
    const list = correlations(`type: event_count\nrules: a\ntimespan: 10s\ncondition:\n  ${condition}`);
    expect(run(list, times('a', ...seconds)).includes('c0@10')).toBe(expected);
  });
});

describe('value_*', () => {
  it('value_count counts different values, and tuples of several fields', () => {
    const list = correlations('type: value_count\nrules: a\ngroup-by: [ip]\ntimespan: 10s\ncondition: { field: user, gte: 3 }', 'type: value_count\nrules: a\ntimespan: 10s\ncondition: { field: [ip, user], gte: 3 }');
    const row = (seconds: number, ip: string, user: string): Row => [seconds, 'a', { ip, user }];
    expect(run(list, [row(0, '1', 'x'), row(1, '1', 'x'), row(2, '1', 'y'), row(3, '2', 'y'), row(4, '1', 'z')])).toEqual(['c1@3', 'c0@4:1']);
    expect(run(list, [row(0, '1', 'x'), row(1, '1', 'y'), row(11.5, '1', 'z')])).toEqual([]);
  });

  it.each([
    ['value_sum', 'gte: 10', [4, '5', 'x', 1], true], ['value_sum', 'gt: 10', [4, 5, 1], false], ['value_avg', 'gte: 5', [4, 6], true], ['value_avg', 'gt: 5', [4, 6], false], ['value_median', 'gte: 3', [1, 3, 9], true], ['value_median', 'gt: 3', [1, 3, 3, 3], false], ['value_percentile', 'percentile: 90\n  gte: 9.1', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], true], ['value_percentile', 'percentile: 90\n  gt: 9.1', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], false],
  ])('%s %s of %j', (type, condition, values, expected) => {
    const list = correlations(`type: ${type}\nrules: a\ntimespan: 100s\ncondition:\n  field: n\n  ${condition}`);
    expect(run(list, values.map((n, index): Row => [index, 'a', { n }])).length > 0).toBe(expected);
  });
});

describe('temporal', () => {
  it('is all rules in any order within the timespan; ordered is in theirs, equal times included', () => {
    const list = correlations('type: temporal\nrules: [a, b]\ntimespan: 10s', 'type: temporal_ordered\nrules: [a, b, c]\ntimespan: 10s');
    expect(run(list, [...times('b', 0), ...times('a', 10)])).toEqual(['c0@10']);
    expect(run(list, [...times('b', 0), ...times('a', 10.5)])).toEqual([]);
    expect(run(list, [[0, 'a'], [1, 'b'], [2, 'c']])).toEqual(['c0@1', 'c1@2']);
    expect(run(list, [[5, 'c'], [5, 'b'], [5, 'a']])).toEqual(['c0@5', 'c1@5']);
    expect(run(list, [[0, 'a'], [9, 'a'], [10, 'b'], [12, 'c']])).toEqual(['c0@10', 'c1@12']);
    expect(run(list, [[0, 'b'], [1, 'a'], [2, 'c']])).toEqual(['c0@1']);
  });

  it('takes a condition in words, and with "not" waits for the end of the window', () => {
    const list = correlations('type: temporal\nrules: [a, b, c]\ntimespan: 10s\ncondition: a and (b or c)', 'type: temporal\nrules: [a, b]\ntimespan: 10s\ncondition: a and not b');
    expect(run(list, [[0, 'a'], [1, 'c']])).toEqual(['c0@1', 'c1@10']);
    expect(run(list, [[0, 'a'], [10, 'b']])).toEqual(['c0@10']);
  });

  it('chains read the matches of correlations, by their group', () => {
    const list = correlations('type: event_count\nrules: a\ngroup-by: [u]\ntimespan: 10s\ncondition: { gte: 2 }', 'type: temporal_ordered\nrules: [c0, b]\ngroup-by: [u]\ntimespan: 60s');
    expect(run(list, [[0, 'a', { u: 'x' }], [1, 'a', { u: 'x' }], [30, 'b', { u: 'y' }], [31, 'b', { u: 'x' }]])).toEqual(['c0@1:x', 'c1@31:x']);
  });
});

describe('late and shuffled events', () => {
  it('give the answer of ordered ones while they come within the lateness', () => {
    const list = correlations('type: event_count\nrules: [a, b]\ngroup-by: [u]\ntimespan: 5s\ncondition: { gte: 3 }', 'type: temporal_ordered\nrules: [a, b, c]\ntimespan: 7s', 'type: value_count\nrules: [a, c]\ntimespan: 6s\ncondition: { field: u, gte: 2 }', 'type: event_count\nrules: c\ntimespan: 4s\ncondition: { lte: 2 }', 'type: temporal\nrules: [c0, c]\ntimespan: 20s');
    const row = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y').map((u) => ({ u })), fc.nat(9));
    fc.assert(fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
      const ordered = [...rows].sort((left, right) => left[0] - right[0]);
      const shuffled = [...rows].sort((left, right) => left[0] + left[3] - right[0] - right[3]);
      const pick = (list_: typeof rows): Row[] => list_.map(([seconds, rule, fields]) => [seconds, rule, fields]);
      expect(run(list, pick(shuffled), { latenessMs: 10_000 }).sort()).toEqual(run(list, pick(ordered)).sort());
    }), { numRuns: 300, seed: 5 });
  });

  it('are judged at once by an eager correlator, and fire just where ordered ones do', () => {
    const list = correlations('type: event_count\nrules: [a, b]\ngroup-by: [u]\ntimespan: 5s\ncondition: { gte: 3 }', 'type: temporal_ordered\nrules: [a, b, c]\ngroup-by: [u]\ntimespan: 7s', 'type: value_count\nrules: [a, c]\ntimespan: 6s\ncondition: { field: u, gte: 2 }', 'type: temporal\nrules: [a, b]\ntimespan: 3s');
    const row = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y').map((u) => ({ u })), fc.nat(9));
    const which = (fired: readonly string[]): string[] => [...new Set(fired.map((each) => each.replace(/@[\d.]+/, '')))].sort();
    let fires = 0;
    fc.assert(fc.property(fc.array(row, { minLength: 10, maxLength: 60 }), (rows) => {
      const ordered = which(run(list, [...rows].sort((left, right) => left[0] - right[0]).map(([seconds, rule, fields]): Row => [seconds, rule, fields])));
      const shuffled = [...rows].sort((left, right) => left[0] + left[3] - right[0] - right[3]).map(([seconds, rule, fields]): Row => [seconds, rule, fields]);
      fires += ordered.length;
      expect(which(run(list, shuffled, { latenessMs: 10_000, eager: true }))).toEqual(ordered);
    }), { numRuns: 300, seed: 7 });
    expect(fires).toBeGreaterThan(300);
  });

  it.each([true, false])('go on after a dump as if nothing had been (eager: %s)', (eager) => {
    const list = correlations('type: event_count\nrules: [a, b]\ngroup-by: [u]\ntimespan: 5s\ncondition: { gte: 3 }', 'type: temporal_ordered\nrules: [a, b, c]\ntimespan: 7s', 'type: value_avg\nrules: [a, c]\ntimespan: 6s\ncondition: { field: n, gte: 5 }', 'type: value_count\nrules: c\ntimespan: 4s\ncondition: { field: n, lte: 2 }', 'type: temporal\nrules: [c0, c]\ngroup-by: [u]\ntimespan: 20s', 'type: temporal\nrules: [a, b]\ntimespan: 4s\ncondition: a and not b');
    const row = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom('a', 'b', 'c'), fc.record({ u: fc.constantFrom('x', 'y'), n: fc.nat(9) }));
    fc.assert(fc.property(fc.array(row, { maxLength: 40 }), fc.nat(40), (rows, cut) => {
      const fired: string[][] = [[], []];
      const make = (into: string[]): Correlator => new Correlator(list, ({ correlation, time, group, refs }) => into.push(`${correlation.name}@${time}:${group.join('+')}:${refs.join()}`), { latenessMs: 8_000, eager });
      const whole = make(fired[0]!);
      let parts = make(fired[1]!);
      rows.forEach(([seconds, rule, fields], ref) => {
        if (ref === cut) {
          const state = structuredClone(parts.dump(({ id }) => id));
          parts = make(fired[1]!);
          expect(parts.load(state, ({ id }) => id)).toBe(list.length);
        }
        for (const each of [whole, parts]) each.observe(seconds * 1_000, ref, [{ id: rule, name: null, read: (field) => (fields as Readonly<Record<string, unknown>>)[field] }]);
      });
      whole.finish();
      parts.finish();
      expect(fired[1]).toEqual(fired[0]);
      expect(parts.counts).toEqual(whole.counts);
    }), { numRuns: 150, seed: 8 });
  });

  it('beyond it are counted, and state stays within its limits', () => {
    const list = correlations('type: event_count\nrules: a\ngroup-by: [u]\ntimespan: 10s\ncondition: { gte: 2 }');
    const correlator = new Correlator(list, () => {}, { groupsMax: 10, waitingMax: 5, latenessMs: 200 });
    const observe = (time: number, u: string): void => correlator.observe(time, 0, [{ id: 'a', name: null, read: () => u }]);
    for (let i = 0; i < 30; i += 1) observe(1_000 + i, `u${i}`);
    observe(500, 'x');
    for (let i = 0; i < 20; i += 1) observe(2_000 + i, 'one');
    correlator.finish();
    expect(correlator.counts).toMatchObject({ late: 1, forgottenGroups: 21 });
    expect(correlator.counts.hurried).toBeGreaterThan(0);
  });
});

describe('reading correlations', () => {
  it.each([
    ['type: nonsense\nrules: a\ntimespan: 1s', 'correlation-type'], ['type: event_count\nrules: a\ntimespan: 1x\ncondition: {gte: 1}', 'correlation-timespan'], ['type: event_count\nrules: a\ntimespan: 1s', 'correlation-condition'], ['type: event_count\nrules: zzz\ntimespan: 1s\ncondition: {gte: 1}', 'correlation-reference'], ['type: value_sum\nrules: a\ntimespan: 1s\ncondition: {gte: 1}', 'correlation-field'], ['type: event_count\nrules: c0\ntimespan: 1s\ncondition: {gte: 1}', 'correlation-reference'], ['type: temporal\nrules: [a]\ntimespan: 1s\ncondition: a and b', 'correlation-condition'], ['type: event_count\nrules: a\ntimespan: 1s\ncondition: {about: 1}', 'correlation-condition'],
  ])('%j is refused as %s', (body, code) => {
    expect(() => correlations(body)).toThrow(code);
  });
});
