/** Hours of a week; hour 0 is Thursday 00:00 UTC, where epoch time begins. */
const WEEK_HOURS = 168;
const DAY_HOURS = 24;
/** Longest memory of an hour of the week, in weeks. */
const MEMORY_WEEKS = 12;
/** Days that a source is known before its silence means anything, and of these the ones it was there. */
const DAYS_KNOWN_MIN = 14;
const DAYS_ACTIVE_MIN = 5;
/** Hours of a silence that are looked at; more says nothing more. */
const SILENT_HOURS_MAX = 14 * DAY_HOURS;
/** One working day in twenty is a holiday somewhere (twelve a year), or more where its own days say so: Beta(½, 9½), and never less. */
const OFF_CHANCE_MIN = 0.05;
const OFF_PRIOR = 0.5;
const OFF_PRIOR_DAYS = 10;
/** Hours that lie together in a night or a day off: they are one observation of being quiet. */
const QUIET_RUN_HOURS = 8;
const QUIET_HOURS = 6;

const isWeekend = (day: number): boolean => { const weekday = (((day + 3) % 7) + 7) % 7; return weekday >= 5; };
const mod = (value: number, of: number): number => ((value % of) + of) % of;

export interface RhythmState { first: number; last: number; to: number; hours: Float32Array; active: Float32Array; days: number; activeDays: number; offDays: number; dayActive: boolean; cut: number }

/**
 * When something is usually there: how often each hour of the week has had it (Beta–Binomial, its prior that hour of all working days or of
 * all weekends). Silence is evidence hour by hour, but hours of one day are not independent: a day off silences all of them. So a day's
 * evidence is −log10(h + (1 − h)·Π P(empty)), h the chance that the day is off, and no single day says more than that. h is learned: it is
 * that of people, times how quiet it is when people are away, nights and weekends.
 */
export class Rhythm {
  /** Hour of the first and of the latest presence; hours up to `to` are learned. */
  private state: RhythmState = { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY, to: Number.NEGATIVE_INFINITY, hours: new Float32Array(WEEK_HOURS), active: new Float32Array(WEEK_HOURS), days: 0, activeDays: 0, offDays: 0, dayActive: false, cut: 0 };

  get last(): number { return this.state.last; }
  get first(): number { return this.state.first; }

  /** The next hour, in order, without a gap. `learn` false: it is under suspicion and teaches nothing but that it has passed. */
  take(hour: number, present: boolean, learn: boolean): void {
    const { state } = this;
    if (state.first === Number.POSITIVE_INFINITY && !present) return;
    if (state.first === Number.POSITIVE_INFINITY) state.first = hour;
    if (mod(hour, DAY_HOURS) === 0) state.cut = this.quietest();
    if (learn) {
      const cell = mod(hour, WEEK_HOURS);
      const keep = 1 - 1 / MEMORY_WEEKS;
      state.hours[cell] = state.hours[cell]! * keep + 1;
      state.active[cell] = state.active[cell]! * keep + (present ? 1 : 0);
      if (present) state.dayActive = true;
      if (mod(hour + 1, DAY_HOURS) === state.cut) this.closeDay(hour);
    }
    if (present) state.last = hour;
    state.to = hour;
  }

  private closeDay(hour: number): void {
    const { state } = this;
    state.days += 1;
    if (state.dayActive) state.activeDays += 1;
    else if (this.usual(hour - DAY_HOURS + 1) > 0.5) state.offDays += 1;
    state.dayActive = false;
  }

  /** The chance that a day from this hour on has something in it, as far as the hours say. */
  private usual(from: number): number {
    let empty = 1;
    for (let hour = from; hour < from + DAY_HOURS; hour += 1) empty *= this.emptyChance(hour);
    return 1 - empty;
  }

  get isKnown(): boolean {
    const { days, activeDays } = this.state;
    return days >= DAYS_KNOWN_MIN && activeDays >= DAYS_ACTIVE_MIN;
  }

  /** Decades of evidence that it has fallen silent, if nothing of it has come after `last` up to and including `hour`. */
  silence(hour: number, last: number): number {
    if (!this.isKnown || hour <= last) return 0;
    const from = Math.max(last + 1, hour - SILENT_HOURS_MAX + 1);
    const off = this.offChance;
    const { cut } = this.state;
    let decades = 0;
    let empty = 1;
    for (let at = from; at <= hour; at += 1) {
      empty *= this.emptyChance(at);
      if (at === hour || mod(at + 1, DAY_HOURS) === cut) {
        decades -= Math.log10(off + (1 - off) * empty);
        empty = 1;
      }
    }
    return decades;
  }

  /** P(nothing in this hour), on a day that is not off. */
  emptyChance(hour: number): number {
    const { hours, active } = this.state;
    const cell = mod(hour, WEEK_HOURS);
    const weekend = isWeekend(Math.floor(hour / DAY_HOURS));
    let seen = 0;
    let there = 0;
    for (let day = 0; day < 7; day += 1) {
      if (isWeekend(Math.floor(hour / DAY_HOURS) + day) !== weekend) continue;
      const other = mod(hour + day * DAY_HOURS, WEEK_HOURS);
      seen += hours[other]!;
      there += active[other]!;
    }
    const prior = (there + 0.5) / (seen + 1);
    return 1 - (active[cell]! + prior) / (hours[cell]! + 1);
  }

  /** The chance that a day is off: as it is for people, times the share of quiet times at which it is quiet too. */
  private get offChance(): number {
    const { offDays, days, hours, active, cut } = this.state;
    const people = Math.max(OFF_CHANCE_MIN, (OFF_PRIOR + offDays) / (OFF_PRIOR_DAYS + days));
    let seen = 0;
    let there = 0;
    for (let cell = 0; cell < WEEK_HOURS; cell += 1) {
      const quiet = isWeekend(Math.floor(cell / DAY_HOURS)) || mod(cell - cut + QUIET_HOURS / 2, DAY_HOURS) < QUIET_HOURS;
      if (!quiet) continue;
      seen += hours[cell]!;
      there += active[cell]!;
    }
    const observations = seen / QUIET_RUN_HOURS;
    return Math.min(0.5, people * ((observations - there / QUIET_RUN_HOURS + 0.5) / (observations + 1)));
  }

  /** Its days begin in the middle of the hours at which it is least there: a day off is one day, wherever on earth it is. */
  private quietest(): number {
    const { active } = this.state;
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let hour = 0; hour < DAY_HOURS; hour += 1) {
      let sum = 0;
      for (let near = -QUIET_HOURS / 2; near < QUIET_HOURS / 2; near += 1) for (let day = 0; day < 7; day += 1) sum += active[mod(hour + near, DAY_HOURS) + day * DAY_HOURS]!;
      if (sum < least - 1e-6) { least = sum; best = hour; }
    }
    return best;
  }

  /** Hours of the silence so far at which it would have been expected to be there, on a day that is not off. */
  missed(hour: number, last: number): number {
    let expected = 0;
    for (let at = Math.max(last + 1, hour - SILENT_HOURS_MAX + 1); at <= hour; at += 1) expected += 1 - this.emptyChance(at);
    return expected;
  }

  dump(): unknown {
    return this.state;
  }

  load(state: unknown): void {
    this.state = state as RhythmState;
  }
}
