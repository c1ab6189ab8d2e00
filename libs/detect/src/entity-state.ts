import type { ActorType } from '@wary/model/entity.js';
import { ENTITY } from './entity-layout.js';
import type { OpenWindow } from './open-window.js';
import { SlabRow, type Slab } from './slab.js';

/** A window that may not teach yet. Its values are clipped already. */
export interface SuspendedWindow { readonly kind: number; readonly due: number; readonly weekCell: number; readonly values: readonly number[] }

/** An entity with exact state: its numbers lie in the slab. */
export class EntityState extends SlabRow {
  readonly type: ActorType;
  readonly id: string;
  readonly shard: number;
  /** Node in the population. */
  node: number;
  group: string;
  /** Counted among the entities of its group. */
  joined = false;
  readonly windows: OpenWindow[] = [];
  suspended: SuspendedWindow[] = NONE;

  constructor(slab: Slab, row: number, type: ActorType, id: string, shard: number, node: number, group: string) {
    super(slab, row);
    this.type = type;
    this.id = id;
    this.shard = shard;
    this.node = node;
    this.group = group;
  }

  /** A new entity's clocks. */
  begin(time: number): this {
    this.watermark = time;
    this.since = time;
    this.lagWatermark = Number.NEGATIVE_INFINITY;
    this.nextClose = Number.POSITIVE_INFINITY;
    this.nextLagClose = Number.POSITIVE_INFINITY;
    this.suspectFrom = Number.POSITIVE_INFINITY;
    this.suspectTo = Number.NEGATIVE_INFINITY;
    return this;
  }

  /** Newest event time; never moved by an event from the future. */
  get watermark(): number { return this.chunk.f64[this.d + ENTITY.watermark]!; }
  set watermark(time: number) { this.chunk.f64[this.d + ENTITY.watermark] = time; }
  /** The same for history that came after the present. */
  get lagWatermark(): number { return this.chunk.f64[this.d + ENTITY.lagWatermark]!; }
  set lagWatermark(time: number) { this.chunk.f64[this.d + ENTITY.lagWatermark] = time; }
  /** When the first of its windows may close, by lane. */
  get nextClose(): number { return this.chunk.f64[this.d + ENTITY.nextClose]!; }
  set nextClose(time: number) { this.chunk.f64[this.d + ENTITY.nextClose] = time; }
  get nextLagClose(): number { return this.chunk.f64[this.d + ENTITY.nextLagClose]!; }
  set nextLagClose(time: number) { this.chunk.f64[this.d + ENTITY.nextLagClose] = time; }
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

  /** Discounted number, mean and variance of a feature's windows: place of the first in `chunk.f32`. */
  momentsAt(cell: number): number {
    return this.f + ENTITY.moments + cell * 3;
  }
}

const NONE: SuspendedWindow[] = [];
