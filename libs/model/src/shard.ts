import { ACTOR_TYPES, type ActorType } from './entity.js';
import { hash32, mix32 } from './hash32.js';

/** How principals and what is known across them are cut for scaling out: a fixed number, so that no answer depends on the number of processes. */
export const SHARDS = 256;

/** Hash of a tenant's name as `shardOfTenant` takes it. */
export const tenantHash = (tenant: string): number => hash32(tenant, SEED) || 1;

/** The same for one tenant after another, whose hash is at hand. `typeIndex`: place in `ACTOR_TYPES`. */
export const shardOfTenant = (tenant: number, typeIndex: number, id: string): number => mix32((hash32(id, SEED) || 1) ^ Math.imul(tenant + typeIndex, 0x9e3779b1)) & (SHARDS - 1);

/** Shard of a principal, 0 to 255: fixed for ever, whatever the number of processes or partitions. */
export const shardOf = (tenant: string, type: ActorType, id: string): number => shardOfTenant(tenantHash(tenant), ACTOR_TYPES.indexOf(type), id);

/** Partition, of so many, that a shard belongs to. */
export const partitionOf = (shard: number, partitions: number): number => shard % partitions;

const SEED = 0x5bd1e995;
