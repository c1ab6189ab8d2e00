export interface SlabLayout { readonly f64: number; readonly f32: number; readonly u32: number; readonly u16: number; readonly u8: number }

const CHUNK_SHIFT = 8;
const CHUNK_ROWS = 1 << CHUNK_SHIFT;
export const chunkOf = (row: number): number => row >>> CHUNK_SHIFT;
export const placeOf = (row: number): number => row & (CHUNK_ROWS - 1);

export interface SlabState { next: number; free: number[]; f64: Float64Array[]; f32: Float32Array[]; u32: Uint32Array[]; u16: Uint16Array[]; u8: Uint8Array[] }

/**
 * Rows of fixed width in typed arrays, 256 to a chunk: no object per row, no copy when it grows, and a dump is a copy of arrays.
 * A row holds `layout.f64` doubles, `layout.f32` floats and so on; freed rows are used again, zeroed.
 */
export class Slab {
  readonly layout: SlabLayout;
  readonly f64: Float64Array[] = [];
  readonly f32: Float32Array[] = [];
  readonly u32: Uint32Array[] = [];
  readonly u16: Uint16Array[] = [];
  readonly u8: Uint8Array[] = [];
  private next = 0;
  private free: number[] = [];

  constructor(layout: SlabLayout) {
    this.layout = layout;
  }

  get rows(): number {
    return this.next - this.free.length;
  }

  get bytes(): number {
    const { f64, f32, u32, u16, u8 } = this.layout;
    return this.f64.length * CHUNK_ROWS * (f64 * 8 + f32 * 4 + u32 * 4 + u16 * 2 + u8);
  }

  alloc(): number {
    const reused = this.free.pop();
    if (reused !== undefined) return reused;
    if (placeOf(this.next) === 0) this.addChunk();
    this.next += 1;
    return this.next - 1;
  }

  release(row: number): void {
    const chunk = chunkOf(row);
    const place = placeOf(row);
    const { f64, f32, u32, u16, u8 } = this.layout;
    this.f64[chunk]!.fill(0, place * f64, (place + 1) * f64);
    this.f32[chunk]!.fill(0, place * f32, (place + 1) * f32);
    this.u32[chunk]!.fill(0, place * u32, (place + 1) * u32);
    this.u16[chunk]!.fill(0, place * u16, (place + 1) * u16);
    this.u8[chunk]!.fill(0, place * u8, (place + 1) * u8);
    this.free.push(row);
  }

  private addChunk(): void {
    const { f64, f32, u32, u16, u8 } = this.layout;
    this.f64.push(new Float64Array(f64 * CHUNK_ROWS));
    this.f32.push(new Float32Array(f32 * CHUNK_ROWS));
    this.u32.push(new Uint32Array(u32 * CHUNK_ROWS));
    this.u16.push(new Uint16Array(u16 * CHUNK_ROWS));
    this.u8.push(new Uint8Array(u8 * CHUNK_ROWS));
  }

  dump(): SlabState {
    return { next: this.next, free: this.free, f64: this.f64, f32: this.f32, u32: this.u32, u16: this.u16, u8: this.u8 };
  }

  load(state: SlabState): void {
    this.next = state.next;
    this.free = [...state.free];
    for (const name of ['f64', 'f32', 'u32', 'u16', 'u8'] as const) {
      (this[name] as ArrayLike<unknown>[]).length = 0;
      (this[name] as unknown[]).push(...state[name]);
    }
  }
}
