import { ACT_FAMILY_COUNT } from './acts.js';

/** What is unusual about the acts of one day, by family: the strongest piece, what it is, and how often it was done. Lives and dies with its day window. */
export class ActDay {
  score = 0;
  readonly values: Float64Array = new Float64Array(ACT_FAMILY_COUNT);
  readonly hashes: Uint32Array = new Uint32Array(ACT_FAMILY_COUNT);
  readonly counts: Float64Array = new Float64Array(ACT_FAMILY_COUNT);
  /** 1 where it is the days before that speak. */
  readonly slow: Uint8Array = new Uint8Array(ACT_FAMILY_COUNT);

  /** Takes a piece of evidence; true when it is the strongest of its family. */
  put(family: number, value: number, hash: number, count: number, slow: boolean): boolean {
    if (value <= this.values[family]!) return false;
    this.values[family] = value;
    this.hashes[family] = hash;
    this.counts[family] = count;
    this.slow[family] = Number(slow);
    return true;
  }

  dump(): unknown[] {
    return [this.score, this.values, this.hashes, this.counts, this.slow];
  }

  static load(state: unknown[]): ActDay {
    const [score, values, hashes, counts, slow] = state as [number, Float64Array, Uint32Array, Float64Array, Uint8Array];
    const day = new ActDay();
    day.score = score;
    day.values.set(values);
    day.hashes.set(hashes);
    day.counts.set(counts);
    day.slow.set(slow);
    return day;
  }
}
