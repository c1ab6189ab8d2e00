import { comparedCell, FAILED, WRONG } from './comparison-cells.js';
import { createComparison, effectOf, evidenceOf, restartComparison, stepComparison, type ComparisonState, type ComparisonStep } from './comparison.js';
import type { StreamSums } from './drift-cells.js';

/** Of one subject: comparisons, groups of an attribute, labels that are compared between them. */
export const COMPARISONS_MAX = 64;
const VALUES_MAX = 8;
const LABELS_MAX = 4;
/** Not seen for so long: forgotten; a version that has not answered for so long is no champion. */
const GONE_HOURS = 30 * 24;
const RETIRED_HOURS = 7 * 24;

/** What is compared: one value with the rest of its attribute, or one version with another. */
export interface Compared { readonly attribute: string; readonly value: string; readonly against: string; readonly measure: string }
export interface ComparedSubject { comparisons: Map<string, ComparisonState>; /** Versions with the first and last hour of each. */ versions: Map<string, { first: number; last: number }>; restarted: number }
export const createComparedSubject = (): ComparedSubject => ({ comparisons: new Map(), versions: new Map(), restarted: Number.NaN });

export interface ComparisonNews { readonly of: Compared; readonly state: ComparisonState; readonly step: ComparisonStep }
export interface ComparedLimits { readonly decadesMin: number; readonly effectMin: number; readonly versionDecadesMin: number; readonly versionEffectMin: number }

const OF = '\u0001';
export const keyOf = ({ attribute, value, against, measure }: Compared): string => [attribute, value, against, measure].join(OF);
export const comparedOf = (key: string): Compared => { const [attribute, value, against, measure] = key.split(OF) as [string, string, string, string]; return { attribute, value, against, measure }; };
/** A version is compared with the one before it; a group with the rest. */
export const isVersions = ({ attribute }: Compared): boolean => attribute === '';

/** One hour of a subject; gives what is apart, or no longer, the strongest of each attribute first. `left`: what found no place. */
export function stepCompared(subject: ComparedSubject, hour: number, cells: ReadonlyMap<string, StreamSums>, released: number, limits: ComparedLimits): { readonly news: readonly ComparisonNews[]; readonly left: number } {
  // Tables of the hour: attribute → value → what came, all of it and by measure.
  const tables = new Map<string, Map<string, Map<string, { n: number; k: number }>>>();
  for (const key of [...cells.keys()].sort()) {
    const cell = comparedCell(key);
    if (cell === null) continue;
    const values = at(tables, cell.attribute, () => new Map<string, Map<string, { n: number; k: number }>>());
    const { n, sum } = cells.get(key)!;
    at(values, cell.value, () => new Map<string, { n: number; k: number }>()).set(cell.measure, { n, k: sum });
  }
  if (tables.size === 0 && subject.comparisons.size === 0) return { news: [], left: 0 };
  const news: ComparisonNews[] = [];
  if (released > subject.restarted || (Number.isFinite(released) && Number.isNaN(subject.restarted))) {
    for (const [key, state] of subject.comparisons) {
      const of = comparedOf(key);
      if (isVersions(of)) continue;
      if (state.zone === 'apart') news.push({ of, state: { ...state }, step: 'over' });
      restartComparison(state, hour);
    }
    subject.restarted = released;
  }
  let left = 0;
  for (const [attribute, values] of [...tables].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const pairs = attribute === '' ? versionPairs(subject, hour, values) : groupPairs(subject, attribute, values);
    const decades = (attribute === '' ? limits.versionDecadesMin : limits.decadesMin) + Math.log10(Math.max(1, [...subject.comparisons.keys()].filter((key) => comparedOf(key).attribute === attribute).length));
    for (const { of, block } of pairs) {
      let state = subject.comparisons.get(keyOf(of));
      if (state === undefined) {
        if (subject.comparisons.size >= COMPARISONS_MAX) { left += 1; continue; }
        subject.comparisons.set(keyOf(of), (state = createComparison(hour)));
      }
      const step = stepComparison(state, hour, block, { decades, effectMin: attribute === '' ? limits.versionEffectMin : limits.effectMin });
      if (step !== 'nothing') news.push({ of, state, step });
    }
  }
  if (hour % 24 === 0) {
    for (const [key, state] of subject.comparisons) {
      if (hour - state.seen <= GONE_HOURS) continue;
      subject.comparisons.delete(key);
      if (state.zone === 'apart') news.push({ of: comparedOf(key), state, step: 'over' });
    }
  }
  return { news: news.sort((a, b) => evidenceOf(b.state) - evidenceOf(a.state) || effectOf(a.state) - effectOf(b.state) || (keyOf(a.of) < keyOf(b.of) ? -1 : 1)), left };
}

interface Pair { readonly of: Compared; readonly block: { readonly n: number; readonly k: number; readonly otherN: number; readonly otherK: number } }

/** Each group against the rest, for each label that is decided, and for what was wrong. */
function groupPairs({ comparisons }: ComparedSubject, attribute: string, values: ReadonlyMap<string, ReadonlyMap<string, { readonly n: number; readonly k: number }>>): Pair[] {
  const known = [...comparisons.keys()].map(comparedOf).filter((of) => of.attribute === attribute);
  const groups = chosen([...known.map(({ value }) => value), ...[...values.keys()].sort()], VALUES_MAX);
  const labels = chosen([...known.map(({ measure }) => measure), ...[...values.values()].flatMap((measures) => [...measures.keys()]).sort()].filter((measure) => measure !== WRONG), LABELS_MAX);
  const total = (measures: ReadonlyMap<string, { readonly k: number }>): number => { let n = 0; for (const [measure, { k }] of measures) if (measure !== WRONG) n += k; return n; };
  const pairs: Pair[] = [];
  for (const measure of [...labels, WRONG]) {
    const sides = new Map([...values].map(([value, measures]) => [value, measure === WRONG ? measures.get(WRONG) ?? { n: 0, k: 0 } : { n: total(measures), k: measures.get(measure)?.k ?? 0 }]));
    let [allN, allK] = [0, 0];
    for (const { n, k } of sides.values()) { allN += n; allK += k; }
    if (allN === 0) continue;
    for (const value of groups) {
      const { n, k } = sides.get(value) ?? { n: 0, k: 0 };
      pairs.push({ of: { attribute, value, against: '', measure }, block: { n, k, otherN: allN - n, otherK: allK - k } });
    }
  }
  return pairs;
}

/** Every version that answers beside the one that has been there longest. */
function versionPairs({ versions }: ComparedSubject, hour: number, values: ReadonlyMap<string, ReadonlyMap<string, { readonly n: number; readonly k: number }>>): Pair[] {
  for (const version of [...values.keys()].sort()) {
    const known = versions.get(version);
    if (known !== undefined) known.last = hour;
    else if (versions.size < VALUES_MAX) versions.set(version, { first: hour, last: hour });
  }
  for (const [version, { last }] of versions) if (hour - last > RETIRED_HOURS) versions.delete(version);
  const [champion, ...challengers] = [...versions].sort(([a, { first }], [b, other]) => first - other.first || (a < b ? -1 : 1)).map(([version]) => version);
  if (champion === undefined) return [];
  const none = { n: 0, k: 0 };
  return challengers.flatMap((value) => [WRONG, FAILED].map((measure): Pair => {
    const { n, k } = values.get(value)?.get(measure) ?? none;
    const other = values.get(champion)?.get(measure) ?? none;
    return { of: { attribute: '', value, against: champion, measure }, block: { n, k, otherN: other.n, otherK: other.k } };
  }).filter(({ block }) => block.n + block.otherN > 0));
}

const chosen = (names: readonly string[], most: number): string[] => [...new Set(names)].slice(0, most);
function at<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = create()));
  return value;
}
