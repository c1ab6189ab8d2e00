import { severityRank } from '@wary/model/finding.js';
import type { Incident, TimelineEntry } from '@wary/model/incident.js';
import type { WorkflowStore } from '@wary/ports/workflow-store.port.js';
import { sql, type Kysely, type Selectable, type SelectQueryBuilder } from 'kysely';
import type { Database } from './database.js';
import { reading } from './in-transaction.js';
import { toText } from './json-column.js';
import { decodeCursor, toPage } from './list-cursor.js';
import { toIncident } from './workflow-rows.js';
import type { IncidentsTable } from './workflow-tables.js';

export function incidentQueries(db: Kysely<Database>): Pick<WorkflowStore, 'findIncidents' | 'findIncident'> {
  return {
    findIncidents: (query) => reading(async () => {
      const { tenant, state, severity, entity, assignee, open, q, limit } = query;
      const after = decodeCursor(query.cursor, ['number', 'string']);
      let rows = selectIncidents(db).where('tenant', '=', tenant).orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit + 1);
      if (after !== null) rows = rows.where(sql<boolean>`(created_at, id) < (${after[0]}::bigint, ${after[1]}::text)`);
      if (state !== undefined && state.length > 0) rows = rows.where('state', 'in', state);
      if (severity !== undefined && severity.length > 0) rows = rows.where('severity', 'in', severity.map(severityRank));
      if (entity !== undefined) rows = rows.where('entity_type', '=', entity.type).where('entity_id', '=', toText(entity.id));
      if (assignee !== undefined) rows = rows.where('assignee', '=', toText(assignee));
      // One that was merged is worked in the other.
      if (open === true) rows = rows.where('state', '<>', 'closed').where('merged_into', 'is', null);
      if (open === false) rows = rows.where((where) => where.or([where('state', '=', 'closed'), where('merged_into', 'is not', null)]));
      if (q !== undefined && q !== '') rows = rows.where(sql<boolean>`position(${toText(q.toLowerCase())} in search) > 0`);
      return toPage(await rows.execute(), limit, toIncident, (row) => [row.created_at, row.id]);
    }),

    findIncident: (tenant, id) => reading(async (): Promise<Incident | null> => {
      const row = await selectIncidents(db).where('tenant', '=', tenant).where('id', '=', toText(id)).executeTakeFirst();
      return row === undefined ? null : toIncident(row);
    }),
  };
}

/** With the whole timeline, in the order in which it was written. */
export function selectIncidents(db: Kysely<Database>): SelectQueryBuilder<Database, 'incidents', Selectable<IncidentsTable> & { timeline: TimelineEntry[] }> {
  return db.selectFrom('incidents').selectAll().select(sql<TimelineEntry[]>`(
    select coalesce(json_agg(json_build_object('id', e.id, 'at', e.at, 'by', e.by_name, 'kind', e.kind, 'text', e.text, 'from', e.from_value, 'to', e.to_value) order by e.n), '[]'::json)
    from incident_entries e where e.tenant = incidents.tenant and e.incident_id = incidents.id)`.as('timeline'));
}
