import type { CountedRegisters } from '@wary/baseline/hyper-log-log.js';
import { ActDay } from './act-day.js';
import { OrderDay } from './sequence/order-day.js';
import type { TallyDay } from './tally/tally-day.js';
import { FIRST_ID_BYTES, HOT, HOT_BYTES, WINDOW, WINDOW_FLAG } from './entity-layout.js';
import { SlabRow, type Chunk, type Slab } from './slab.js';

/** A finding that a window has raised: what is needed to revise it. */
export interface Raised {
  readonly behaviour: number;
  readonly id: string;
  revision: number;
  /** Calibrated strength when it was last reported, and the one at which it is reported again. */
  strength: number;
  nextStrength: number;
  /** What would have kept it quiet. */
  counterfactual: { readonly text: string; readonly feature: string; readonly value: number | string | null };
  readonly eventIds: string[];
}

/**
 * A window that is open: its numbers lie in the slab, and what only some windows have is here.
 * One object per row for the life of the engine; a row is used for window after window.
 */
export class OpenWindow extends SlabRow {
  /** Where its hot part lies: in the entity's record while it is a present window, else in its own. Places as in a row. */
  hot: Chunk;
  hd: number;
  hf: number;
  hb: number;
  /** Registers of a HyperLogLog once there are more than `DISTINCT_EXACT` resources. */
  registers: CountedRegisters | null = null;
  raised: Raised[] | null = null;
  /** Of a day: its acts, once something about them is worth a word. */
  acts: ActDay | null = null;
  /** Of a day: the order of its acts. */
  order: OrderDay | null = null;
  /** Of a day: what is counted beside. */
  tally: TallyDay | null = null;
  /** The last event once something is unusual; the first where its id does not fit into the record. */
  lastId = '';
  longFirstId = '';
  /** Latest events since something in it became unusual. */
  telling: string[] = NONE;

  constructor(slab: Slab, row: number) {
    super(slab, row);
    this.hot = this.chunk;
    this.hd = this.d;
    this.hf = this.f;
    this.hb = this.b;
  }

  /** From now on the hot part lies at this byte of a chunk. */
  point(chunk: Chunk, byte: number): void {
    this.hot = chunk;
    this.hd = byte / 8;
    this.hf = byte / 4;
    this.hb = byte;
  }

  /** Takes the hot part into its own record. */
  takeHome(): void {
    copyHot(this.hot.u32, this.hf, this.chunk.u32, this.f + WINDOW.hot / 4);
    this.point(this.chunk, this.b + WINDOW.hot);
  }

  get start(): number { return this.hot.f64[this.hd + HOT.start]!; }
  get end(): number { return this.hot.f64[this.hd + HOT.end]!; }
  get lastTime(): number { return this.hot.f64[this.hd + HOT.lastTime]!; }
  /** Bits of features beyond their first screen. */
  get exceeded(): number { return this.hot.u32[this.hf + HOT.exceeded]!; }
  set exceeded(bits: number) { this.hot.u32[this.hf + HOT.exceeded] = bits; }
  get flags(): number { return this.hot.u8[this.hb + HOT.flags]!; }
  set flags(bits: number) { this.hot.u8[this.hb + HOT.flags] = bits; }
  get scored(): boolean { return (this.flags & WINDOW_FLAG.scored) !== 0; }
  get historical(): boolean { return (this.flags & WINDOW_FLAG.historical) !== 0; }
  /** The person was leaving at the latest event. */
  get leaving(): boolean { return (this.flags & WINDOW_FLAG.leaving) !== 0; }
  get criticality(): number { return this.hot.u8[this.hb + HOT.criticality]!; }
  get kind(): number { return this.hot.u8[this.hb + HOT.kind]!; }
  /** 0: the present; 1: history that came after the present. Both may have a window of the same time. */
  get lane(): number { return this.hot.u8[this.hb + HOT.lane]!; }

  /** Closes by itself when the tenant's event time reaches this hour. */
  get idleHour(): number { return this.chunk.f64[this.d + WINDOW.idleHour]!; }
  /** Level drawn when it opened; 0: it is scored for calibration at most, and silent. */
  get level(): number { return this.chunk.f64[this.d + WINDOW.level]!; }
  /** Local hour of the week in which it began. */
  get weekCell(): number { return this.chunk.u8[this.b + WINDOW.weekCell]!; }
  /** Score of the hour of the week, and of what is new. */
  get offHours(): number { return this.chunk.f64[this.d + WINDOW.offHours]!; }
  set offHours(score: number) { this.chunk.f64[this.d + WINDOW.offHours] = score; }
  get noveltyScore(): number { return this.chunk.f64[this.d + WINDOW.noveltyScore]!; }
  set noveltyScore(score: number) { this.chunk.f64[this.d + WINDOW.noveltyScore] = score; }
  /** Of a day that is over: evidence that its principal does more than it used to, and of which feature. */
  get growth(): number { return this.chunk.f64[this.d + WINDOW.growth]!; }
  set growth(score: number) { this.chunk.f64[this.d + WINDOW.growth] = score; }
  get growthPlace(): number { return this.chunk.u8[this.b + WINDOW.growthPlace]!; }
  set growthPlace(place: number) { this.chunk.u8[this.b + WINDOW.growthPlace] = place; }
  /** Of a day: its strongest window, and its strongest piece of deterministic evidence. */
  get dayScore(): number { return this.chunk.f64[this.d + WINDOW.dayScore]!; }
  set dayScore(score: number) { this.chunk.f64[this.d + WINDOW.dayScore] = score; }
  get dayEvidence(): number { return this.chunk.f64[this.d + WINDOW.dayEvidence]!; }
  set dayEvidence(strength: number) { this.chunk.f64[this.d + WINDOW.dayEvidence] = strength; }
  get distinct(): number { return this.chunk.u8[this.b + WINDOW.distinctCount]!; }
  set distinct(count: number) { this.chunk.u8[this.b + WINDOW.distinctCount] = count; }

  /** First event (not kept for the shortest windows, which are too many): read when somebody is told of it, so it lies in bytes till then. */
  get firstId(): string {
    if (this.longFirstId !== '') return this.longFirstId;
    const { u8 } = this.chunk;
    const at = this.b + WINDOW.firstId;
    return String.fromCharCode(...u8.subarray(at, at + u8[this.b + WINDOW.firstIdLength]!));
  }

  set firstId(id: string) {
    const { u8 } = this.chunk;
    const { length } = id;
    const at = this.b + WINDOW.firstId;
    let seen = length > FIRST_ID_BYTES ? 0x80 : 0;
    for (let i = 0; i < length && seen < 0x80; i += 1) {
      const unit = id.charCodeAt(i);
      u8[at + i] = unit;
      seen |= unit;
    }
    if (seen >= 0x80) u8.fill(0, at, at + FIRST_ID_BYTES);
    this.longFirstId = seen < 0x80 ? '' : id;
    u8[this.b + WINDOW.firstIdLength] = seen < 0x80 ? length : 0;
  }

  /** Ready for the next window in this row. */
  clear(): void {
    this.point(this.chunk, this.b + WINDOW.hot);
    this.longFirstId = '';
    this.lastId = '';
    this.telling = NONE;
    this.registers = null;
    this.raised = null;
    if (this.acts !== null) ActDay.release(this.acts);
    if (this.order !== null) OrderDay.release(this.order);
    this.acts = null;
    this.order = null;
    this.tally = null;
  }
}

/** In words: doubles would not keep every bit pattern of what else lies there. */
export function copyHot(from: Uint32Array, at: number, to: Uint32Array, place: number): void {
  if (from === to && at === place) return;
  for (let i = 0; i < HOT_BYTES / 4; i += 1) to[place + i] = from[at + i]!;
}

const NONE: string[] = [];
