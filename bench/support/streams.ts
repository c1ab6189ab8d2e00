/** mulberry32: small, seeded, good enough for a million draws a stream. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Value number `index` of a stream. */
export type Stream = (random: () => number, index: number) => number;

export const errors = (rate: number): Stream => (random) => (random() < rate ? 1 : 0);
export const errorsRamp = (from: number, to: number, over: number): Stream => (random, i) => (random() < from + (to - from) * Math.min(1, i / over) ? 1 : 0);
export const errorsSeason = (rate: number, swing: number, period: number): Stream => (random, i) => (random() < rate + swing * Math.sin((2 * Math.PI * i) / period) ? 1 : 0);
/** Box–Muller. */
export const gaussian = (random: () => number): number => Math.sqrt(-2 * Math.log(Math.max(1e-300, random()))) * Math.cos(2 * Math.PI * random());
export const normal = (mean: number): Stream => (random) => mean + gaussian(random);
export const normalSeason = (swing: number, period: number): Stream => (random, i) => swing * Math.sin((2 * Math.PI * i) / period) + gaussian(random);
