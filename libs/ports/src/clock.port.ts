/** Wall clock, epoch milliseconds. Stages never call Date.now. */
export interface Clock { now(): number }
/** Deterministic or secure randomness, chosen in the composition root. */
export interface Random {
  /** Uniform in [0,1). */
  next(): number;
  /** A new opaque id, sortable by time of creation. */
  id(): string;
}
export const CLOCK = Symbol.for('wary.Clock');
export const RANDOM = Symbol.for('wary.Random');
