/**
 * The stored form of `seq`, turned around. Of two copies of an event ReplacingMergeTree keeps the one with the highest version,
 * and the first copy is the one to keep: what is stored once cannot be changed by sending its id again.
 */
const RANK_BASE = Number.MAX_SAFE_INTEGER;
export const rankOf = (seq: number): number => RANK_BASE - seq;
export const seqOf = (rank: number): number => RANK_BASE - rank;
