/**
 * Evidence, at any time, that one group has a higher or lower share of something than another: the E-variable for two streams of Turner, Ly & Grünwald
 * ("Generic E-variables for exact sequential k-sample tests that allow for optional stopping", J. Stat. Plann. Inference 2024). A block is what came of both within a short
 * time: k of n in one group, in the other otherK of otherN. With shares θa and θb chosen before the block, the likelihood under them over the one under
 * θ0 = (n·θa + otherN·θb)/(n + otherN) has a mean of at most one whatever the common share is, and it may be another one in each block. It needs sizes
 * that do not depend on what is decided within the block.
 */
export interface Block { readonly n: number; readonly k: number; readonly otherN: number; readonly otherK: number }

/** Log odds ratios that are bet on, each for higher and for lower. */
export const ODDS_EFFECTS = [0.15, 0.3, 0.6, 1.2] as const;
const EFFECTS = ODDS_EFFECTS.length;
const RATE_MIN = 0.001;
/** Values that the rate of before is worth one half of. */
const RATE_PRIOR = 2;
const LOG_NOTHING = -700;

export interface TwoSampleState {
  /** ln of each process: those for higher, then those for lower, by effect. */
  logs: number[];
  /** Blocks judged, and what came in them of both groups. */
  blocks: number; n: number; k: number;
}

export const createTwoSample = (): TwoSampleState => ({ logs: new Array<number>(2 * EFFECTS).fill(LOG_NOTHING), blocks: 0, n: 0, k: 0 });

/** ln of a block's e-value for a log odds ratio, about a common share that was known before. */
export function twoSampleLogE({ n, k, otherN, otherK }: Block, rate: number, logOdds: number): number {
  if (n === 0 || otherN === 0) return 0;
  const part = n / (n + otherN);
  const one = sigmoid(logit(rate) + logOdds * (1 - part));
  const other = sigmoid(logit(rate) - logOdds * part);
  const both = part * one + (1 - part) * other;
  return k * Math.log(one / both) + (n - k) * Math.log((1 - one) / (1 - both)) + otherK * Math.log(other / both) + (otherN - otherK) * Math.log((1 - other) / (1 - both));
}

/**
 * One block more. A difference may begin late, so each process is a mixture over the blocks it may have begun with, with weights 1/(t(t+1)) that sum to
 * one: M ← (M + w)·E. What has not begun yet stays one, so that M + 1/(t+1) is a test martingale, and by Ville it ever reaches 1/α with chance α at most.
 */
export function addBlock(state: TwoSampleState, block: Block): void {
  const rate = Math.max(RATE_MIN, Math.min(1 - RATE_MIN, (state.k + 0.5 * RATE_PRIOR) / (state.n + RATE_PRIOR)));
  state.blocks += 1;
  const weight = -Math.log(state.blocks * (state.blocks + 1));
  for (let each = 0; each < 2 * EFFECTS; each += 1) {
    const effect = ODDS_EFFECTS[each % EFFECTS]! * (each < EFFECTS ? 1 : -1);
    state.logs[each] = Math.max(LOG_NOTHING, addLogs(state.logs[each]!, weight) + twoSampleLogE(block, rate, effect));
  }
  state.n += block.n + block.otherN;
  state.k += block.k + block.otherK;
}

/** log10 of the e-value that the first group has more (`higher`) or less of it. Each is one by itself. */
export function twoSampleDecades({ logs, blocks }: TwoSampleState, higher: boolean): number {
  let sum = LOG_NOTHING;
  for (let each = 0; each < EFFECTS; each += 1) sum = addLogs(sum, logs[(higher ? 0 : EFFECTS) + each]!);
  return addLogs(sum - Math.log(EFFECTS), -Math.log(blocks + 1)) * Math.LOG10E;
}

const logit = (share: number): number => Math.log(share / (1 - share));
const sigmoid = (odds: number): number => 1 / (1 + Math.exp(-odds));
const addLogs = (one: number, other: number): number => Math.max(one, other) + Math.log1p(Math.exp(-Math.abs(one - other)));
