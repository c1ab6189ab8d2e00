import type { Event } from '@wary/model/event.js';
import type { Entity } from '@wary/model/entity.js';

export interface Page<T> { readonly items: T[]; readonly next: string | null }

export interface EventQuery {
  readonly tenant: string;
  readonly entity?: Entity;
  readonly kind?: string;
  readonly action?: string;
  readonly from?: number;
  readonly to?: number;
  /** Free text: substring of resource, action, reason, attributes. */
  readonly q?: string;
  readonly ids?: readonly string[];
  readonly limit: number;
  readonly cursor?: string;
}

/** Events as they came from the store, not read yet: reading them is work for another thread than the one that asked. */
export interface PackedEvents { readonly bytes: Uint8Array; readonly rows: number }

/** `seq`: as one process has scored them. `received`: by when they were taken, where the sequence counts within partitions. */
export type StoredOrder = 'seq' | 'received';
export interface StoredRange { readonly tenant: string; readonly from: number; readonly to: number; readonly order: StoredOrder }

/** The log of record (embedded) and the analytics store. Everything read is unique by event id. */
export interface EventStore {
  /**
   * Durable when it resolves. The batch's events carry their `seq`. The token is the hash of the ordered ids:
   * the same call again adds nothing. Throws WaryError `store_unavailable` when nothing was or may have been written (retry the same batch).
   */
  insertEvents(events: readonly Event[], token: string): Promise<void>;
  /** Highest ingest sequence stored, 0 when empty. */
  lastSeq(): Promise<number>;
  /** Events with seq > after, in seq order, in chunks. */
  readAfter(after: number, chunkRows: number): AsyncIterable<Event[]>;
  /** Events of one tenant that happened from `from` to before `to`, in the order asked for, in chunks of at most `chunkRows`. */
  readPacked(range: StoredRange, chunkRows: number): AsyncIterable<PackedEvents>;
  /** Ids of the latest `limit` events by seq, oldest first, for the admission check after a restart. */
  recentIds(limit: number): Promise<Array<{ tenant: string; id: string }>>;
  find(query: EventQuery): Promise<Page<Event>>;
  count(query: Omit<EventQuery, 'limit' | 'cursor'>): Promise<number>;
}

export interface EntitySummary {
  readonly entity: Entity; readonly peerGroup: string; readonly events: number; readonly firstSeen: number; readonly lastSeen: number; readonly risk: number;
}
export interface HourlyCell { readonly weekday: number; readonly hour: number; readonly events: number }
export interface DailyPoint { readonly day: string; readonly events: number; readonly bytes: number; readonly failures: number }

/** Read models of the dashboard over events. */
export interface EntityQueries {
  searchEntities(tenant: string, q: string, limit: number, cursor?: string): Promise<Page<EntitySummary>>;
  entitySummary(tenant: string, entity: Entity): Promise<EntitySummary | null>;
  /** One for each, in their order; without events for those of which there are none (any more). */
  entitySummaries(tenant: string, entities: readonly Entity[]): Promise<EntitySummary[]>;
  /** 168 cells or fewer, UTC, weekday 0 = Monday. */
  heatMap(tenant: string, entity: Entity, from: number, to: number): Promise<HourlyCell[]>;
  peerHeatMap(tenant: string, peerGroup: string, from: number, to: number): Promise<HourlyCell[]>;
  dailyActivity(tenant: string, entity: Entity, from: number, to: number): Promise<DailyPoint[]>;
  peers(tenant: string, peerGroup: string, limit: number): Promise<EntitySummary[]>;
  topValues(tenant: string, entity: Entity, column: 'resource' | 'action' | 'country' | 'client_ip' | 'model' | 'tool', from: number, to: number, limit: number): Promise<Array<{ value: string; events: number; lastSeen: number }>>;
  totals(tenant: string): Promise<{ events: number; firstTime: number; lastTime: number; entities: number }>;
}
export const EVENT_STORE = Symbol.for('wary.EventStore');
export const ENTITY_QUERIES = Symbol.for('wary.EntityQueries');
