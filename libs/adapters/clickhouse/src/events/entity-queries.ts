import { ACTOR_TYPES, type Entity, type EntityType } from '@wary/model/entity.js';
import type { DailyPoint, EntityQueries, EntitySummary, HourlyCell } from '@wary/ports/event-store.port.js';
import type { Engine } from '../engine/engine.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { entityCondition, joinConditions, tenantCondition, timeCondition, type Condition } from './event-filter.js';

const PRINCIPALS: ReadonlySet<string> = new Set(ACTOR_TYPES);

/** Totals may be this old, and as old as this many times what they cost: they count the whole table. */
const TOTALS_AGE_MS = 2_000;
const TOTALS_COST_FACTOR = 20;

const VALUE_COLUMNS = {
  resource: 'resource_id', action: 'action', country: 'client_country', client_ip: 'client_ip',
  model: "if(gen_ai_request_model != '', gen_ai_request_model, ml_model)", tool: 'gen_ai_tool_name',
} as const;

type SummaryRow = readonly [type: string, id: string, peerGroup: string, events: number | string, first: number | string, last: number | string];

export function createEntityQueries(engine: Engine, now: () => number): EntityQueries {
  const view = engine.table('events_unique');
  const entities = engine.table('entities');
  const totals = new Map<string, { readonly at: number; readonly goodForMs: number; readonly value: Awaited<ReturnType<EntityQueries['totals']>> }>();

  /** Counts of the principals and models of one page of the list, in its order. `risk` is not ours to know: the platform adds it. */
  async function summaries(tenant: string, page: ReadonlyArray<readonly [type: string, id: string, peerGroup: string]>): Promise<EntitySummary[]> {
    const found = new Map<string, EntitySummary>();
    const principals = page.filter(([type]) => PRINCIPALS.has(type));
    if (principals.length > 0) {
      const rows = await engine.rows<SummaryRow>(
        `SELECT principal_type, principal_id, '', count(), toUnixTimestamp64Milli(min(time)), toUnixTimestamp64Milli(max(time)) FROM ${view}
WHERE tenant = {tenant:String} AND principal_type IN {types:Array(String)} AND principal_id IN {ids:Array(String)} GROUP BY principal_type, principal_id`,
        { tenant, types: [...new Set(principals.map(([type]) => type))], ids: principals.map(([, id]) => id) },
      );
      for (const row of rows) found.set(`${row[0]}:${row[1]}`, summaryOf(row));
    }
    for (const [type, id] of page) {
      if (type !== 'model') continue;
      const summary = await summarise(tenant, { type: 'model', id });
      if (summary !== null) found.set(`model:${id}`, summary);
    }
    return page.flatMap(([type, id, peerGroup]) => {
      const summary = found.get(`${type}:${id}`);
      return summary === undefined ? [] : [{ ...summary, peerGroup }];
    });
  }

  async function summarise(tenant: string, entity: Entity): Promise<EntitySummary | null> {
    const { where, params } = ofEntity(tenant, entity);
    const [row] = await engine.rows<SummaryRow>(
      `SELECT '', '', ${PRINCIPALS.has(entity.type) ? 'argMax(peer_group, time)' : "''"}, count(), toUnixTimestamp64Milli(min(time)), toUnixTimestamp64Milli(max(time)) FROM ${view} WHERE ${where}`, params,
    );
    return row === undefined || Number(row[3]) === 0 ? null : { ...summaryOf(row), entity };
  }

  async function heatMap(condition: Condition): Promise<HourlyCell[]> {
    const rows = await engine.rows<[number, number, number | string]>(
      `SELECT toDayOfWeek(time) - 1 AS weekday, toHour(time) AS hour, count() FROM ${view} WHERE ${condition.where} GROUP BY weekday, hour ORDER BY weekday, hour`, condition.params,
    );
    return rows.map(([weekday, hour, events]) => ({ weekday, hour, events: Number(events) }));
  }

  return {
    async searchEntities(tenant, q, limit, cursor) {
      const conditions = [tenantCondition(tenant)];
      if (q !== '') conditions.push({ where: 'positionCaseInsensitiveUTF8(id, {q:String}) > 0', params: { q } });
      if (cursor !== undefined) {
        const [id, type] = decodeCursor(cursor, ['string', 'string']);
        conditions.push({ where: '(id, type) > ({cursor_id:String}, {cursor_type:String})', params: { cursor_id: id, cursor_type: type } });
      }
      const { where, params } = joinConditions(conditions);
      // By name: an order that new activity does not change, so that no page repeats or misses one.
      const rows = await engine.rows<[string, string, string]>(`SELECT type, id, peer_group FROM ${entities} FINAL WHERE ${where} ORDER BY id, type LIMIT {limit:UInt32}`, { ...params, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return { items: await summaries(tenant, page), next: last === undefined ? null : encodeCursor([last[1], last[0]]) };
    },

    entitySummary: summarise,
    async entitySummaries(tenant, wanted) {
      if (wanted.length === 0) return [];
      const rows = await engine.rows<[string, string, string]>(
        `SELECT type, id, peer_group FROM ${entities} FINAL WHERE tenant = {tenant:String} AND type IN {types:Array(String)} AND id IN {ids:Array(String)}`,
        { tenant, types: [...new Set(wanted.map(({ type }) => type))], ids: [...new Set(wanted.map(({ id }) => id))] },
      );
      const found = new Map((await summaries(tenant, rows)).map((summary) => [`${summary.entity.type}:${summary.entity.id}`, summary]));
      return wanted.map((entity) => found.get(`${entity.type}:${entity.id}`) ?? { entity, peerGroup: '', events: 0, firstSeen: 0, lastSeen: 0, risk: 0 });
    },
    heatMap: (tenant, entity, from, to) => heatMap(joinConditions([ofEntity(tenant, entity), timeCondition(from, to)])),
    peerHeatMap: (tenant, peerGroup, from, to) => heatMap(joinConditions([ofEntity(tenant, { type: 'peer_group', id: peerGroup }), timeCondition(from, to)])),

    async dailyActivity(tenant, entity, from, to): Promise<DailyPoint[]> {
      const { where, params } = joinConditions([ofEntity(tenant, entity), timeCondition(from, to)]);
      const rows = await engine.rows<[string, number | string, number, number | string]>(
        `SELECT formatDateTime(time, '%Y-%m-%d') AS day, count(), sum(ifNull(bytes, 0)), countIf(outcome != 'success') FROM ${view} WHERE ${where} GROUP BY day ORDER BY day`, params,
      );
      return rows.map(([day, events, bytes, failures]) => ({ day, events: Number(events), bytes: Number(bytes), failures: Number(failures) }));
    },

    async peers(tenant, peerGroup, limit) {
      const rows = await engine.rows<[string, string, string]>(
        `SELECT type, id, peer_group FROM ${entities} FINAL WHERE tenant = {tenant:String} AND peer_group = {group:String} AND type IN {types:Array(String)} ORDER BY id, type LIMIT {limit:UInt32}`,
        { tenant, group: peerGroup, types: [...ACTOR_TYPES], limit },
      );
      return summaries(tenant, rows);
    },

    async topValues(tenant, entity, column, from, to, limit) {
      const { where, params } = joinConditions([ofEntity(tenant, entity), timeCondition(from, to), { where: "value != ''", params: {} }]);
      const rows = await engine.rows<[string, number | string, number | string]>(
        `SELECT ${VALUE_COLUMNS[column]} AS value, count() AS events, toUnixTimestamp64Milli(max(time)) FROM ${view} WHERE ${where} GROUP BY value ORDER BY events DESC, value LIMIT {limit:UInt32}`, { ...params, limit },
      );
      return rows.map(([value, events, lastSeen]) => ({ value, events: Number(events), lastSeen: Number(lastSeen) }));
    },

    async totals(tenant) {
      const started = now();
      const known = totals.get(tenant);
      if (known !== undefined && started - known.at < known.goodForMs) return known.value;
      const [row] = await engine.rows<[number | string, number | string, number | string]>(
        `SELECT count(), toUnixTimestamp64Milli(min(time)), toUnixTimestamp64Milli(max(time)) FROM ${view} WHERE tenant = {tenant:String}`, { tenant },
      );
      const [count] = await engine.rows<[number | string]>(`SELECT count() FROM ${entities} FINAL WHERE tenant = {tenant:String} AND type IN {types:Array(String)}`, { tenant, types: [...ACTOR_TYPES] });
      const events = Number(row?.[0] ?? 0);
      const value = { events, firstTime: events === 0 ? 0 : Number(row![1]), lastTime: events === 0 ? 0 : Number(row![2]), entities: Number(count?.[0] ?? 0) };
      // An empty store is looked at again at once: somebody waits for the first event.
      const at = now();
      totals.set(tenant, { at, goodForMs: events === 0 ? 0 : Math.max(TOTALS_AGE_MS, (at - started) * TOTALS_COST_FACTOR), value });
      return value;
    },
  };
}

const ofEntity = (tenant: string, entity: Entity): Condition => joinConditions([tenantCondition(tenant), entityCondition(entity)]);

const summaryOf = ([type, id, peerGroup, events, first, last]: SummaryRow): EntitySummary => ({
  entity: { type: type as EntityType, id }, peerGroup, events: Number(events), firstSeen: Number(first), lastSeen: Number(last), risk: 0,
});
