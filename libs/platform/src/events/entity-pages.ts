import type { Entity } from '@wary/model/entity.js';
import { WaryError } from '@wary/model/errors.js';
import type { RegisterRow, Registers } from '@wary/model/registers.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { EntityQueries, EntitySummary, Page } from '@wary/ports/event-store.port.js';
import type { RiskLedger } from '@wary/ports/workflow.port.js';
import type { BaselineSource } from './baseline-source.js';

const DAY_MS = 86_400_000;
const HEAT_DAYS = 28;
const ACTIVITY_DAYS = 90;
const PEERS_MAX = 12;
const TOP_MAX = 8;
const TOP_COLUMNS = ['resource', 'action', 'country', 'client_ip', 'model', 'tool'] as const;

export interface EntityPages {
  search(tenant: string, q: string, limit: number, cursor: string | undefined): Promise<Page<EntitySummary>>;
  /** Whoever is at risk now, highest first. */
  riskiest(tenant: string, limit: number): Promise<Page<EntitySummary>>;
  detail(tenant: string, entity: Entity): Promise<object>;
  /** The risk ledger as it was shown at an instant; that of now for the present. */
  riskThen(tenant: string, entity: Entity, then: number): Promise<RiskLedger>;
}
export const ENTITY_PAGES = Symbol.for('wary.EntityPages');

export interface EntityPagesParts {
  readonly queries: EntityQueries;
  readonly baselines: BaselineSource;
  readonly riskOf: (tenant: string, entity: Entity, now: number) => Promise<RiskLedger>;
  readonly riskThen: (tenant: string, entity: Entity, then: number) => Promise<RiskLedger>;
  readonly risksOf: (tenant: string, entities: readonly Entity[], now: number) => Promise<number[]>;
  readonly riskiest: (tenant: string, now: number, limit: number) => Promise<ReadonlyArray<{ readonly entity: Entity; readonly risk: number }>>;
  readonly registersOf: (tenant: string) => Registers;
  readonly clock: Clock;
}

/** Joins what the stores, the engine and the registers know of an entity. */
export function createEntityPages({ queries, baselines, riskOf, riskThen, risksOf, riskiest, registersOf, clock }: EntityPagesParts): EntityPages {
  const withRisk = async (tenant: string, items: readonly EntitySummary[]): Promise<EntitySummary[]> => {
    const risks = await risksOf(tenant, items.map(({ entity }) => entity), clock.now());
    return items.map((item, index) => ({ ...item, risk: risks[index] ?? 0 }));
  };
  return {
    async search(tenant, q, limit, cursor) {
      const page = await queries.searchEntities(tenant, q, limit, cursor);
      return { items: await withRisk(tenant, page.items), next: page.next };
    },
    async riskiest(tenant, limit) {
      const risky = await riskiest(tenant, clock.now(), limit);
      const known = await queries.entitySummaries(tenant, risky.map(({ entity }) => entity));
      // An entity whose events are past their retention has no summary, but it still has its alerts.
      return { items: known.map((summary, index) => ({ ...summary, risk: risky[index]!.risk })), next: null };
    },
    riskThen: (tenant, entity, then) => riskThen(tenant, entity, Math.min(then, clock.now())),
    async detail(tenant, entity) {
      const now = clock.now();
      const summary = await queries.entitySummary(tenant, entity);
      if (summary === null) throw new WaryError('not_found', `Nothing is known of ${entity.type} ${entity.id}`);
      const answer = await baselines.describeEntity(tenant, entity);
      const described = 'unavailable' in answer ? null : answer.baselines;
      const alike = described?.peers?.source === 'behaviour' ? described.peers.nearest.map(({ id }): Entity => ({ type: entity.type, id })) : null;
      // Of those who behave alike the store knows no group: its hours are those of the declared one.
      const group = alike === null ? described?.peerGroup ?? summary.peerGroup : summary.peerGroup;
      const [heatMap, peerHeatMap, daily, peers, risk, ...tops] = await Promise.all([
        queries.heatMap(tenant, entity, now - HEAT_DAYS * DAY_MS, now), queries.peerHeatMap(tenant, group, now - HEAT_DAYS * DAY_MS, now),
        queries.dailyActivity(tenant, entity, now - ACTIVITY_DAYS * DAY_MS, now), alike === null ? queries.peers(tenant, group, PEERS_MAX) : queries.entitySummaries(tenant, [entity, ...alike]), riskOf(tenant, entity, now),
        ...TOP_COLUMNS.map((column) => queries.topValues(tenant, entity, column, now - HEAT_DAYS * DAY_MS, now, TOP_MAX)),
      ]);
      const person = registersOf(tenant).people.find((row) => row.type === entity.type && row.id === entity.id);
      return {
        summary: { ...summary, risk: risk.now }, person: person === undefined ? null : personOf(person), risk, heatMap, peerHeatMap, daily, peers: await withRisk(tenant, peers), peering: described?.peers ?? null,
        baselines: described?.features ?? [], week: described?.week ?? [], categories: described?.categories ?? [], drift: described?.drift ?? null,
        baselineSince: described?.since ?? null, baselineSplit: described?.split ?? null, baselineWindows: described?.windowsLearned ?? 0,
        baselinesUnavailable: 'unavailable' in answer ? answer.unavailable : null,
        top: Object.fromEntries(TOP_COLUMNS.map((column, index) => [column, tops[index]])),
      };
    },
  };
}

const personOf = ({ name, email, group, country, status }: RegisterRow<'people'>): object => ({ name, email, group, country, status });
