import { betaBinomialLogMass, betaBinomialLogUpper } from '@wary/baseline/beta-binomial.js';
import { CALIBRATED_FROM_SCORES, calibratedStrength, fitTail, placeTail, SCORE_BUCKETS, scoreAtStrength, scoreBucket, TAIL_NUMBERS, type FittedTail } from '@wary/baseline/score-calibration.js';
import type { Finding } from '@wary/model/finding.js';
import { ANALYTICS } from '../analytics.js';
import { DAY_MS, HOUR_MS } from '../engine-limits.js';
import { CAMPAIGN_BUDGET_SHARE, LEVEL_MAX } from '../level-ledger.js';
import { campaignFinding, type CampaignSignal } from './campaign-finding.js';
import { poolCategory, PoolCells, POOLED_BEHAVIOURS, poolWindow, type PoolCell } from './pool-cells.js';

/** Fewer are looked at one by one. */
const POOL_MIN = 4;
/** A pool leans on those of its sort like so many windows of its own. */
const PRIOR_WINDOWS = 60;
const OTHERS_PRIOR = 5;
/** Windows of all pools of a sort from which their share is known. */
const KNOWN_WINDOWS_MIN = 200;
const DAYS_KNOWN_MIN = 3;
const TEST_DAYS = 7;
/** By window: what is left of a sort's past after another hour or day, and of a pool's after another window of its own. */
const SORT_KEPT = [0.999, 0.98] as const;
const POOL_KEPT = [0.99, 0.95] as const;
const POOLS_MAX = 16_384;
const GONE_HOURS = 45 * 24;
const SCORES_MAX = 20_000;
const RANKED_ABOVE_LEVEL = 1;
/** A pool teaches nothing while it is this unusual (decades, of a window or of days together), for so many days. */
const SUSPECT_DECADES = 2;
const SUSPECT_OVER_DECADES = 0.7;
const SUSPECT_DAYS = 14;
/** What is between pools is begun with like so many pairs of windows, of this correlation; and no pool says more of it than a square of so many deviations. */
const PRIOR_PAIRS = 200;
const PRIOR_BETWEEN = 0.02;
const SQUARES_MAX = 6;
/** A campaign that goes on is the same one for so long after an hour, and after a day: beyond a weekend. */
const SAME_MS = [DAY_MS, 4 * DAY_MS] as const;
/** Campaigns with so many of the members in common are one. */
const SAME_MEMBERS = 0.5;
/** Shifts of the odds that the evidence over days bets on, and the most that a day may say. */
const ODDS = [2, 4, 10] as const;
const DAY_FACTOR_MAX = 30;
/** Hours, days, and days one after another share the budget of campaigns. */
const WAYS = 3;

/** Pools of one window, category and behaviour. */
interface SortState { n: number; k: number; /** Σ(z² − 1) and Σ(n − 1): what is between pools beyond chance. */ excess: number; pairs: number; scored: number; readonly buckets: Int32Array }
interface PoolState { n: number; readonly k: Float64Array; last: number; /** ln of the evidence over days, and the days it is of, by behaviour. */ readonly evidence: Float64Array; readonly days: Int32Array }
interface ToldState { readonly signal: CampaignSignal; revision: number; strength: number; until: number }
interface CampaignState { sorts: SortState[]; pools: Map<number, PoolState>; told: Map<string, ToldState>; day: number; today: unknown; tests: number[]; daysKnown: number }

const tail: FittedTail = { n: 0, start: 0, mass: 0, far: 0, farMass: 0, scale: 0 };
const CATEGORY_ROOM = 8;
const sortAt = (window: number, category: number, behaviour: number): number => (window * CATEGORY_ROOM + category) * POOLED_BEHAVIOURS + behaviour;

/**
 * Campaigns: many principals with something in common (a network, a client program, a model) of whom each is a little unusual. How many of a pool's windows are
 * unusual is beta-binomial around what is usual for it, or around the share of all others at the same time where that is higher: what everybody does is no
 * campaign. Counts come with the hours of the population, so all partitions find the same. p-values are re-calibrated by their ranks; over days likelihood ratios
 * for a shift of the odds are summed over all days at which it may have begun (an e-detector, Shiryaev–Roberts).
 */
export class CampaignWatch {
  private sorts: SortState[] = Array.from({ length: 2 * CATEGORY_ROOM * POOLED_BEHAVIOURS }, () => ({ n: 0, k: 0, excess: PRIOR_PAIRS * PRIOR_BETWEEN, pairs: PRIOR_PAIRS, scored: 0, buckets: new Int32Array(SCORE_BUCKETS) }));
  private pools = new Map<number, PoolState>();
  private told = new Map<string, ToldState>();
  private day = Number.NEGATIVE_INFINITY;
  private today = new PoolCells();
  /** Tests of hours, and of days, on each of the latest days. */
  private tests: number[] = new Array<number>(2 * TEST_DAYS).fill(0);
  private daysKnown = 0;
  private membersMin: number = ANALYTICS.campaign.settings.membersMin;

  constructor(private readonly tenant: string, private readonly budgetPerDay: number) {}

  configure(settings: Readonly<Record<string, { readonly thresholds: Readonly<Record<string, number>> } | undefined>>): void {
    this.membersMin = settings['campaign']?.thresholds['membersMin'] ?? ANALYTICS.campaign.settings.membersMin;
  }

  /** Hours that are whole, in order. `out` null: another engine says it. */
  advance(hours: ReadonlyMap<number, PoolCells>, disabled: ReadonlySet<string>, seq: number, out: Finding[] | null): void {
    for (const [hour, cells] of [...hours].sort(([a], [b]) => a - b)) this.step(hour, cells, disabled.has('campaign') ? null : out, seq);
  }

  private step(hour: number, cells: PoolCells, out: Finding[] | null, seq: number): void {
    const day = Math.floor(hour / 24);
    if (day > this.day) {
      if (Number.isFinite(this.day)) this.closeDay(this.day, out, seq);
      for (let passed = Math.max(this.day + 1, day - TEST_DAYS + 1); passed <= day; passed += 1) this.tests[2 * mod(passed)] = this.tests[2 * mod(passed) + 1] = 0;
      this.day = day;
    }
    const ofHour: [number, PoolCell][] = [];
    for (const [key, cell] of cells.list()) {
      if (poolWindow(key) === 0) ofHour.push([key, cell]);
      else this.today.add(key, cell);
    }
    this.judge(0, hour * HOUR_MS, HOUR_MS, ofHour, hour, out, seq);
  }

  private closeDay(day: number, out: Finding[] | null, seq: number): void {
    this.judge(1, day * DAY_MS, DAY_MS, this.today.list(), (day + 1) * 24, out, seq);
    this.today = new PoolCells();
    this.daysKnown = Math.min(TEST_DAYS, this.daysKnown + 1);
    for (const [key, { until }] of this.told) if (until < day * DAY_MS) this.told.delete(key);
    for (const [key, { last }] of this.pools) if (last < (day + 1) * 24 - GONE_HOURS) this.pools.delete(key);
  }

  /** The level of one test: what a day may raise, over the tests of the busiest of the latest days. */
  private levelOf(window: number): number {
    let most = 0;
    for (let at = 0; at < TEST_DAYS; at += 1) most = Math.max(most, this.tests[2 * at + window]!);
    return this.daysKnown < DAYS_KNOWN_MIN || most === 0 ? 0 : Math.min(LEVEL_MAX, (this.budgetPerDay * CAMPAIGN_BUDGET_SHARE) / WAYS / most);
  }

  private judge(window: number, start: number, lengthMs: number, cells: readonly [number, PoolCell][], hour: number, out: Finding[] | null, seq: number): void {
    const level = this.levelOf(window);
    const all = totalsOf(cells);
    const tails = this.tailsOf(window, all);
    const signals: CampaignSignal[] = [];
    const learn: (() => void)[] = [];
    for (const [key, cell] of cells) {
      if (cell.n < POOL_MIN) continue;
      const category = poolCategory(key);
      const pool = this.poolOf(key, hour);
      if (pool === null) continue;
      for (let behaviour = 0; behaviour < POOLED_BEHAVIOURS; behaviour += 1) {
        const sort = this.sorts[sortAt(window, category, behaviour)]!;
        const n = cell.n;
        const k = Math.min(n, cell.flagged[behaviour]!);
        this.tests[2 * mod(this.day) + window]! += 1;
        const usual = shareOf(sort, pool, behaviour);
        const total = all.get(category)!;
        const others = (total.k[behaviour]! - k + OTHERS_PRIOR * usual) / (total.n - n + OTHERS_PRIOR);
        const expected = Math.min(0.95, Math.max(usual, others));
        const size = 1 / betweenOf(sort) - 1;
        const isKnown = sort.n >= KNOWN_WINDOWS_MIN;
        const score = isKnown && k > n * expected ? -betaBinomialLogUpper(k, n, size * expected, size * (1 - expected)) * Math.LOG10E : 0;
        const at = (category * POOLED_BEHAVIOURS + behaviour) * TAIL_NUMBERS;
        const strength = score > 0 ? Math.max(0, calibratedStrength(score, tails, at)) : 0;
        const wanted = level > 0 ? -Math.log10(level) : 6;
        const members = [...cell.members[behaviour]!.keys()].sort();
        const signal = { tenant: this.tenant, key, name: cell.name, behaviour, window, start, end: start + lengthMs, n, k, usual, others, expected, size, members, eventIds: [...cell.members[behaviour]!.values()].sort(), strength, needed: scoreAtStrength(wanted, tails, at), days: 0 };
        const isEnough = isKnown && level > 0 && sort.scored >= CALIBRATED_FROM_SCORES && k >= this.membersMin && members.length >= this.membersMin;
        if (isEnough && strength >= wanted) signals.push(signal);
        const over = window === 1 && isKnown ? addDay(pool, behaviour, k, n, expected, size) : 0;
        if (isEnough && over >= wanted && strength < wanted) signals.push({ ...signal, strength: over, days: pool.days[behaviour]! });
        const isSuspect = strength >= SUSPECT_DECADES || over >= SUSPECT_OVER_DECADES;
        if (pool.days[behaviour]! > SUSPECT_DAYS) pool.evidence[behaviour] = Number.NEGATIVE_INFINITY;
        learn.push(() => { learnPool(sort, pool, behaviour, k, n, expected, Math.min(score, wanted + RANKED_ABOVE_LEVEL), isSuspect, POOL_KEPT[window]!); });
      }
      learn.push(() => { pool.n = pool.n * POOL_KEPT[window]! + cell.n; pool.last = hour; });
    }
    // What is learned now is judged by the next.
    for (let category = 0; category < CATEGORY_ROOM; category += 1) for (let behaviour = 0; behaviour < POOLED_BEHAVIOURS; behaviour += 1) fade(this.sorts[sortAt(window, category, behaviour)]!, SORT_KEPT[window]!);
    for (const teach of learn) teach();
    this.tell(signals, out, seq);
  }

  /** Tails of the ranks, by category and behaviour, for all pools of the window. */
  private tailsOf(window: number, categories: ReadonlyMap<number, unknown>): Float64Array {
    const tails = new Float64Array(CATEGORY_ROOM * POOLED_BEHAVIOURS * TAIL_NUMBERS);
    for (const category of categories.keys()) {
      for (let behaviour = 0; behaviour < POOLED_BEHAVIOURS; behaviour += 1) {
        const { buckets, scored } = this.sorts[sortAt(window, category, behaviour)]!;
        fitTail(buckets, scored, tail);
        placeTail(tail, tails, (category * POOLED_BEHAVIOURS + behaviour) * TAIL_NUMBERS);
      }
    }
    return tails;
  }

  private poolOf(key: number, hour: number): PoolState | null {
    let pool = this.pools.get(key);
    if (pool === undefined) {
      if (this.pools.size >= POOLS_MAX) return null;
      this.pools.set(key, (pool = { n: 0, k: new Float64Array(POOLED_BEHAVIOURS), last: hour, evidence: new Float64Array(POOLED_BEHAVIOURS).fill(Number.NEGATIVE_INFINITY), days: new Int32Array(POOLED_BEHAVIOURS) }));
    }
    return pool;
  }

  /** What fits best first; what has most of its members in common with one that was told is the same campaign, seen from another side. */
  private tell(signals: CampaignSignal[], out: Finding[] | null, seq: number): void {
    for (const signal of signals.sort((a, b) => fitOf(b) - fitOf(a) || b.strength - a.strength || a.key - b.key || a.behaviour - b.behaviour)) {
      const id = `${signal.key}:${signal.behaviour}`;
      const known = this.told.get(id);
      if (known !== undefined && signal.start <= known.until) {
        known.until = endOf(signal);
        if (signal.strength < known.strength + 1) continue;
        known.strength = signal.strength;
        known.revision += 1;
        out?.push(campaignFinding({ ...signal, start: known.signal.start }, known.revision, seq));
        continue;
      }
      const same = [...this.told.values()].find(({ signal: other, until }) => signal.start <= until && sharedOf(signal.members, other.members) >= SAME_MEMBERS);
      if (same !== undefined) { same.until = Math.max(same.until, endOf(signal)); continue; }
      this.told.set(id, { signal, revision: 0, strength: signal.strength, until: endOf(signal) });
      out?.push(campaignFinding(signal, 0, seq));
    }
  }

  get stateItems(): number {
    return this.pools.size;
  }

  dump(): unknown {
    return { sorts: this.sorts, pools: this.pools, told: this.told, day: this.day, today: this.today.dump(), tests: this.tests, daysKnown: this.daysKnown };
  }

  load(state: unknown): void {
    const { sorts, pools, told, day, today, tests, daysKnown } = state as CampaignState;
    Object.assign(this, { sorts, pools, told, day, tests, daysKnown });
    this.today.load(today);
  }
}

const mod = (day: number): number => ((day % TEST_DAYS) + TEST_DAYS) % TEST_DAYS;

function totalsOf(cells: readonly [number, PoolCell][]): Map<number, { n: number; k: Int32Array }> {
  const totals = new Map<number, { n: number; k: Int32Array }>();
  for (const [key, { n, flagged }] of cells) {
    const category = poolCategory(key);
    let total = totals.get(category);
    if (total === undefined) totals.set(category, (total = { n: 0, k: new Int32Array(POOLED_BEHAVIOURS) }));
    total.n += n;
    for (let behaviour = 0; behaviour < POOLED_BEHAVIOURS; behaviour += 1) total.k[behaviour]! += flagged[behaviour]!;
  }
  return totals;
}

/** What is usual for a pool: its own share, shrunk to that of its sort. */
function shareOf(sort: SortState, pool: PoolState, behaviour: number): number {
  const ofSort = (sort.k + 0.5) / (sort.n + 1);
  return Math.min(0.95, (pool.k[behaviour]! + PRIOR_WINDOWS * ofSort) / (pool.n + PRIOR_WINDOWS));
}

/** Correlation between the windows of a pool beyond chance, by moments of what pools did. */
const betweenOf = ({ excess, pairs }: SortState): number => Math.min(0.5, Math.max(0.005, excess / pairs));

function fade(sort: SortState, kept: number): void {
  sort.n *= kept;
  sort.k *= kept;
  sort.excess = PRIOR_PAIRS * PRIOR_BETWEEN * (1 - kept) + sort.excess * kept;
  sort.pairs = PRIOR_PAIRS * (1 - kept) + sort.pairs * kept;
  if (sort.scored <= SCORES_MAX) return;
  sort.scored = Math.floor(sort.scored / 2);
  for (let bucket = 0; bucket < SCORE_BUCKETS; bucket += 1) sort.buckets[bucket] = sort.buckets[bucket]! >> 1;
}

function learnPool(sort: SortState, pool: PoolState, behaviour: number, k: number, n: number, expected: number, score: number, isSuspect: boolean, kept: number): void {
  const mean = n * expected;
  // What may be a campaign teaches what was to be expected.
  const counted = isSuspect ? Math.min(k, mean) : k;
  sort.n += n;
  sort.k += counted;
  if (mean * (1 - expected) > 0) {
    sort.excess += Math.min(SQUARES_MAX, (k - mean) ** 2 / (mean * (1 - expected))) - 1;
    sort.pairs += n - 1;
  }
  sort.scored += 1;
  const bucket = scoreBucket(score);
  if (bucket > 0) sort.buckets[bucket]! += 1;
  pool.k[behaviour] = pool.k[behaviour]! * kept + counted;
}

/** Another day of evidence that the odds have shifted, since some day; gives its decades. R ← (1 + R)·e. */
function addDay({ evidence, days }: PoolState, behaviour: number, k: number, n: number, expected: number, size: number): number {
  let ratio = 0;
  for (const odds of ODDS) {
    const shifted = (odds * expected) / (1 - expected + odds * expected);
    ratio += Math.exp(betaBinomialLogMass(k, n, size * shifted, size * (1 - shifted)) - betaBinomialLogMass(k, n, size * expected, size * (1 - expected))) / ODDS.length;
  }
  const before = evidence[behaviour]!;
  if (before < 0) days[behaviour] = 0;
  days[behaviour]! += 1;
  evidence[behaviour] = Math.log1p(Math.exp(Math.min(before, 600))) + Math.log(Math.max(1e-9, Math.min(DAY_FACTOR_MAX, ratio)));
  return evidence[behaviour]! * Math.LOG10E;
}

const endOf = ({ end, window }: CampaignSignal): number => end + SAME_MS[window]!;

/** Of how much of a campaign something is in common, and to how few others: unusual ones, times their share. */
const fitOf = ({ k, n }: CampaignSignal): number => (k * k) / n;

function sharedOf(one: readonly string[], other: readonly string[]): number {
  const known = new Set(other);
  return one.filter((member) => known.has(member)).length / Math.max(1, Math.min(one.length, other.length));
}
