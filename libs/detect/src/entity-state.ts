import type { ActorType } from '@wary/model/entity.js';
import { ENTITY, HOT_BYTES, RECENT_RESOURCES } from './entity-layout.js';
import { copyHot, type OpenWindow } from './open-window.js';
import { OrderMemory } from './sequence/order-memory.js';
import { SlabRow, type Slab } from './slab.js';
import { decodeState, encodeState } from './state-codec.js';

/** A window that may not teach yet. Its values are clipped already. */
export interface SuspendedWindow { readonly kind: number; readonly due: number; readonly weekCell: number; readonly values: readonly number[] }

export interface Told { readonly kind: number; readonly behaviour: number; readonly until: number; readonly strength: number }

/**
 * An entity with exact state: its numbers lie in the slab. One object per row for the life of the engine; a row is used for entity after
 * entity, so that those who wake and rest leave nothing behind for the collector.
 */
export class EntityState extends SlabRow {
  group = '';
  /** The windows that its newest events fall into: 5 minutes, hour, day. */
  minutes: OpenWindow | null = null;
  hour: OpenWindow | null = null;
  day: OpenWindow | null = null;
  /** Node in the population. */
  node = 0;
  shard = 0;
  /** Hour at which it was last asked to be looked at for idle windows. */
  idleHour = 0;
  /** Notes as bytes, until somebody asks for them: with most events nobody does. */
  packedNotes: Uint8Array | null = null;
  private unpackedNotes: unknown[] = NO_NOTES;
  /** Open windows by end, those of the present; their ends beside them, so that finding what is due reads one line. */
  readonly windows: OpenWindow[] = [];
  readonly ends: number[] = [];
  /** Open windows of history that came after the present, by end. */
  lagWindows: OpenWindow[] = NO_WINDOWS;
  suspended: SuspendedWindow[] = NO_SUSPENDED;
  /** What was raised lately, by window kind and behaviour: not to be told again before `until` unless it is graver by a decade. */
  told: Told[] = NO_TOLD;
  type: ActorType = 'user';
  id = '';
  /** In which order it does things; null until a day has taught it. */
  order: OrderMemory | null = null;
  /** The register has put it into another group with the event under way. */
  hasMoved = false;
  /** Counted among the entities of its group. */
  joined = false;

  /** Its number in the tenant's table, for as long as anything is known of it. */
  ordinal = -1;
  /** Place among those that are awake, and whether it was looked at since the hand went by. */
  place = -1;
  isRecent = true;

  constructor(slab: Slab, row: number) {
    super(slab, row);
  }

  /** From now on it is this one; its row is clear. */
  become(ordinal: number, type: ActorType, id: string, shard: number, node: number, group: string): this {
    this.ordinal = ordinal;
    this.type = type;
    this.id = id;
    this.shard = shard;
    this.node = node;
    this.group = group;
    this.isRecent = true;
    return this;
  }

  /** Its row is somebody else's from now on. */
  leave(): void {
    this.id = '';
    this.ordinal = -1;
    this.place = -1;
    this.minutes = null;
    this.hour = null;
    this.day = null;
    // One by one: a list cut to nothing at once gives its room back, and has to ask for it again.
    while (this.windows.length > 0) { this.windows.pop(); this.ends.pop(); }
    this.lagWindows = NO_WINDOWS;
    this.suspended = NO_SUSPENDED;
    this.told = NO_TOLD;
    this.packedNotes = null;
    this.unpackedNotes = NO_NOTES;
    this.idleHour = 0;
    this.joined = false;
    if (this.order !== null) OrderMemory.release(this.order);
    this.order = null;
  }

  /** What detectors keep of a principal, by detector; gone when the entity is compacted. */
  get notes(): unknown[] {
    if (this.packedNotes !== null) {
      this.unpackedNotes = decodeState(NOTES_VERSION, this.packedNotes) as unknown[];
      this.packedNotes = null;
    }
    return this.unpackedNotes;
  }

  set notes(notes: unknown[]) {
    this.packedNotes = null;
    this.unpackedNotes = notes;
  }

  packNotes(): Uint8Array | null {
    if (this.packedNotes !== null) return this.packedNotes;
    return this.unpackedNotes.length === 0 ? null : encodeState(NOTES_VERSION, this.unpackedNotes);
  }

  /** A new entity's clocks. */
  begin(time: number): this {
    this.watermark = time;
    this.since = time;
    this.lagWatermark = Number.NEGATIVE_INFINITY;
    this.chunk.f64[this.d + ENTITY.nextEnd] = Number.POSITIVE_INFINITY;
    this.suspectFrom = Number.POSITIVE_INFINITY;
    this.suspectTo = Number.NEGATIVE_INFINITY;
    return this;
  }

  /** Newest event time; never moved by an event from the future. */
  get watermark(): number { return this.chunk.f64[this.d + ENTITY.watermark]!; }
  set watermark(time: number) { this.chunk.f64[this.d + ENTITY.watermark] = time; }
  /** End of the present window that closes first; infinite when none is open. */
  get nextEnd(): number { return this.chunk.f64[this.d + ENTITY.nextEnd]!; }
  /** The same for history that came after the present. */
  get lagWatermark(): number { return this.chunk.f64[this.d + ENTITY.lagWatermark]!; }
  set lagWatermark(time: number) { this.chunk.f64[this.d + ENTITY.lagWatermark] = time; }
  get since(): number { return this.chunk.f64[this.d + ENTITY.since]!; }
  set since(time: number) { this.chunk.f64[this.d + ENTITY.since] = time; }
  /** Span of time that is under suspicion. */
  get suspectFrom(): number { return this.chunk.f64[this.d + ENTITY.suspectFrom]!; }
  set suspectFrom(time: number) { this.chunk.f64[this.d + ENTITY.suspectFrom] = time; }
  get suspectTo(): number { return this.chunk.f64[this.d + ENTITY.suspectTo]!; }
  set suspectTo(time: number) { this.chunk.f64[this.d + ENTITY.suspectTo] = time; }
  get windowsLearned(): number { return this.chunk.f64[this.d + ENTITY.windowsLearned]!; }
  set windowsLearned(count: number) { this.chunk.f64[this.d + ENTITY.windowsLearned] = count; }
  /** Days since the epoch up to which categories are learned. */
  get learnedDay(): number { return this.chunk.f64[this.d + ENTITY.learnedDay]!; }
  set learnedDay(day: number) { this.chunk.f64[this.d + ENTITY.learnedDay] = day; }

  /** When its baselines began anew, 0: never; and why (a place in `SPLIT_CAUSES`). */
  get splitAt(): number { return this.chunk.f64[this.d + ENTITY.splitAt]!; }
  set splitAt(time: number) { this.chunk.f64[this.d + ENTITY.splitAt] = time; }
  get splitCause(): number { return this.chunk.u8[this.b + ENTITY.splitCause]!; }
  set splitCause(cause: number) { this.chunk.u8[this.b + ENTITY.splitCause] = cause; }
  /** Its group is the one that the people register says. */
  get isDeclared(): boolean { return this.chunk.u8[this.b + ENTITY.declared]! === 1; }
  set isDeclared(is: boolean) { this.chunk.u8[this.b + ENTITY.declared] = Number(is); }

  /** True when the present 5 minutes have counted this resource lately. Remembers it. */
  hasJustCounted(hash: number): boolean {
    const { u32, u8 } = this.chunk;
    const at = this.f + ENTITY.recentResources;
    for (let i = 0; i < RECENT_RESOURCES; i += 1) if (u32[at + i] === hash) return true;
    const next = u8[this.b + ENTITY.recentNext]!;
    u32[at + next] = hash;
    u8[this.b + ENTITY.recentNext] = (next + 1) & (RECENT_RESOURCES - 1);
    return false;
  }

  currentOf(kind: number): OpenWindow | null {
    return kind === 0 ? this.minutes : kind === 1 ? this.hour : this.day;
  }

  /** Makes a window the present one of its kind: its hot part moves into this record, and that of the one before out of it. */
  setCurrent(kind: number, window: OpenWindow | null): void {
    const before = this.currentOf(kind);
    const byte = this.b + ENTITY.hot + kind * HOT_BYTES;
    before?.takeHome();
    if (window !== null) {
      copyHot(window.hot.u32, window.hf, this.chunk.u32, byte / 4);
      window.point(this.chunk, byte);
    } else this.chunk.f64.fill(0, byte / 8, (byte + HOT_BYTES) / 8);
    if (kind === 0) {
      this.minutes = window;
      this.chunk.u32.fill(0, this.f + ENTITY.recentResources, this.f + ENTITY.recentResources + RECENT_RESOURCES);
    } else if (kind === 1) this.hour = window;
    else this.day = window;
  }

  /** After a snapshot, where the hot part is in this record already. */
  adoptCurrent(kind: number, window: OpenWindow): void {
    window.point(this.chunk, this.b + ENTITY.hot + kind * HOT_BYTES);
    if (kind === 0) this.minutes = window;
    else if (kind === 1) this.hour = window;
    else this.day = window;
  }

  /** The open window of the present with this end; the ends are compared before any window is touched. */
  openWindowOf(kind: number, end: number): OpenWindow | undefined {
    for (let i = this.ends.length - 1; i >= 0 && this.ends[i]! >= end; i -= 1) if (this.ends[i] === end && this.windows[i]!.kind === kind) return this.windows[i];
    return undefined;
  }

  /** Puts a window among the open ones, in order of end (then of length): windows close in that order. */
  addWindow(window: OpenWindow): void {
    const { end, kind } = window;
    if (window.lane !== 0) {
      this.lagWindows = [...this.lagWindows, window].sort((one, other) => one.end - other.end || one.kind - other.kind);
      return;
    }
    const { windows, ends } = this;
    let at = ends.length;
    while (at > 0 && (ends[at - 1]! > end || (ends[at - 1] === end && windows[at - 1]!.kind > kind))) at -= 1;
    for (let last = ends.length; last > at; last -= 1) {
      windows[last] = windows[last - 1]!;
      ends[last] = ends[last - 1]!;
    }
    windows[at] = window;
    ends[at] = end;
    this.chunk.f64[this.d + ENTITY.nextEnd] = ends[0]!;
  }

  removeWindow(window: OpenWindow): void {
    if (window.lane !== 0) { this.lagWindows = this.lagWindows.filter((other) => other !== window); return; }
    const { windows, ends } = this;
    for (let at = windows.indexOf(window) + 1; at < windows.length; at += 1) {
      windows[at - 1] = windows[at]!;
      ends[at - 1] = ends[at]!;
    }
    windows.pop();
    ends.pop();
    this.chunk.f64[this.d + ENTITY.nextEnd] = ends.length > 0 ? ends[0]! : Number.POSITIVE_INFINITY;
    if (this.currentOf(window.kind) === window) this.setCurrent(window.kind, null);
  }

  /** Discounted number, mean and variance of a feature's windows: place of the first in `chunk.f32`. */
  momentsAt(cell: number): number {
    return this.f + ENTITY.moments + cell * 3;
  }
}

const NOTES_VERSION = 1;
const NO_SUSPENDED: SuspendedWindow[] = [];
const NO_WINDOWS: OpenWindow[] = [];
const NO_NOTES: unknown[] = [];
const NO_TOLD: Told[] = [];
