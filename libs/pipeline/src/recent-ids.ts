/** Ids of a batch before the arrays grow; a power of two. */
const WAITING_START = 1024;

/**
 * A bounded set of the latest ids, for the admission check: a resend must not become a second event.
 * Ids are kept as 64-bit hashes (two seeded 32-bit ones), so a million of them take 28 MB whatever their length;
 * the chance that a new id is taken for a known one is about n / 2^64. When full, the oldest leaves.
 */
export class RecentIds {
  readonly idsMax: number;
  private readonly slots: number;
  private readonly seed: number;
  /** Open addressing with linear probing; a slot holds ring position + 1, 0 is empty. */
  private readonly table: Int32Array;
  private readonly ringHigh: Uint32Array;
  private readonly ringLow: Uint32Array;
  private next = 0;
  private count = 0;
  private high = 0;
  private low = 0;
  /** The ids that wait, with a table of their own, so that each is hashed once. */
  private waitingHigh = new Uint32Array(WAITING_START);
  private waitingLow = new Uint32Array(WAITING_START);
  private waitingTable = new Int32Array(WAITING_START * 2);
  private waiting = 0;

  /** `idsMax` ids at most; `seed` makes collisions unpredictable to a sender. */
  constructor(idsMax: number, seed: number) {
    this.idsMax = idsMax;
    this.seed = seed >>> 0;
    this.slots = 2 ** Math.ceil(Math.log2(idsMax * 2));
    this.table = new Int32Array(this.slots);
    this.ringHigh = new Uint32Array(idsMax);
    this.ringLow = new Uint32Array(idsMax);
  }

  get size(): number {
    return this.count;
  }

  has(scope: string, id: string): boolean {
    this.hash(scope, id);
    return this.table[this.find()] !== 0;
  }

  /** True when the id is neither known nor waiting; then it waits until `keepWaiting` or `dropWaiting`. */
  wait(scope: string, id: string): boolean {
    this.hash(scope, id);
    if (this.table[this.find()] !== 0) return false;
    if (this.waiting === this.waitingHigh.length) this.growWaiting();
    const slot = this.findWaiting();
    if (this.waitingTable[slot] !== 0) return false;
    this.waitingHigh[this.waiting] = this.high;
    this.waitingLow[this.waiting] = this.low;
    this.waiting += 1;
    this.waitingTable[slot] = this.waiting;
    return true;
  }

  /** What waits becomes known, in the order of the calls. */
  keepWaiting(): void {
    for (let i = 0; i < this.waiting; i += 1) {
      this.high = this.waitingHigh[i]!;
      this.low = this.waitingLow[i]!;
      this.addHashed();
    }
    this.dropWaiting();
  }

  /** What waits is forgotten. */
  dropWaiting(): void {
    if (this.waiting > 0) this.waitingTable.fill(0);
    this.waiting = 0;
  }

  /** True when the id was new. */
  add(scope: string, id: string): boolean {
    this.hash(scope, id);
    return this.addHashed();
  }

  private addHashed(): boolean {
    const { high, low } = this;
    let slot = this.find();
    if (this.table[slot] !== 0) return false;
    if (this.count === this.idsMax) {
      this.evictOldest();
      this.high = high;
      this.low = low;
      slot = this.find();
    }
    const position = this.next;
    this.ringHigh[position] = high;
    this.ringLow[position] = low;
    this.table[slot] = position + 1;
    this.next = (position + 1) % this.idsMax;
    this.count = Math.min(this.count + 1, this.idsMax);
    return true;
  }

  /** The ids as hashes, oldest first, for a snapshot. */
  dump(): { high: Uint32Array; low: Uint32Array } {
    const high = new Uint32Array(this.count);
    const low = new Uint32Array(this.count);
    for (let i = 0; i < this.count; i += 1) {
      const position = (this.next - this.count + i + this.idsMax) % this.idsMax;
      high[i] = this.ringHigh[position]!;
      low[i] = this.ringLow[position]!;
    }
    return { high, low };
  }

  /** Takes the ids of a snapshot into an empty set of the same seed; when there are more than fit, the latest. */
  load({ high, low }: { high: Uint32Array; low: Uint32Array }): void {
    for (let i = Math.max(0, high.length - this.idsMax); i < high.length; i += 1) {
      this.high = high[i]!;
      this.low = low[i]!;
      const slot = this.find();
      if (this.table[slot] !== 0) continue;
      this.ringHigh[this.next] = this.high;
      this.ringLow[this.next] = this.low;
      this.table[slot] = this.next + 1;
      this.next = (this.next + 1) % this.idsMax;
      this.count += 1;
    }
  }

  /** Slot of the hash in `high`/`low`, or the empty slot where it would go. */
  private find(): number {
    const mask = this.slots - 1;
    for (let slot = this.low & mask; ; slot = (slot + 1) & mask) {
      const position = this.table[slot]! - 1;
      if (position < 0 || (this.ringHigh[position] === this.high && this.ringLow[position] === this.low)) return slot;
    }
  }

  /** The same in the table of those that wait. */
  private findWaiting(): number {
    const mask = this.waitingTable.length - 1;
    for (let slot = this.low & mask; ; slot = (slot + 1) & mask) {
      const position = this.waitingTable[slot]! - 1;
      if (position < 0 || (this.waitingLow[position] === this.low && this.waitingHigh[position] === this.high)) return slot;
    }
  }

  private growWaiting(): void {
    const { high, low } = this;
    const highs = new Uint32Array(this.waiting * 2);
    const lows = new Uint32Array(this.waiting * 2);
    highs.set(this.waitingHigh);
    lows.set(this.waitingLow);
    this.waitingHigh = highs;
    this.waitingLow = lows;
    this.waitingTable = new Int32Array(this.waiting * 4);
    for (let i = 0; i < this.waiting; i += 1) {
      this.high = highs[i]!;
      this.low = lows[i]!;
      this.waitingTable[this.findWaiting()] = i + 1;
    }
    this.high = high;
    this.low = low;
  }

  /** Removes the ring's oldest entry, shifting later probes back so that chains stay whole (Knuth, TAOCP 3, 6.4, algorithm R). */
  private evictOldest(): void {
    this.high = this.ringHigh[this.next]!;
    this.low = this.ringLow[this.next]!;
    const mask = this.slots - 1;
    let hole = this.find();
    this.table[hole] = 0;
    for (let slot = (hole + 1) & mask; this.table[slot] !== 0; slot = (slot + 1) & mask) {
      const home = this.ringLow[this.table[slot]! - 1]! & mask;
      const staysPut = hole <= slot ? hole < home && home <= slot : hole < home || home <= slot;
      if (staysPut) continue;
      this.table[hole] = this.table[slot]!;
      this.table[slot] = 0;
      hole = slot;
    }
    this.count -= 1;
  }

  /** Two lanes of multiply-xorshift over UTF-16 units (constants of MurmurHash3's 32-bit finaliser). */
  private hash(scope: string, id: string): void {
    let a = this.seed ^ 0x9e3779b9;
    let b = Math.imul(this.seed, 0x85ebca6b) ^ scope.length;
    for (let i = 0; i < scope.length; i += 1) {
      a = Math.imul(a ^ scope.charCodeAt(i), 0x85ebca6b);
      b = Math.imul(b ^ scope.charCodeAt(i), 0xc2b2ae35);
    }
    for (let i = 0; i < id.length; i += 1) {
      const unit = id.charCodeAt(i);
      a = Math.imul(a ^ unit, 0xcc9e2d51);
      a = (a << 15) | (a >>> 17);
      b = Math.imul(b ^ unit, 0x1b873593);
      b = (b << 13) | (b >>> 19);
    }
    this.high = finish(a ^ id.length);
    this.low = finish(b ^ Math.imul(a, 0x27d4eb2f));
  }
}

function finish(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
