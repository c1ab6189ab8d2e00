import { SHARDS } from '@wary/model/shard.js';
import { WINDOW_COUNT, WINDOWS } from './features.js';

/** Tests are counted for each kind of window, and apart from these the steps of sequential detectors. */
export const SEQUENTIAL = WINDOW_COUNT;
export const TEST_KINDS = WINDOW_COUNT + 1;
const CELLS = SHARDS * TEST_KINDS;
/** A forecast is the mean of the days of its sort (working days, weekends) among so many before: the busiest of them would leave half the budget to tests that do not come. */
const FORECAST_DAYS = 7;
const PLANS_MAX = 9;
/** Share of the budget that is spread evenly over the shards, for entities nobody has forecast. */
const RESERVE = 0.15;
/** What is more often than once in a hundred windows is no finding, however small the tenant; and what a p is worth is measured down to 0.01 and beyond. */
export const LEVEL_MAX = 1e-2;
/** Tests of one entity on one day, where nothing is known: windows with any activity in them. */
const TYPICAL_TESTS = [40, 8, 1] as const;
/** Beyond its forecast, a shard keeps this share of it in sight, so that what comes late has some level too. */
const FORECAST_KEPT = 0.25;
/** 1970-01-01 was a Thursday. */
const isWeekend = (day: number): boolean => (day + 3) % 7 >= 5;
/** Windows share this much of the budget, drift of models this, campaigns over many principals this; the rest belongs to the other sequential detectors. */
export const WINDOWS_BUDGET_SHARE = 0.95;
export const DRIFT_BUDGET_SHARE = 0.01;
export const CAMPAIGN_BUDGET_SHARE = 0.01;

/** Of each cell: what is allotted, the tests forecast, what is spent, the tests so far. Side by side, for a draw reads all four. */
interface Plan { readonly day: number; readonly cells: Float64Array; readonly steps: number }
const ALLOTTED = 0;
const FORECAST = 1;
const SPENT = 2;
const TESTS = 3;

/**
 * The false-alarm budget: a day's B is cut into window kinds and shards from the forecast of the tests each will make, and every
 * test draws its level before its data is seen. A shard never draws more than its cut, so the levels of a day sum to at most B,
 * whoever runs the shard and in whatever order the shards are run. What a test does not use is spent; nothing is carried over.
 * Tests count in units: an entity on a watch-list draws several and the others get less (the sum stays).
 */
export class LevelLedger {
  budgetPerDay: number;
  /** Tests per closed day, as the population knows them: day → units by shard and window kind. */
  private history = new Map<number, Int32Array>();
  private plans = new Map<number, Plan>();

  constructor(budgetPerDay: number) {
    this.budgetPerDay = budgetPerDay;
  }

  /** Tests opened in an hour that is closed on all shards, by shard and kind. */
  addTests(day: number, units: Int32Array): void {
    let tests = this.history.get(day);
    if (tests === undefined) {
      tests = new Int32Array(CELLS);
      this.history.set(day, tests);
      if (this.history.size > FORECAST_DAYS + 2) this.history.delete(Math.min(...this.history.keys()));
    }
    for (let cell = 0; cell < CELLS; cell += 1) tests[cell]! += units[cell]!;
  }

  /** Fixes the cuts of a day. Called when the population has closed the hours that the day may know, and never again for that day. */
  plan(day: number): void {
    if (this.plans.has(day)) return;
    const forecast = this.forecastOf(day);
    const cells = new Float64Array(CELLS * 4);
    for (let cell = 0; cell < CELLS; cell += 1) cells[cell * 4 + FORECAST] = forecast[cell]!;
    for (let window = 0; window < WINDOW_COUNT; window += 1) {
      let total = 0;
      for (let shard = 0; shard < SHARDS; shard += 1) total += forecast[shard * TEST_KINDS + window]!;
      const budget = this.budgetPerDay * WINDOWS_BUDGET_SHARE * WINDOWS[window]!.levelShare;
      for (let shard = 0; shard < SHARDS; shard += 1) {
        const cell = shard * TEST_KINDS + window;
        cells[cell * 4 + ALLOTTED] = budget * (total === 0 ? 1 / SHARDS : ((1 - RESERVE) * forecast[cell]!) / total + RESERVE / SHARDS);
      }
    }
    let steps = 0;
    for (let shard = 0; shard < SHARDS; shard += 1) steps += forecast[shard * TEST_KINDS + SEQUENTIAL]!;
    this.plans.set(day, { day, cells, steps });
    if (this.plans.size > PLANS_MAX) this.plans.delete(Math.min(...this.plans.keys()));
  }

  /** Tests that a day will bring, by shard and kind. */
  private forecastOf(day: number): Float64Array {
    const forecast = new Float64Array(CELLS);
    const past = [...this.history].filter(([other]) => other < day && other >= day - FORECAST_DAYS);
    const alike = past.filter(([other]) => isWeekend(other) === isWeekend(day));
    const days = alike.length > 0 ? alike : past;
    for (const [, tests] of days) for (let cell = 0; cell < CELLS; cell += 1) forecast[cell]! += tests[cell]! / days.length;
    return forecast;
  }

  /** The level of a test that begins now; what is left over the tests still expected. */
  draw(day: number, shard: number, window: number, units: number): number {
    let plan = this.plans.get(day);
    if (plan === undefined) { this.plan(day); plan = this.plans.get(day); }
    // A day older than all that are kept has no budget left.
    if (plan === undefined) return 0;
    const { cells } = plan;
    const at = (shard * TEST_KINDS + window) * 4;
    const forecast = cells[at + FORECAST]!;
    const left = cells[at + ALLOTTED]! - cells[at + SPENT]!;
    const expected = Math.max(forecast - cells[at + TESTS]!, FORECAST_KEPT * (forecast > 0 ? forecast : TYPICAL_TESTS[window]!), units);
    const level = Math.min(LEVEL_MAX, (left * units) / expected);
    cells[at + TESTS]! += units;
    cells[at + SPENT]! += level;
    return level;
  }

  /** log10 of the run length that keeps the sequential detectors' expected false alarms of a day (steps / run length) within their part of the budget. */
  runLengthDecades(day: number): number {
    const plan = this.plans.get(day);
    return plan === undefined ? 0 : Math.log10(Math.max(1, plan.steps / (this.budgetPerDay * (1 - WINDOWS_BUDGET_SHARE - DRIFT_BUDGET_SHARE - CAMPAIGN_BUDGET_SHARE))));
  }

  /** Sum of the levels drawn on a day. */
  spentOn(day: number): number {
    const cells = this.plans.get(day)?.cells ?? new Float64Array(0);
    let spent = 0;
    for (let at = SPENT; at < cells.length; at += 4) spent += cells[at]!;
    return spent;
  }

  dump(): unknown {
    return { history: this.history, plans: this.plans };
  }

  load(state: unknown): void {
    const { history, plans } = state as { history: Map<number, Int32Array>; plans: Map<number, Plan> };
    this.history = history;
    this.plans = plans;
  }
}
