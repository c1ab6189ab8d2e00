import { ACTOR_TYPES, type ActorType } from '@wary/model/entity.js';
import type { Event } from '@wary/model/event.js';
import { SHARDS, shardOfTenant, tenantHash } from '@wary/model/shard.js';
import type { Core, TenantCore } from './core.js';
import { beginAgain, forgetAllButLearned, idleFromOf, isSettled, readEntity, readHead, releaseEntity, takeEntity, typeOf, writeEntity } from './entity-record.js';
import { HOUR_MS } from './engine-limits.js';
import { EntityColumns, STATE } from './entity-columns.js';
import type { EntityState } from './entity-state.js';
import { NODE_OF_KIND } from './population.js';
import { settlePeers } from './peers/join-peers.js';
import { RecordReader, RecordWriter } from './record-writer.js';
import type { TablePending } from './table-pending.js';
import { closeAll } from './window-close.js';

const writer = new RecordWriter();
const reader = new RecordReader();

/** What a snapshot keeps of a table beside the records of its entities. */
export interface EntityTableState { readonly next: number; readonly free: Uint32Array; readonly hot: [number, Uint32Array][]; readonly cold: [number, Uint32Array][] }

/**
 * The entities of a tenant. Each has a number, and is awake (its numbers in the slab), at rest (all of it in one record, since others were
 * looked at later), or compacted (what it has learned, in one record). Awake and resting ones are the hot ones: nobody can tell them apart.
 * Limits of hot and compacted ones hold per shard, so that they do not depend on who runs it.
 */
export class EntityTable {
  private readonly byId: readonly Map<string, number>[] = ACTOR_TYPES.map(() => new Map<string, number>());
  private readonly awake: (EntityState | null)[] = [];
  private readonly columns = new EntityColumns();
  private readonly hot: (Set<number> | undefined)[] = [];
  private readonly cold: (Set<number> | undefined)[] = [];
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
    const ordinal = this.byId[NODE_OF_KIND[type]]!.get(id);
    return ordinal === undefined || this.columns.state[ordinal] === STATE.cold ? undefined : this.look(ordinal);
  }

  /** The event's principal; made, or brought back, when it is not hot. */
  of(event: Event): EntityState {
    const { type, id } = event.principal;
    const ordinal = this.byId[NODE_OF_KIND[type]]!.get(id);
    const known = ordinal === undefined ? this.begin(event) : this.columns.state[ordinal] === STATE.cold ? this.warm(ordinal, type, id) : this.look(ordinal);
    if (known.group !== event.peerGroup) this.move(known, event.peerGroup, event.time);
    return known;
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
  private look(ordinal: number): EntityState {
    this.aboutToChange(ordinal);
    const known = this.awake[ordinal];
    if (known !== null && known !== undefined) { known.isRecent = true; return known; }
    return this.read(ordinal);
  }

  private aboutToChange(ordinal: number): void {
    for (let i = 0; i < this.pending.length; i += 1) this.pending[i]!.before(ordinal);
  }

  private read(ordinal: number): EntityState {
    const { core, columns } = this;
    const { records } = core;
    const handle = columns.record[ordinal]!;
    records.find(handle);
    const entity = readEntity(core, this.tenant.population, ordinal, columns.id[ordinal]!, reader.begin(records.words, records.at));
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
    const group = event.peerGroup;
    const ordinal = this.columns.take();
    const entity = takeEntity(core, ordinal, type, id, shard, this.tenant.population.nodeOf(type, group), group).begin(event.time);
    this.byId[NODE_OF_KIND[type]]!.set(id, ordinal);
    this.columns.state[ordinal] = STATE.awake;
    this.columns.id[ordinal] = id;
    this.awake[ordinal] = entity;
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
    const entity = this.read(ordinal);
    beginAgain(entity);
    (this.hot[shard] ??= new Set()).add(ordinal);
    this.core.stats.entities += 1;
    return entity;
  }

  /** A principal in another group leans on other peers from now on; its own history stays. */
  private move(entity: EntityState, group: string, time: number): void {
    entity.group = group;
    this.tenant.population.actAt(Math.floor(Math.max(time, entity.watermark) / HOUR_MS));
    settlePeers(this.tenant, entity);
  }

  /** Room for one more in a shard: newcomers go first, then whoever is idle longest. Open windows are judged and learned before. */
  private makeRoom(shard: number): void {
    const hot = this.hot[shard];
    const hotMax = Math.max(1, Math.ceil(this.core.limits.hotEntitiesMax / SHARDS));
    if (hot === undefined || hot.size < hotMax) return;
    let victim = -1;
    for (const ordinal of hot) if (victim < 0 || this.goesBefore(ordinal, victim)) victim = ordinal;
    this.compact(victim, shard);
  }

  private compact(ordinal: number, shard: number): void {
    const { core, columns } = this;
    const entity = this.look(ordinal);
    closeAll(core, this.tenant, entity);
    forgetAllButLearned(entity);
    writeEntity(entity, this.tenant.population, true, writer);
    columns.record[ordinal] = core.records.put(writer.words, 0);
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
    const handle = columns.record[ordinal]!;
    records.find(handle);
    this.byId[typeOf(records.words, records.at)]!.delete(columns.id[ordinal]!);
    records.release(handle);
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
    return this.columns.id[one]! < this.columns.id[other]!;
  }

  dump(): EntityTableState {
    const listsOf = (shards: readonly (Set<number> | undefined)[]): [number, Uint32Array][] => shards.flatMap((ordinals, shard): [number, Uint32Array][] => (ordinals === undefined || ordinals.size === 0 ? [] : [[shard, listed(ordinals)]]));
    return { next: this.columns.next, free: new Uint32Array(this.columns.free), hot: listsOf(this.hot), cold: listsOf(this.cold) };
  }

  load({ next, free, hot, cold }: EntityTableState): void {
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
    columns.id[ordinal] = id;
    this.awake[ordinal] = null;
    this.byId[typeIndex]!.set(id, ordinal);
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
