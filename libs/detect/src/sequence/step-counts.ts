/** Places of the table, a power of two: more than twice the keys of the longest day. */
const PLACES = 2_048;
const KEYS_MAX = 640;

/** Counts by key in the order in which the keys came first; used again and again, so that a day that is over leaves nothing behind. Open addressing with linear probing. */
export class StepCounts {
  readonly keys: Uint32Array = new Uint32Array(KEYS_MAX);
  readonly counts: Uint32Array = new Uint32Array(KEYS_MAX);
  size = 0;
  /** Number of the key + 1; 0 is empty. */
  private readonly table: Uint16Array = new Uint16Array(PLACES);

  add(key: number, count: number): void {
    let place = key & (PLACES - 1);
    for (; this.table[place] !== 0; place = (place + 1) & (PLACES - 1)) {
      const at = this.table[place]! - 1;
      if (this.keys[at] === key) { this.counts[at]! += count; return; }
    }
    this.keys[this.size] = key;
    this.counts[this.size] = count;
    this.size += 1;
    this.table[place] = this.size;
  }

  clear(): this {
    // The table of a short day is emptied key by key; a probe may only be cut from its end.
    if (this.size > 64) this.table.fill(0);
    else for (let at = this.size - 1; at >= 0; at -= 1) this.table[this.placeOf(at)] = 0;
    this.size = 0;
    return this;
  }

  private placeOf(at: number): number {
    let place = this.keys[at]! & (PLACES - 1);
    while (this.table[place] !== at + 1) place = (place + 1) & (PLACES - 1);
    return place;
  }
}
