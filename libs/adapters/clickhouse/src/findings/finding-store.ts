import { createHash } from 'node:crypto';
import type { Finding } from '@wary/model/finding.js';
import type { FindingQuery, FindingStore } from '@wary/ports/finding-store.port.js';
import { decodeCursor, encodeCursor } from '../events/cursor.js';
import { joinConditions, tenantCondition, timeCondition, type Condition } from '../events/event-filter.js';
import { splitByPartition } from '../events/event-parts.js';
import type { Engine } from '../engine/engine.js';
import { FindingColumns } from './finding-columns.js';

export function createFindingStore(engine: Engine, partitionsMax: number): FindingStore {
  const table = engine.table('findings');
  const latest = engine.table('findings_latest');

  return {
    async insertFindings(findings) {
      if (findings.length === 0) return;
      const name = createHash('sha256').update(findings.map(({ tenant, id, revision }) => JSON.stringify([tenant, id, revision])).join('\n')).digest('hex');
      for (const [piece, part] of splitByPartition(findings, partitionsMax).entries()) {
        const columns = new FindingColumns();
        for (const finding of part) columns.add(finding);
        await engine.insert(table, columns.block(), { token: `${name}/${piece}` });
      }
    },

    /** Newest first, each as its latest revision says; the filters look at that revision. */
    async findFindings(query) {
      const { inner, outer } = findingConditions(query);
      if (query.cursor !== undefined) {
        const [time, id] = decodeCursor(query.cursor, ['number', 'string']);
        outer.push({ where: '(time, id) < (fromUnixTimestamp64Milli({cursor_time:Int64}), {cursor_id:String})', params: { cursor_time: time, cursor_id: id } });
      }
      const within = joinConditions(inner);
      const after = joinConditions(outer);
      const keys = await engine.rows<[string, number, number | string]>(
        `SELECT id, revision, toUnixTimestamp64Milli(time) FROM (SELECT tenant, id, revision, time, historical FROM ${table} FINAL WHERE ${within.where} ORDER BY revision DESC LIMIT 1 BY tenant, id)
${after.where === '' ? '' : `WHERE ${after.where}`} ORDER BY time DESC, id DESC LIMIT {limit:UInt32}`,
        { ...within.params, ...after.params, limit: query.limit + 1 },
      );
      const page = keys.slice(0, query.limit);
      const last = keys.length > query.limit ? page.at(-1) : undefined;
      const bodies = page.length === 0 ? [] : await engine.rows<[string, string]>(`SELECT id, body FROM ${latest} WHERE tenant = {tenant:String} AND id IN {ids:Array(String)}`, { tenant: query.tenant, ids: page.map(([id]) => id) });
      const byId = new Map(bodies.map(([id, body]) => [id, JSON.parse(body) as Finding]));
      return { items: page.flatMap(([id]) => byId.get(id) ?? []), next: last === undefined ? null : encodeCursor([Number(last[2]), last[0]]) };
    },

    async findingRevisions(tenant, id) {
      const rows = await engine.rows<[string]>(`SELECT body FROM ${table} FINAL WHERE tenant = {tenant:String} AND id = {id:String} ORDER BY revision`, { tenant, id });
      return rows.map(([body]) => JSON.parse(body) as Finding);
    },
  };
}

/** `inner` holds what all revisions of a finding share and can be asked before the latest one is known. */
function findingConditions(query: FindingQuery): { inner: Condition[]; outer: Condition[] } {
  const inner = [tenantCondition(query.tenant)];
  if (query.entity !== undefined) inner.push({ where: 'entity_type = {entity_type:String} AND entity_id = {entity_id:String}', params: { entity_type: query.entity.type, entity_id: query.entity.id } });
  if (query.detector !== undefined) inner.push({ where: 'detector = {detector:String}', params: { detector: query.detector } });
  if (query.ids !== undefined) inner.push({ where: 'id IN {ids:Array(String)}', params: { ids: query.ids } });
  const outer = [timeCondition(query.from, query.to)];
  if (query.historical !== undefined) outer.push({ where: 'historical = {historical:Bool}', params: { historical: query.historical } });
  return { inner, outer };
}
