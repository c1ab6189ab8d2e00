import { ACTOR_TYPES, type ActorType } from '@wary/model/entity.js';
import type { Event } from '@wary/model/event.js';
import { SHARDS, shardOfTenant, tenantHash } from '@wary/model/shard.js';
import { packEntity, unpackEntity, type ColdEntity } from './cold-entity.js';
import type { Core, TenantCore } from './core.js';
import { EntityState } from './entity-state.js';
import { NODE_OF_KIND } from './population.js';
import { closeAll } from './window-close.js';

/** A newcomer until it has taught this many windows: in a flood of new ids it is the newcomers that make room. */
const SETTLED_WINDOWS = 100;

/** The entities of a tenant: hot ones by kind and id and by shard, compacted ones by key. Limits hold per shard, so that they do not depend on who runs it. */
export class EntityTable {
  private readonly byId: readonly Map<string, EntityState>[] = ACTOR_TYPES.map(() => new Map<string, EntityState>());
  readonly shards: readonly EntityState[][] = Array.from({ length: SHARDS }, () => []);
  readonly cold: readonly Map<string, ColdEntity>[] = Array.from({ length: SHARDS }, () => new Map<string, ColdEntity>());
  private readonly core: Core;
  private readonly tenant: TenantCore;
  private readonly tenantHash: number;

  constructor(core: Core, tenant: TenantCore) {
    this.core = core;
    this.tenant = tenant;
    this.tenantHash = tenantHash(tenant.id);
  }

  get coldCount(): number {
    return this.cold.reduce((sum, shard) => sum + shard.size, 0);
  }

  find(type: ActorType, id: string): EntityState | undefined {
    return this.byId[NODE_OF_KIND[type]]!.get(id);
  }

  /** The event's principal; made, or brought back, when it is not hot. */
  of(event: Event): EntityState {
    const { type, id } = event.principal;
    const known = this.byId[NODE_OF_KIND[type]]!.get(id);
    if (known === undefined) return this.warm(type, id, event);
    if (known.group !== event.peerGroup) this.move(known, event.peerGroup);
    return known;
  }

  private warm(type: ActorType, id: string, event: Event): EntityState {
    const shard = shardOfTenant(this.tenantHash, NODE_OF_KIND[type], id);
    const hot = this.shards[shard]!;
    const hotMax = Math.max(1, Math.ceil(this.core.limits.hotEntitiesMax / SHARDS));
    if (hot.length >= hotMax) this.chill(shard);
    const key = `${type}:${id}`;
    const cold = this.cold[shard]!.get(key);
    const group = cold?.group ?? event.peerGroup;
    const { entities } = this.core;
    const row = entities.alloc();
    entities.clear(row);
    const entity = new EntityState(entities, row, type, id, shard, this.tenant.population.nodeOf(type, group), group).begin(event.time);
    if (cold !== undefined) { unpackEntity(entity, cold); this.cold[shard]!.delete(key); }
    this.byId[NODE_OF_KIND[type]]!.set(id, entity);
    hot.push(entity);
    this.core.stats.entities += 1;
    if (entity.group !== event.peerGroup) this.move(entity, event.peerGroup);
    return entity;
  }

  /** A principal in another group leans on other peers from now on; its own history stays. */
  private move(entity: EntityState, group: string): void {
    const { population } = this.tenant;
    const node = population.nodeOf(entity.type, group);
    entity.group = group;
    if (node === entity.node) return;
    entity.node = node;
    // It is counted among the new peers with its next window; those who lost it keep counting it, as they keep what it taught.
    entity.joined = false;
  }

  /** Makes room in a shard: newcomers first, then whoever is idle longest. Open windows are judged and learned before. */
  private chill(shard: number): void {
    const hot = this.shards[shard]!;
    let victim = 0;
    for (let i = 1; i < hot.length; i += 1) if (goesBefore(hot[i]!, hot[victim]!)) victim = i;
    const entity = hot[victim]!;
    closeAll(this.core, this.tenant, entity);
    const cold = this.cold[shard]!;
    cold.set(`${entity.type}:${entity.id}`, packEntity(entity));
    const coldMax = Math.max(1, Math.ceil(this.core.limits.coldEntitiesMax / SHARDS));
    if (cold.size > coldMax) { cold.delete(cold.keys().next().value!); this.core.stats.overflow += 1; }
    this.core.entities.release(entity.row);
    this.byId[NODE_OF_KIND[entity.type]]!.delete(entity.id);
    hot[victim] = hot[hot.length - 1]!;
    hot.pop();
    this.core.stats.entities -= 1;
    this.core.stats.entitiesEvicted += 1;
  }

  /** Takes an entity from a snapshot; the order within a shard is the order of these calls. */
  adopt(entity: EntityState): void {
    this.byId[NODE_OF_KIND[entity.type]]!.set(entity.id, entity);
    this.shards[entity.shard]!.push(entity);
  }
}

function goesBefore(one: EntityState, other: EntityState): boolean {
  const oneSettled = one.windowsLearned >= SETTLED_WINDOWS;
  const otherSettled = other.windowsLearned >= SETTLED_WINDOWS;
  if (oneSettled !== otherSettled) return otherSettled;
  if (one.watermark !== other.watermark) return one.watermark < other.watermark;
  return one.id < other.id;
}
