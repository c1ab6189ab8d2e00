import type { ActorType } from '@wary/model/entity.js';
import { EVENT_FLAG, hasFlag, type Event } from '@wary/model/event.js';
import { SHARDS, shardOfTenant, tenantHash } from '@wary/model/shard.js';
import type { Core, TenantCore } from './core.js';
import { beginAgain, forgetAllButLearned, forgetAllButName, headWords, idleFromOf, isOf, isPassing, packEntity, isSettled, readEntity, readHead, releaseEntity, takeEntity, writeEntity } from './entity-record.js';
import { HOUR_MS } from './engine-limits.js';
import { EntityIndex } from './entity-index.js';
import { EntityColumns, STATE } from './entity-columns.js';
import type { EntityState } from './entity-state.js';
import { unpackRecord } from './packed-record.js';
import { NODE_OF_KIND } from './population.js';
import { settlePeers } from './peers/join-peers.js';
import { RecordReader, RecordWriter } from './record-writer.js';
import type { TablePending } from './table-pending.js';
import { countBegun } from './watch/watch-cells.js';
import { closeAll } from './window-close.js';

const writer = new RecordWriter();
const packer = new RecordWriter();
const reader = new RecordReader();

/** What a snapshot keeps of a table beside the records of its entities. */
export interface EntityTableState { readonly next: number; readonly free: Uint32Array; readonly hot: [number, Uint32Array][]; readonly cold: [number, Uint32Array][]; readonly begunIn: Float64Array; readonly begun: Uint32Array }

/**
 * The entities of a tenant. Each has a number, and is awake (its numbers in the slab), at rest (all of it in one record, since others were
 * looked at later), or compacted (what it has learned, in one record). Awake and resting ones are the hot ones: nobody can tell them apart.
 * Limits of hot and compacted ones hold per shard, so that they do not depend on who runs it.
 */
export class EntityTable {
  private readonly index = new EntityIndex(this);
  private readonly awake: (EntityState | null)[] = [];
  private readonly columns = new EntityColumns();
  private readonly hot: (Set<number> | undefined)[] = [];
  private readonly cold: (Set<number> | undefined)[] = [];
  /** By shard the hour of its latest newcomers, by their own clock, and how many they were. */
  private begunIn: Float64Array = new Float64Array(SHARDS);
  private begun: Uint32Array = new Uint32Array(SHARDS);
  private readonly core: Core;
  private readonly tenant: TenantCore;
  private readonly tenantHash: number;
  /** Snapshots that are being taken: who is about to change is written first. */
  readonly pending: TablePending[] = [];

  constructor(core: Core, tenant: TenantCore) {
    this.core = core;
    this.tenant = tenant;
    this.tenantHash = tenantHash(tenant.id);
  }

  /** Numbers given out so far, those that are free again among them. */
  get numbered(): number {
    return this.columns.next;
  }

  find(type: ActorType, id: string): EntityState | undefined {
    const ordinal = this.index.find(NODE_OF_KIND[type], id);
    return ordinal < 0 || this.columns.state[ordinal] === STATE.cold ? undefined : this.look(ordinal, id);
  }

  /** For the index: whether this is the entity of a number. */
  isEntity(ordinal: number, typeIndex: number, id: string): boolean {
    const awake = this.awake[ordinal] ?? null;
    if (awake !== null) return awake.id === id && NODE_OF_KIND[awake.type] === typeIndex;
    const { records } = this.core;
    records.find(this.columns.record[ordinal]!);
    return isOf(records.words, records.at, typeIndex, id);
  }

  /** The event's principal; made, or brought back, when it is not hot. */
  of(event: Event): EntityState {
    const { type, id } = event.principal;
    const ordinal = this.index.find(NODE_OF_KIND[type], id);
    const known = ordinal < 0 ? this.begin(event) : this.columns.state[ordinal] === STATE.cold ? this.warm(ordinal, type, id) : this.look(ordinal, id);
    if (known.group !== event.peerGroup || hasFlag(event, EVENT_FLAG.declaredGroup) !== known.isDeclared) this.move(known, event);
    return known;
  }

  /** Whoever anything is known of, compacted or not; nobody is made. */
  findKnown(type: ActorType, id: string): EntityState | undefined {
    const ordinal = this.index.find(NODE_OF_KIND[type], id);
    if (ordinal < 0) return undefined;
    return this.columns.state[ordinal] === STATE.cold ? this.warm(ordinal, type, id) : this.look(ordinal, id);
  }

  /** A hot entity that may have windows to be closed for silence by this hour; null when it has none. */
  idleBy(ordinal: number, hour: number): EntityState | null {
    const { state, idleFrom } = this.columns;
    if (state[ordinal] !== STATE.awake && (state[ordinal] !== STATE.resting || idleFrom[ordinal]! > hour)) return null;
    return this.look(ordinal);
  }

  /** The hot entities of a shard, in the order in which they became so. */
  hotOf(shard: number): EntityState[] | Generator<EntityState> {
    const ordinals = this.hot[shard];
    return ordinals === undefined ? [] : this.each([...ordinals]);
  }

  private *each(ordinals: readonly number[]): Generator<EntityState> {
    for (const ordinal of ordinals) yield this.look(ordinal);
  }

  /** A hot entity, woken when it rests. */
  private look(ordinal: number, id?: string): EntityState {
    this.aboutToChange(ordinal);
    const known = this.awake[ordinal];
    if (known !== null && known !== undefined) { known.isRecent = true; return known; }
    return this.read(ordinal, id);
  }

  private aboutToChange(ordinal: number): void {
    for (let i = 0; i < this.pending.length; i += 1) this.pending[i]!.before(ordinal);
  }

  private read(ordinal: number, id?: string): EntityState {
    const { core, columns } = this;
    const { records } = core;
    const handle = columns.record[ordinal]!;
    records.find(handle);
    if (columns.state[ordinal] === STATE.cold) {
      unpackRecord(records.words, records.at, headWords(records.words, records.at), writer);
      reader.begin(writer.words, 0);
    } else reader.begin(records.words, records.at);
    const entity = readEntity(core, this.tenant.population, ordinal, id, reader);
    records.release(handle);
    columns.record[ordinal] = 0;
    columns.state[ordinal] = STATE.awake;
    this.awake[ordinal] = entity;
    core.awake.add(entity, this);
    return entity;
  }

  rest(entity: EntityState): void {
    const { core, columns } = this;
    const { ordinal } = entity;
    writeEntity(entity, this.tenant.population, false, writer);
    columns.record[ordinal] = core.records.put(writer.words, 0);
    columns.state[ordinal] = STATE.resting;
    columns.watermark[ordinal] = entity.watermark;
    columns.idleFrom[ordinal] = idleFromOf(entity);
    columns.settled[ordinal] = Number(isSettled(entity));
    this.awake[ordinal] = null;
    releaseEntity(core, entity);
  }

  private begin(event: Event): EntityState {
    const { core } = this;
    const { type, id } = event.principal;
    const shard = shardOfTenant(this.tenantHash, NODE_OF_KIND[type], id);
    this.makeRoom(shard);
    if (this.isFlooded(shard, event)) this.makeRoomOfNewcomers(shard);
    const group = event.peerGroup;
    const ordinal = this.columns.take();
    const entity = takeEntity(core, ordinal, type, id, shard, this.tenant.population.nodeOf(type, group), group).begin(event.time);
    entity.isDeclared = hasFlag(event, EVENT_FLAG.declaredGroup);
    this.columns.state[ordinal] = STATE.awake;
    this.awake[ordinal] = entity;
    this.index.add(ordinal, NODE_OF_KIND[type], id);
    core.awake.add(entity, this);
    (this.hot[shard] ??= new Set()).add(ordinal);
    core.stats.entities += 1;
    return entity;
  }

  private warm(ordinal: number, type: ActorType, id: string): EntityState {
    const shard = shardOfTenant(this.tenantHash, NODE_OF_KIND[type], id);
    // It must not be forgotten for the sake of whom it displaces.
    this.cold[shard]!.delete(ordinal);
    this.makeRoom(shard);
    this.aboutToChange(ordinal);
    const entity = this.read(ordinal, id);
    beginAgain(entity);
    (this.hot[shard] ??= new Set()).add(ordinal);
    this.core.stats.entities += 1;
    return entity;
  }

  /** A principal in another group leans on other peers from now on; its own history stays, unless it is the register that moves it from group to group. */
  private move(entity: EntityState, event: Event): void {
    const { peerGroup: group, time } = event;
    const isDeclared = hasFlag(event, EVENT_FLAG.declaredGroup);
    if (isDeclared && entity.isDeclared && group !== entity.group && time >= entity.watermark) entity.hasMoved = true;
    entity.isDeclared = isDeclared;
    if (group === entity.group) return;
    entity.group = group;
    this.tenant.population.actAt(Math.floor(Math.max(time, entity.watermark) / HOUR_MS));
    settlePeers(this.tenant, entity);
  }

  /** Room for one more in a shard: newcomers go first, then whoever is idle longest. Open windows are judged and learned before. */
  private makeRoom(shard: number): void {
    const hot = this.hot[shard];
    const hotMax = Math.max(1, Math.ceil(this.core.limits.hotEntitiesMax / SHARDS));
    if (hot === undefined || hot.size < hotMax) return;
    this.compact(this.nextToGo(shard), shard);
  }

  /** Counts a newcomer; true when more have come in its hour than stay exact. */
  private isFlooded(shard: number, event: Event): boolean {
    const { begun, begunIn } = this;
    const hour = Math.floor(event.time / HOUR_MS);
    if (hour > begunIn[shard]!) {
      begunIn[shard] = hour;
      begun[shard] = 0;
    }
    begun[shard]! += 1;
    if (!hasFlag(event, EVENT_FLAG.historical)) countBegun(this.tenant.population.hour(hour).watch, event.principal.type);
    return begun[shard]! > Math.ceil(this.core.limits.newEntitiesPerHourMax / SHARDS);
  }

  /** Only newcomers make room for newcomers: who is known is not forgotten for a name that was never heard. */
  private makeRoomOfNewcomers(shard: number): void {
    const victim = this.nextToGo(shard);
    const awake = victim < 0 ? null : this.awake[victim] ?? null;
    if (victim >= 0 && !(awake === null ? this.columns.settled[victim] === 1 : isSettled(awake))) this.compact(victim, shard, true);
  }

  private nextToGo(shard: number): number {
    let victim = -1;
    for (const ordinal of this.hot[shard] ?? []) if (victim < 0 || this.goesBefore(ordinal, victim)) victim = ordinal;
    return victim;
  }

  /** `inFlood`: who only passed by is kept by name. */
  private compact(ordinal: number, shard: number, inFlood = false): void {
    const { core, columns } = this;
    const entity = this.look(ordinal);
    closeAll(core, this.tenant, entity);
    forgetAllButLearned(entity);
    if (inFlood && isPassing(entity)) forgetAllButName(entity);
    writeEntity(entity, this.tenant.population, true, writer);
    packEntity(writer, packer);
    columns.record[ordinal] = core.records.put(packer.words, 0);
    columns.state[ordinal] = STATE.cold;
    this.awake[ordinal] = null;
    core.awake.remove(entity);
    releaseEntity(core, entity);
    this.hot[shard]!.delete(ordinal);
    const cold = (this.cold[shard] ??= new Set());
    cold.add(ordinal);
    const coldMax = Math.max(1, Math.ceil(core.limits.coldEntitiesMax / SHARDS));
    if (cold.size > coldMax) { this.forget(cold.values().next().value!, shard); core.stats.overflow += 1; }
    core.stats.entities -= 1;
    core.stats.entitiesEvicted += 1;
  }

  private forget(ordinal: number, shard: number): void {
    const { core: { records }, columns } = this;
    this.aboutToChange(ordinal);
    this.index.remove(ordinal);
    records.release(columns.record[ordinal]!);
    this.cold[shard]!.delete(ordinal);
    columns.release(ordinal);
  }

  private goesBefore(one: number, other: number): boolean {
    const oneAwake = this.awake[one] ?? null;
    const otherAwake = this.awake[other] ?? null;
    const { settled, watermark } = this.columns;
    const oneSettled = oneAwake === null ? settled[one] === 1 : isSettled(oneAwake);
    const otherSettled = otherAwake === null ? settled[other] === 1 : isSettled(otherAwake);
    if (oneSettled !== otherSettled) return otherSettled;
    const oneTime = oneAwake === null ? watermark[one]! : oneAwake.watermark;
    const otherTime = otherAwake === null ? watermark[other]! : otherAwake.watermark;
    if (oneTime !== otherTime) return oneTime < otherTime;
    return this.idOf(one) < this.idOf(other);
  }

  private idOf(ordinal: number): string {
    const { records } = this.core;
    const awake = this.awake[ordinal] ?? null;
    if (awake !== null) return awake.id;
    records.find(this.columns.record[ordinal]!);
    return readHead(reader.begin(records.words, records.at)).id;
  }

  dump(): EntityTableState {
    const listsOf = (shards: readonly (Set<number> | undefined)[]): [number, Uint32Array][] => shards.flatMap((ordinals, shard): [number, Uint32Array][] => (ordinals === undefined || ordinals.size === 0 ? [] : [[shard, listed(ordinals)]]));
    return { next: this.columns.next, free: new Uint32Array(this.columns.free), hot: listsOf(this.hot), cold: listsOf(this.cold), begunIn: this.begunIn, begun: this.begun };
  }

  load({ next, free, hot, cold, begunIn, begun }: EntityTableState): void {
    this.begunIn = begunIn;
    this.begun = begun;
    this.columns.begin(next, free);
    for (const [shard, ordinals] of hot) this.hot[shard] = new Set(ordinals);
    for (const [shard, ordinals] of cold) this.cold[shard] = new Set(ordinals);
  }

  /** Numbers of those of whom anything is known: 1. */
  known(): Uint8Array {
    const { state, next } = this.columns;
    const known = state.slice(0, next);
    for (let ordinal = 0; ordinal < next; ordinal += 1) known[ordinal] = Number(state[ordinal] !== STATE.free);
    return known;
  }

  /** The record of an entity as it is now: `words` and the place where it begins. */
  recordOf(ordinal: number): { readonly words: Uint32Array; readonly at: number } {
    const awake = this.awake[ordinal] ?? null;
    if (awake === null) {
      const { records } = this.core;
      records.find(this.columns.record[ordinal]!);
      return records;
    }
    writeEntity(awake, this.tenant.population, false, writer);
    writer.at = 0;
    return writer;
  }

  /** Takes an entity from a snapshot: at rest, until it is looked at. */
  adopt(ordinal: number, words: Uint32Array, at: number): void {
    const { columns } = this;
    const { typeIndex, isCold, isSettled: settled, idleFrom, watermark, id } = readHead(reader.begin(words, at));
    columns.record[ordinal] = this.core.records.put(words, at);
    columns.state[ordinal] = isCold ? STATE.cold : STATE.resting;
    columns.watermark[ordinal] = watermark;
    columns.idleFrom[ordinal] = idleFrom;
    columns.settled[ordinal] = Number(settled);
    this.awake[ordinal] = null;
    this.index.add(ordinal, typeIndex, id);
  }
}

/** In order; `Uint32Array.from` would go by way of a list. */
function listed(ordinals: ReadonlySet<number>): Uint32Array {
  const list = new Uint32Array(ordinals.size);
  let at = 0;
  for (const ordinal of ordinals) {
    list[at] = ordinal;
    at += 1;
  }
  return list;
}
