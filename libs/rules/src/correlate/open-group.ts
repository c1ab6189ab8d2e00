import type { SigmaCorrelation } from '../language/rule-model.js';
import type { CorrelatorCounts, CorrelatorLimits, RefCodec } from './correlation-limits.js';
import { createGroupState, type GroupState, type Observation } from './group-state.js';

/** So many observations of one group can at least be put into their order again when a late one comes. */
const LOG_MAX = 32;

/** When a group of an eager correlator fired, and by which observation. */
export interface Fired<R> { readonly time: number; readonly ref: R; readonly refs: readonly R[] }

/**
 * One group that is judged at once, at the event that comes, while late events still find their place: the latest observations are kept,
 * and a late one is put among them and all are judged again in the order of time. What has fired does not fire again within a timespan.
 * With counts, distinct counts and sequences the group fires at some point just when it would have over ordered events.
 */
export class OpenGroup<R> {
  private state: GroupState<R>;
  private log: Observation<R>[] = [];
  /** Of what came before this time the log may miss something. */
  private wholeFrom = Number.NEGATIVE_INFINITY;
  private firedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly correlation: SigmaCorrelation, private readonly limits: CorrelatorLimits, private readonly counts: CorrelatorCounts) {
    this.state = createGroupState<R>(correlation, limits, counts);
  }

  observe(observation: Observation<R>): Fired<R> | null {
    const { timespanMs } = this.correlation;
    const { log } = this;
    const last = log.at(-1);
    const { time, rule, ref } = observation;
    if (last === undefined || last.time < time || (last.time === time && last.rule <= rule)) {
      this.keep(observation);
      if (!this.state.observe(observation) || time - this.firedAt <= timespanMs) return null;
      this.firedAt = time;
      return { time, ref, refs: this.state.refs() };
    }
    if (this.wholeFrom > time - timespanMs) {
      // Too much happened since to put it in its place: it counts as it comes.
      this.counts.hurried += 1;
      if (!this.state.observe(observation) || Math.abs(time - this.firedAt) <= timespanMs) return null;
      this.firedAt = Math.max(this.firedAt, time);
      return { time, ref, refs: this.state.refs() };
    }
    let place = log.length;
    while (place > 0 && (log[place - 1]!.time > time || (log[place - 1]!.time === time && log[place - 1]!.rule > rule))) place -= 1;
    log.splice(place, 0, observation);
    return this.judgeAgain(time);
  }

  private judgeAgain(from: number): Fired<R> | null {
    const { timespanMs } = this.correlation;
    this.state = createGroupState<R>(this.correlation, this.limits, this.counts);
    let fired: Fired<R> | null = null;
    for (const each of this.log) {
      if (!this.state.observe(each) || fired !== null || each.time < from || Math.abs(each.time - this.firedAt) <= timespanMs) continue;
      fired = { time: each.time, ref: each.ref, refs: this.state.refs() };
    }
    if (fired !== null) this.firedAt = Math.max(this.firedAt, fired.time);
    return fired;
  }

  private keep(observation: Observation<R>): void {
    const { log } = this;
    log.push(observation);
    // Cut now and then, to half.
    if (log.length < 2 * LOG_MAX) return;
    this.wholeFrom = log[log.length - LOG_MAX - 1]!.time;
    this.log = log.slice(-LOG_MAX);
  }

  dump(codec: RefCodec<R>): unknown {
    const { log } = this;
    // In columns of plain values, which are written many times faster than objects.
    return {
      state: this.state.dump(codec), wholeFrom: this.wholeFrom, firedAt: this.firedAt, rules: log.map(({ rule }) => rule), times: log.map(({ time }) => time),
      refs: log.map(({ ref }) => codec.encode(ref)), values: log.map(({ values }) => (values.length === 1 ? values[0]! : values)),
    };
  }

  load(saved: unknown, codec: RefCodec<R>): this {
    const { state, wholeFrom, firedAt, rules, times, refs, values } = saved as {
      state: unknown; wholeFrom: number; firedAt: number; rules: number[]; times: number[]; refs: unknown[]; values: (string | number | (string | number)[])[];
    };
    this.state.load(state, codec);
    this.log = rules.map((rule, index) => {
      const value = values[index]!;
      return { rule, time: times[index]!, ref: codec.decode(refs[index]), values: typeof value === 'object' ? value : [value] };
    });
    this.wholeFrom = wholeFrom;
    this.firedAt = firedAt;
    return this;
  }
}
