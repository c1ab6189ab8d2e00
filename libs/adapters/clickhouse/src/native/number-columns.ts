import { Buffer } from 'node:buffer';
import type { Column } from './column.js';

const START_ROWS = 1024;
const KEPT_ROWS_MAX = 65_536;

const view = (values: Uint8Array | Int16Array | Uint32Array | Float64Array, length: number): Buffer => Buffer.from(values.buffer, values.byteOffset, length * values.BYTES_PER_ELEMENT);

/** Narrow numbers, kept as doubles while rows are added (one kind of array in the hot loop) and narrowed once at the end. */
export class NumberColumn implements Column {
  private values = new Float64Array(START_ROWS);
  private rows = 0;
  private filled = 0;

  constructor(readonly name: string, readonly type: keyof typeof NARROW) {}

  push(value: number): void {
    if (this.rows === this.values.length) this.values = grow(this.values);
    if (value !== 0) this.filled += 1;
    this.values[this.rows++] = value;
  }

  get allDefault(): boolean { return this.filled === 0; }
  get byteLength(): number { return this.rows * 8; }

  collect(out: Buffer[]): void {
    const used = this.values.subarray(0, this.rows);
    out.push(view(NARROW[this.type](used), this.rows));
  }

  reset(): void {
    this.rows = 0;
    this.filled = 0;
    if (this.values.length > KEPT_ROWS_MAX) this.values = new Float64Array(KEPT_ROWS_MAX);
  }
}

const NARROW = {
  Bool: (values: Float64Array) => Uint8Array.from(values),
  UInt8: (values: Float64Array) => Uint8Array.from(values),
  Int16: (values: Float64Array) => Int16Array.from(values),
  UInt32: (values: Float64Array) => Uint32Array.from(values),
  Float64: (values: Float64Array) => values,
} as const;

function grow(values: Float64Array): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(values.length * 2);
  grown.set(values);
  return grown;
}

/** 64-bit integers from numbers up to 2^53, as two words: no BigInt on the way. DateTime64 is one of them. */
export class WideColumn implements Column {
  private words = new Uint32Array(START_ROWS * 2);
  private rows = 0;
  private filled = 0;

  constructor(readonly name: string, readonly type: 'UInt64' | "DateTime64(3, 'UTC')") {}

  push(value: number): void {
    const at = this.rows * 2;
    if (at === this.words.length) {
      const grown = new Uint32Array(at * 2);
      grown.set(this.words);
      this.words = grown;
    }
    if (value !== 0) this.filled += 1;
    const high = Math.floor(value / 0x1_0000_0000);
    this.words[at] = value - high * 0x1_0000_0000;
    // A negative high word wraps to two's complement.
    this.words[at + 1] = high;
    this.rows += 1;
  }

  get allDefault(): boolean { return this.filled === 0; }
  get byteLength(): number { return this.rows * 8; }
  collect(out: Buffer[]): void { out.push(view(this.words, this.rows * 2)); }

  reset(): void {
    this.rows = 0;
    this.filled = 0;
    if (this.words.length > KEPT_ROWS_MAX * 2) this.words = new Uint32Array(KEPT_ROWS_MAX * 2);
  }
}

/** A map of nulls, then the values. */
export class NullableColumn implements Column {
  readonly type: string;
  private nulls = new Uint8Array(START_ROWS);
  private values = new Float64Array(START_ROWS);
  private rows = 0;
  private filled = 0;

  constructor(readonly name: string, private readonly inner: 'Bool' | 'Float64') {
    this.type = `Nullable(${inner})`;
  }

  push(value: number | null): void {
    const at = this.rows;
    if (at === this.nulls.length) {
      this.values = grow(this.values);
      const grown = new Uint8Array(at * 2);
      grown.set(this.nulls);
      this.nulls = grown;
    }
    if (value === null) {
      this.nulls[at] = 1;
      this.values[at] = 0;
    } else {
      this.nulls[at] = 0;
      this.values[at] = value;
      this.filled += 1;
    }
    this.rows = at + 1;
  }

  get allDefault(): boolean { return this.filled === 0; }
  get byteLength(): number { return this.rows * 9; }

  collect(out: Buffer[]): void {
    out.push(view(this.nulls, this.rows), view(NARROW[this.inner](this.values.subarray(0, this.rows)), this.rows));
  }

  reset(): void {
    this.rows = 0;
    this.filled = 0;
    if (this.nulls.length > KEPT_ROWS_MAX) {
      this.nulls = new Uint8Array(KEPT_ROWS_MAX);
      this.values = new Float64Array(KEPT_ROWS_MAX);
    }
  }
}
