import type { Finding } from '@wary/model/finding.js';
import { ANALYTICS } from '../analytics.js';
import { HOUR_MS } from '../engine-limits.js';
import { changeOf } from './change-evidence.js';
import { comparedOf, isVersions, keyOf, stepCompared, type ComparedLimits, type ComparisonNews } from './compared-subject.js';
import { comparisonFinding, measureWords } from './comparison-finding.js';
import { differenceOf, effectOf, evidenceOf, sizesOf } from './comparison.js';
import { DRIFT_BUDGET_SHARE } from '../level-ledger.js';
import { subjectUse, subjectModel, type DriftCells } from './drift-cells.js';
import { driftFinding, type DriftSignal } from './drift-finding.js';
import { readable, streamOf } from './drift-streams.js';
import type { ModelDrift } from './model-drift.js';
import { retrainingFinding, retrainingReason, type RetrainingLimits } from './retraining.js';
import { createSubject, release, stepSubject, type StreamNews, type SubjectState } from './watched-subject.js';

/** Models, and models by data set or application, of one tenant. */
export const DRIFT_SUBJECTS_MAX = 256;
/** Not heard of for so long: forgotten. */
const GONE_HOURS = 60 * 24;
const RECENT_DAYS = 7;
const REVISION_DECADES = 2;
const REVISION_FACTOR = 1.5;
/** Between a subject and its stream in the name of what was told. */
const OF = '\u0000\u0000';

interface Told { revision: number; start: number; strength: number }
/** Told of an attribute or a version once: by the pair that was furthest apart. */
interface ToldComparison extends Told { pair: string }
interface WatchState { subjects: Map<string, SubjectState>; told: Map<string, Told>; toldComparisons: Map<string, ToldComparison>; steps: Int32Array; day: number; overflow: number }
interface Thresholds { readonly decadesMin: number; readonly effectMin: number; readonly retraining: RetrainingLimits; readonly compared: ComparedLimits }
type Settings = Readonly<Record<string, { readonly thresholds: Readonly<Record<string, number>> } | undefined>>;

/** Drift of the models of one tenant, by the hours of the population: the same for every order and partition. Silent until a stream has been known for a week. */
export class DriftWatch {
  private subjects = new Map<string, SubjectState>();
  private told = new Map<string, Told>();
  private toldComparisons = new Map<string, ToldComparison>();
  /** Hours of streams that were judged, by day. */
  private steps = new Int32Array(RECENT_DAYS);
  private day = Number.NEGATIVE_INFINITY;
  private leftOut = 0;
  private thresholds: Thresholds;

  constructor(private readonly tenant: string, private readonly budgetPerDay: number) {
    this.thresholds = thresholdsFrom({});
  }

  configure(settings: Settings): void {
    this.thresholds = thresholdsFrom(settings);
  }

  /** log10 of the hours between false alarms of one stream: at least as set, and so that all together stay within their share of the budget. */
  get decades(): number {
    return Math.max(this.thresholds.decadesMin, Math.log10(Math.max(1, Math.max(...this.steps) / (this.budgetPerDay * DRIFT_BUDGET_SHARE))));
  }

  /** Hours that are whole, in order. `out` null: another engine says it. */
  advance(hours: ReadonlyMap<number, DriftCells>, disabled: ReadonlySet<string>, seq: number, out: Finding[] | null): void {
    for (const [hour, cells] of [...hours].sort(([a], [b]) => a - b)) this.step(hour, cells, disabled, seq, out);
  }

  private step(hour: number, cells: DriftCells, disabled: ReadonlySet<string>, seq: number, out: Finding[] | null): void {
    const day = Math.floor(hour / 24);
    for (let passed = Math.max(this.day + 1, day - RECENT_DAYS + 1); passed <= day; passed += 1) this.steps[((passed % RECENT_DAYS) + RECENT_DAYS) % RECENT_DAYS] = 0;
    this.day = Math.max(this.day, day);
    const { decades, thresholds: { effectMin } } = this;
    this.noteApplications(hour, cells);
    for (const subject of [...cells.keys()].sort()) {
      const streams = cells.get(subject)!;
      const state = this.subjectOf(subject, hour, streams.has('err') || streams.has('loss'));
      if (state === null) continue;
      const { news, judged, left } = stepSubject(state, subject, hour, streams, { decades, effectMin });
      this.steps[((day % RECENT_DAYS) + RECENT_DAYS) % RECENT_DAYS]! += judged;
      this.leftOut += left;
      for (const each of news) this.tell(subject, each, state, hour, seq, disabled.has('drift'), out);
      const compared = stepCompared(state.compared, hour, streams, state.release, this.thresholds.compared);
      this.leftOut += compared.left;
      for (const each of compared.news) this.tellComparison(subject, each, hour, seq, disabled.has(isVersions(each.of) ? 'version_gap' : 'group_gap'), out);
      if (disabled.has('retraining')) continue;
      // Asked of a model as a whole, it is not asked of its uses.
      const asked = this.subjects.get(subjectModel(subject))?.asked ?? Number.NaN;
      if (asked > state.asked || Number.isNaN(state.asked)) state.asked = asked;
      const reason = retrainingReason(state, hour, this.thresholds.retraining);
      if (reason === null) continue;
      state.asked = hour;
      out?.push(retrainingFinding(this.tenant, subject, hour, reason, this.thresholds.retraining, seq));
    }
    if (hour % 24 === 0) this.forget(hour);
  }

  /** Null: there are too many, or it is only a release of something nobody uses. */
  private subjectOf(subject: string, hour: number, isUsed: boolean): SubjectState | null {
    const known = this.subjects.get(subject);
    if (known !== undefined) return known;
    if (!isUsed) return null;
    if (this.subjects.size >= DRIFT_SUBJECTS_MAX) { this.leftOut += 1; return null; }
    const state = createSubject(hour);
    this.subjects.set(subject, state);
    return state;
  }

  /** A release of an application is one of every model used on it, there; one of a model is one of all its uses. */
  private noteApplications(hour: number, cells: DriftCells): void {
    for (const [released, streams] of cells) {
      for (const key of streams.keys()) {
        if (key === 'rel.app') for (const [subject, state] of this.subjects) if (subjectUse(subject) === released) release(state, hour, released);
        if (key.startsWith('rel=')) for (const [subject, state] of this.subjects) if (subjectModel(subject) === released) release(state, hour, key.slice(4));
      }
    }
  }

  /** At the alarm, whenever the evidence has grown by half and two decades at least, and at its end. What a model does as a whole is not told of its uses too. */
  private tell(subject: string, { key, stream, state, step }: StreamNews, { streams }: SubjectState, hour: number, seq: number, isOff: boolean, out: Finding[] | null): void {
    const name = `${subject}${OF}${key}`;
    const known = this.told.get(name);
    const start = known?.start ?? state.change.since;
    const others = [...streams].filter(([other, { zone }]) => other !== key && zone === 'alarm').map(([other]) => streamOf(other)!.label).sort();
    const signal: DriftSignal = { tenant: this.tenant, subject, key, stream, state, hour, start, effectMin: this.thresholds.effectMin, others };
    if (step !== 'alarm') {
      this.told.delete(name);
      if (known !== undefined) out?.push(driftFinding(signal, known.revision + 1, seq, step as 'settled' | 'over'));
      return;
    }
    if (isOff || (known === undefined && subjectUse(subject) !== '' && this.told.has(`${subjectModel(subject)}${OF}${key}`))) return;
    if (known !== undefined && state.peak < known.strength) return;
    const revision = known === undefined ? 0 : known.revision + 1;
    this.told.set(name, { revision, start, strength: Math.max(state.peak + REVISION_DECADES, state.peak * REVISION_FACTOR) });
    out?.push(driftFinding(signal, revision, seq, null));
  }

  /** Of the pairs of an attribute the one furthest apart is told, and stays the one until it is over. */
  private tellComparison(subject: string, { of, state, step }: ComparisonNews, hour: number, seq: number, isOff: boolean, out: Finding[] | null): void {
    const what = isVersions(of) ? keyOf(of) : `${of.attribute}${OF}${of.measure.startsWith('label=') ? 'label' : of.measure}`;
    const name = `${subject}${OF}${what}`;
    const known = this.toldComparisons.get(name);
    const { effectMin, versionEffectMin } = this.thresholds.compared;
    const signal = { tenant: this.tenant, subject, of, state, hour, start: known?.start ?? state.first, effectMin: isVersions(of) ? versionEffectMin : effectMin };
    if (known !== undefined && known.pair !== keyOf(of)) return;
    if (step === 'over') {
      this.toldComparisons.delete(name);
      if (known !== undefined) out?.push(comparisonFinding(signal, known.revision + 1, seq, true));
      return;
    }
    if (isOff || (known === undefined && subjectUse(subject) !== '' && this.toldComparisons.has(`${subjectModel(subject)}${OF}${what}`))) return;
    if (known !== undefined && state.peak < known.strength) return;
    const revision = known === undefined ? 0 : known.revision + 1;
    this.toldComparisons.set(name, { revision, start: signal.start, pair: keyOf(of), strength: Math.max(state.peak + REVISION_DECADES, state.peak * REVISION_FACTOR) });
    out?.push(comparisonFinding(signal, revision, seq, false));
  }

  /** Of the model, and of its uses behind it; null when nothing is known of it. */
  describe(model: string): ModelDrift | null {
    const own = [...this.subjects].filter(([subject]) => subjectModel(subject) === model).sort(([a], [b]) => (a < b ? -1 : 1));
    if (own.length === 0) return null;
    const released = own.map(([, state]) => state).reduce((latest, state) => (state.release > latest.release || Number.isNaN(latest.release) ? state : latest));
    return {
      releasedAt: timeOf(released.release), released: released.released, alarmDecades: this.decades,
      streams: own.flatMap(([subject, { streams }]) => [...streams].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, { zone, since, reference, change, effect, evidence }]) => {
        const { scale, label, family, unit } = streamOf(key)!;
        const moved = (zone === 'warning' || zone === 'alarm') && change.n > 0;
        return {
          stream: key, label, family, unit, use: subjectUse(subject), zone, since: timeOf(zone === 'learning' ? reference.first : since),
          usual: reference.hours > 0 ? readable(scale, reference.mean, unit) : null, now: moved ? readable(scale, change.mean, unit) : null,
          effect: moved ? effect : 0, evidence: zone === 'learning' ? 0 : Math.max(0, changeOf(evidence).evidence), events: moved ? change.n : 0, hours: Math.round(reference.hours),
        };
      })),
      comparisons: own.flatMap(([subject, { compared }]) => [...compared.comparisons].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, state]) => {
        const of = comparedOf(key);
        const difference = differenceOf(state);
        const { n, otherN } = sizesOf(state);
        return {
          ...of, label: measureWords(of.measure), use: subjectUse(subject), zone: state.zone, since: state.since * HOUR_MS, share: difference?.share ?? null, otherShare: difference?.otherShare ?? null, low: difference?.low ?? null, high: difference?.high ?? null,
          effect: effectOf(state), evidence: Math.max(0, evidenceOf(state)), events: n, otherEvents: otherN,
        };
      })),
    };
  }

  get overflow(): number {
    return this.leftOut;
  }

  get streamCount(): number {
    let count = 0;
    for (const { streams } of this.subjects.values()) count += streams.size;
    return count;
  }

  dump(): unknown {
    return { subjects: this.subjects, told: this.told, toldComparisons: this.toldComparisons, steps: this.steps, day: this.day, overflow: this.leftOut };
  }

  load(state: unknown): void {
    const { subjects, told, toldComparisons, steps, day, overflow } = state as WatchState;
    Object.assign(this, { subjects, told, toldComparisons, steps, day, leftOut: overflow });
  }

  private forget(hour: number): void {
    for (const [subject, { last }] of this.subjects) {
      if (hour - last <= GONE_HOURS) continue;
      this.subjects.delete(subject);
      for (const told of [this.told, this.toldComparisons]) for (const name of told.keys()) if (name.startsWith(`${subject}${OF}`)) told.delete(name);
    }
  }
}

const timeOf = (hour: number): number | null => (Number.isFinite(hour) ? hour * HOUR_MS : null);

function thresholdsFrom(settings: Settings): Thresholds {
  const of = (id: 'drift' | 'retraining' | 'group_gap' | 'version_gap', name: string): number => settings[id]?.thresholds[name] ?? (ANALYTICS[id].settings as Record<string, number>)[name]!;
  return {
    decadesMin: of('drift', 'decadesMin'), effectMin: of('drift', 'effectMin'),
    compared: { decadesMin: of('group_gap', 'decadesMin'), effectMin: of('group_gap', 'effectMin'), versionDecadesMin: of('version_gap', 'decadesMin'), versionEffectMin: of('version_gap', 'effectMin') },
    retraining: { lossMin: of('retraining', 'lossMin'), labelsMin: of('retraining', 'labelsMin'), decisionsMin: of('retraining', 'decisionsMin'), coolDownDays: of('retraining', 'coolDownDays') },
  };
}
