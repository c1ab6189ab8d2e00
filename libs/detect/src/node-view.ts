import type { Moments } from '@wary/baseline/count-baseline.js';
import { blendMoments } from '@wary/baseline/empirical-bayes.js';
import { CALIBRATED_FROM_SCORES, extendTail, fitTail, placeTail, TAIL_NUMBERS, type FittedTail } from '@wary/baseline/score-calibration.js';
import { smoothWeek, WEEK_HOURS } from '@wary/baseline/week-histogram.js';
import { BEHAVIOUR_COUNT } from './behaviour-weights.js';
import { FEATURE_COUNT, WINDOW_COUNT } from './features.js';
import { SCORE_CELLS, VALUE_CELLS, type PopulationNode } from './population-node.js';

/** A group calibrates its own scores from this many on, as far as its ranks reach; with fewer, and beyond, its kind does. */
const GROUP_SCORES_MIN = 300;

/**
 * What a population node says to those who judge: prior moments (group blended with its kind), fitted tails and the week's shape,
 * computed once per fold of the population. The node changes only then.
 */
export class NodeView {
  readonly node: PopulationNode;
  readonly kind: NodeView | null;
  /** n, mean, variance per window and feature. */
  readonly prior: Float64Array = new Float64Array(VALUE_CELLS * 3);
  /** The five numbers of the tail, and how many scores it is of, per window and behaviour. */
  readonly tails: Float64Array = new Float64Array(SCORE_CELLS * TAIL_NUMBERS);
  readonly scores: Float64Array = new Float64Array(SCORE_CELLS);
  readonly week: Float64Array = new Float64Array(WEEK_HOURS);
  private readonly seen: Float64Array = new Float64Array((WINDOW_COUNT + 1) * 2).fill(-1);

  constructor(node: PopulationNode, kind: NodeView | null) {
    this.node = node;
    this.kind = kind;
  }

  /** True, once, when what belongs to `part` (a window kind, or the week) has changed here or in the kind above. */
  private hasChanged(part: number): boolean {
    const mine = this.node.changes[part]!;
    const above = this.kind === null ? 0 : this.kind.node.changes[part]!;
    if (this.seen[part * 2] === mine && this.seen[part * 2 + 1] === above) return false;
    this.seen[part * 2] = mine;
    this.seen[part * 2 + 1] = above;
    return true;
  }

  /** Brings what is derived for one kind of window up to the node's state; cheap when nothing changed. */
  refresh(window: number): void {
    if (!this.hasChanged(window)) return;
    const { kind } = this;
    // What is derived of the kind is so once for all its groups.
    kind?.refresh(window);
    for (let cell = window * FEATURE_COUNT; cell < (window + 1) * FEATURE_COUNT; cell += 1) {
      this.node.moments(cell, own);
      if (kind !== null) { kind.priorOf(cell, above); blendMoments(own, above, blended); }
      const from = kind === null ? own : blended;
      this.prior[cell * 3] = from.n;
      this.prior[cell * 3 + 1] = from.mean;
      this.prior[cell * 3 + 2] = from.variance;
    }
    const first = window * BEHAVIOUR_COUNT;
    if (kind !== null && this.node.scored[window]! < GROUP_SCORES_MIN) {
      this.tails.set(kind.tails.subarray(first * TAIL_NUMBERS, (first + BEHAVIOUR_COUNT) * TAIL_NUMBERS), first * TAIL_NUMBERS);
      this.scores.set(kind.scores.subarray(first, first + BEHAVIOUR_COUNT), first);
      return;
    }
    for (let cell = first; cell < first + BEHAVIOUR_COUNT; cell += 1) {
      fitTail(this.node.scoreBuckets(cell), this.node.ranked(cell), tail);
      if (kind !== null) extendTail(tail, kind.tails, cell * TAIL_NUMBERS);
      placeTail(tail, this.tails, cell * TAIL_NUMBERS);
      this.scores[cell] = tail.n;
    }
  }

  /** The same for the shape of the week. */
  refreshWeek(): void {
    if (!this.hasChanged(WINDOW_COUNT)) return;
    this.kind?.refreshWeek();
    smoothWeek(this.node.week, this.kind === null ? null : this.kind.week, this.week);
  }

  /** Windows of this length known of the group, or of the kind where the group is new. */
  windows(window: number): number {
    return Math.max(this.node.windows[window]!, this.kind === null ? 0 : this.kind.node.windows[window]! / 4);
  }

  /** Prior moments of a value cell (window kind · FEATURE_COUNT + feature). */
  priorOf(cell: number, out: Moments): void {
    out.n = this.prior[cell * 3]!;
    out.mean = this.prior[cell * 3 + 1]!;
    out.variance = this.prior[cell * 3 + 2]!;
  }

  /** Enough windows of this length were scored: before, nothing is raised. */
  isCalibrated(window: number): boolean {
    return this.scores[window * BEHAVIOUR_COUNT]! >= CALIBRATED_FROM_SCORES;
  }
}

const own: Moments = { n: 0, mean: 0, variance: 0 };
const above: Moments = { n: 0, mean: 0, variance: 0 };
const blended: Moments = { n: 0, mean: 0, variance: 0 };
const tail: FittedTail = { n: 0, start: 0, mass: 0, far: 0, farMass: 0, scale: 0 };
