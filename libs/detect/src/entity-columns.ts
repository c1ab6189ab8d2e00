export const STATE = { free: 0, awake: 1, resting: 2, cold: 3 } as const;
const START = 64;

/** What is known of each entity of a tenant by its number, without looking at its record. Numbers of forgotten entities are given again. */
export class EntityColumns {
  state: Uint8Array = new Uint8Array(START);
  /** Handle of its record, unless it is awake. */
  record: Uint32Array = new Uint32Array(START);
  /** Of a resting one: its newest event, the hour from which a window of it may be closed for silence, and whether it is no newcomer any more. */
  watermark: Float64Array = new Float64Array(START);
  idleFrom: Uint32Array = new Uint32Array(START);
  settled: Uint8Array = new Uint8Array(START);
  next = 0;
  free: number[] = [];

  take(): number {
    const reused = this.free.pop();
    if (reused !== undefined) return reused;
    if (this.next === this.state.length) this.grow(this.next * 2);
    this.next += 1;
    return this.next - 1;
  }

  release(ordinal: number): void {
    this.state[ordinal] = STATE.free;
    this.record[ordinal] = 0;
    this.free.push(ordinal);
  }

  /** So many numbers, all without an entity yet. */
  begin(next: number, free: Iterable<number>): void {
    if (next > this.state.length) this.grow(next);
    this.next = next;
    this.free = [...free];
  }

  private grow(length: number): void {
    const grown = <T extends Uint8Array | Uint32Array | Float64Array>(column: T, into: T): T => { into.set(column); return into; };
    this.state = grown(this.state, new Uint8Array(length));
    this.record = grown(this.record, new Uint32Array(length));
    this.watermark = grown(this.watermark, new Float64Array(length));
    this.idleFrom = grown(this.idleFrom, new Uint32Array(length));
    this.settled = grown(this.settled, new Uint8Array(length));
  }
}
