/** A block of records. All views look at the same bytes, so that what belongs together lies together: a cache line, not five. */
export interface Chunk { readonly f64: Float64Array; readonly f32: Float32Array; readonly u32: Uint32Array; readonly u16: Uint16Array; readonly u8: Uint8Array }

const CHUNK_SHIFT = 8;
const CHUNK_ROWS = 1 << CHUNK_SHIFT;

/**
 * Records of fixed width in typed arrays, 256 to a chunk: no object per number, and no copy when it grows.
 * Freed rows are used again, as they are: who takes one begins by clearing what it needs to be clear.
 */
export class Slab {
  readonly rowBytes: number;
  private readonly chunks: Chunk[] = [];
  private next = 0;
  private readonly free: number[] = [];

  /** `rowBytes` must be a multiple of 8; a multiple of 64 keeps rows on cache lines of their own. */
  constructor(rowBytes: number) {
    this.rowBytes = rowBytes;
  }

  get rows(): number {
    return this.next - this.free.length;
  }

  get bytes(): number {
    return this.chunks.length * CHUNK_ROWS * this.rowBytes;
  }

  alloc(): number {
    const reused = this.free.pop();
    if (reused !== undefined) return reused;
    if ((this.next & (CHUNK_ROWS - 1)) === 0) this.chunks.push(viewsOf(new ArrayBuffer(CHUNK_ROWS * this.rowBytes)));
    this.next += 1;
    return this.next - 1;
  }

  release(row: number): void {
    this.free.push(row);
  }

  clear(row: number): void {
    const from = this.offsetOf(row);
    this.chunkOf(row).f64.fill(0, from / 8, (from + this.rowBytes) / 8);
  }

  chunkOf(row: number): Chunk {
    return this.chunks[row >>> CHUNK_SHIFT]!;
  }

  /** Bytes from the beginning of the chunk. */
  offsetOf(row: number): number {
    return (row & (CHUNK_ROWS - 1)) * this.rowBytes;
  }
}

const viewsOf = (buffer: ArrayBuffer): Chunk =>
  ({ f64: new Float64Array(buffer), f32: new Float32Array(buffer), u32: new Uint32Array(buffer), u16: new Uint16Array(buffer), u8: new Uint8Array(buffer) });

/** A row with its place in the five views: `d` doubles, `f` floats and words, `h` half words, `b` bytes from the chunk's beginning. */
export abstract class SlabRow {
  readonly chunk: Chunk;
  readonly d: number;
  readonly f: number;
  readonly b: number;
  readonly h: number;
  readonly row: number;

  constructor(slab: Slab, row: number) {
    const offset = slab.offsetOf(row);
    this.chunk = slab.chunkOf(row);
    this.d = offset / 8;
    this.f = offset / 4;
    this.b = offset;
    this.h = offset / 2;
    this.row = row;
  }
}

/** Lays out a record: gives each field its place in elements of its own view. Fields follow each other; each begins aligned to its size. */
export class Layout {
  private at = 0;

  f64(count = 1): number { return this.take(8, count); }
  f32(count = 1): number { return this.take(4, count); }
  u32(count = 1): number { return this.take(4, count); }
  u16(count = 1): number { return this.take(2, count); }
  u8(count = 1): number { return this.take(1, count); }

  /** A stretch of bytes on a line of its own; gives its first byte. */
  space(bytes: number): number {
    this.line();
    return this.take(1, bytes);
  }

  /** To the next cache line, where a group of fields that are used together should begin. */
  line(): this {
    this.at = Math.ceil(this.at / 64) * 64;
    return this;
  }

  get bytes(): number {
    return Math.ceil(this.at / 64) * 64;
  }

  private take(size: number, count: number): number {
    this.at = Math.ceil(this.at / size) * size;
    const place = this.at / size;
    this.at += size * count;
    return place;
  }
}
