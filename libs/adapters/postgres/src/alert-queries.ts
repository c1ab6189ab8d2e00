import { ALERT_STATUSES, type Alert, type AlertStatus, type SuppressionScope } from '@wary/model/alert.js';
import type { EntityType } from '@wary/model/entity.js';
import { SEVERITIES, severityRank, type Severity } from '@wary/model/finding.js';
import { CONFIRMED_SHOWN_MAX, type AlertQuery } from '@wary/ports/workflow.port.js';
import type { AlertSummary, WorkflowStore } from '@wary/ports/workflow-store.port.js';
import { sql, type Kysely, type Selectable, type SelectQueryBuilder } from 'kysely';
import type { Database } from './database.js';
import { reading } from './in-transaction.js';
import { toJson, toText } from './json-column.js';
import { decodeCursor, toPage } from './list-cursor.js';
import { toAlert, toSeverity } from './workflow-rows.js';

type Filter = Omit<AlertQuery, 'limit' | 'cursor' | 'sort'>;

export function alertQueries(db: Kysely<Database>): Pick<WorkflowStore, 'findAlerts' | 'countAlerts' | 'findAlert' | 'previewSuppression' | 'alertsOf' | 'alertChanges' | 'heaviestEntities'> {
  return {
    findAlerts: (query) => reading(async () => {
      const { limit, sort = 'newest' } = query;
      let rows = filtered(db.selectFrom('alerts').selectAll(), query).limit(limit + 1);
      switch (sort) {
        case 'newest': {
          const after = decodeCursor(query.cursor, ['number', 'string']);
          rows = rows.orderBy('created_at', 'desc').orderBy('id', 'desc');
          if (after !== null) rows = rows.where(sql<boolean>`(created_at, id) < (${after[0]}::bigint, ${after[1]}::text)`);
          return toPage(await rows.execute(), limit, toAlert, (row) => [row.created_at, row.id]);
        }
        case 'lastSeen': {
          const after = decodeCursor(query.cursor, ['number', 'string']);
          rows = rows.orderBy('last_seen', 'desc').orderBy('id', 'desc');
          if (after !== null) rows = rows.where(sql<boolean>`(last_seen, id) < (${after[0]}::bigint, ${after[1]}::text)`);
          return toPage(await rows.execute(), limit, toAlert, (row) => [row.last_seen, row.id]);
        }
        case 'severity': {
          const after = decodeCursor(query.cursor, ['number', 'number', 'string']);
          rows = rows.orderBy('severity', 'desc').orderBy('created_at', 'desc').orderBy('id', 'desc');
          if (after !== null) rows = rows.where(sql<boolean>`(severity, created_at, id) < (${after[0]}::bigint, ${after[1]}::bigint, ${after[2]}::text)`);
          return toPage(await rows.execute(), limit, toAlert, (row) => [row.severity, row.created_at, row.id]);
        }
      }
    }),

    countAlerts: (query) => reading(async () => {
      const rows = await filtered(db.selectFrom('alerts').select(['severity', 'status', sql<number>`count(*)`.as('alerts')]), query).groupBy(['severity', 'status']).execute();
      const bySeverity = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<Severity, number>;
      const byStatus = Object.fromEntries(ALERT_STATUSES.map((status) => [status, 0])) as Record<AlertStatus, number>;
      let total = 0;
      for (const { severity, status, alerts } of rows) {
        bySeverity[toSeverity(severity)] += alerts;
        byStatus[status] += alerts;
        total += alerts;
      }
      return { total, bySeverity, byStatus };
    }),

    findAlert: (tenant, id) => reading(async (): Promise<Alert | null> => {
      const row = await db.selectFrom('alerts').selectAll().where('tenant', '=', tenant).where('id', '=', toText(id)).executeTakeFirst();
      return row === undefined ? null : toAlert(row);
    }),

    previewSuppression: (tenant, scopes, from) => reading(async () => {
      const within = scopes.length === 0 ? sql<boolean>`false` : sql<boolean>`(${sql.join(scopes.map(inScope), sql` or `)})`;
      const since = db.selectFrom('alerts').where('tenant', '=', tenant).where('last_seen', '>=', from);
      const counts = await since.select([
        sql<number>`count(*)`.as('alerts'),
        sql<number>`count(*) filter (where ${within})`.as('matched'),
        sql<number>`count(distinct (entity_type, entity_id)) filter (where ${within})`.as('entities'),
        sql<number>`count(*) filter (where ${within} and verdict = 'true_positive')`.as('confirmed'),
      ]).executeTakeFirstOrThrow();
      const confirmed = counts.confirmed === 0 ? [] : await since.where(within).where('verdict', '=', 'true_positive')
        .select(['id', 'title', 'entity_type', 'entity_id', 'severity', 'last_seen']).orderBy('last_seen', 'desc').orderBy('id', 'desc').limit(CONFIRMED_SHOWN_MAX).execute();
      return { ...counts, confirmedAlerts: confirmed.map((row) => ({ id: row.id, title: row.title, entity: { type: row.entity_type, id: row.entity_id }, severity: toSeverity(row.severity), lastSeen: row.last_seen })) };
    }),

    alertsOf: (tenant, entities, since, limit, raisedBy) => reading(async () => {
      const { rows } = await sql<SummaryRow>`
        select a.* from json_to_recordset(${toJson(entities)}::json) as e(type text, id text),
        lateral (select id, title, entity_type, entity_id, severity, criticality, reason, status, verdict, first_seen, last_seen, resolved_at from alerts
          where tenant = ${tenant} and entity_type = e.type and entity_id = e.id and last_seen >= ${since}::bigint and first_seen <= ${raisedBy ?? Number.MAX_SAFE_INTEGER}::bigint order by last_seen desc limit ${limit}::int) a`.execute(db);
      return rows.map((row): AlertSummary => ({
        id: row.id, title: row.title, entity: { type: row.entity_type, id: row.entity_id }, severity: toSeverity(row.severity), criticality: row.criticality, reason: row.reason,
        status: row.status, verdict: row.verdict, firstSeen: row.first_seen, lastSeen: row.last_seen, resolvedAt: row.resolved_at,
      }));
    }),

    alertChanges: (tenant, ids, after, fields) => reading(async () => {
      if (ids.length === 0) return [];
      const targets = ids.map((id) => `alert:${toText(id)}`);
      // Of each field only the first change counts; an alert that many findings have joined has a row for each.
      const { rows } = await sql<{ target: string; field: string | null; value: unknown }>`
        select distinct on (target, field) target, field, value
        from audit left join lateral jsonb_each(case when jsonb_typeof(before) = 'object' then before end) as was(field, value) on true
        where tenant = ${tenant} and target = any(${targets}::text[]) and at > ${after}::bigint and (field = any(${[...fields]}::text[]) or before is null or jsonb_typeof(before) <> 'object')
        order by target, field, n`.execute(db);
      return rows.map(({ target, field, value }) => ({ alertId: target.slice('alert:'.length), before: field === null ? null : { [field]: value } }));
    }),

    heaviestEntities: (tenant, { bySeverity, byCriticality, halfLifeMs, clearingVerdicts }, since, now, limit) => reading(async () => {
      const { rows } = await sql<{ entity_type: EntityType; entity_id: string }>`
        select entity_type, entity_id from alerts
        where tenant = ${tenant} and last_seen >= ${since}::bigint and status <> 'suppressed' and (verdict is null or not verdict = any(${clearingVerdicts}::text[]))
        group by entity_type, entity_id
        having sum((${bySeverity}::float8[])[severity + 1]) > 0
        order by sum((${bySeverity}::float8[])[severity + 1] * (${byCriticality}::float8[])[criticality] * power(0.5::float8, greatest(${now}::bigint - last_seen, 0) / ${halfLifeMs}::float8)) desc, entity_type, entity_id
        limit ${limit}::int`.execute(db);
      return rows.map(({ entity_type: type, entity_id: id }) => ({ type, id }));
    }),
  };
}
type SummaryRow = Pick<Selectable<Database['alerts']>, 'id' | 'title' | 'entity_type' | 'entity_id' | 'severity' | 'criticality' | 'reason' | 'status' | 'verdict' | 'first_seen' | 'last_seen' | 'resolved_at'>;

/** The same rule as the pure one that new alerts meet (libs/alert/src/suppression.ts), in SQL for those that are stored. */
export function inScope({ entity, detector, reason }: SuppressionScope): ReturnType<typeof sql<boolean>> {
  const parts = [
    ...(entity === undefined ? [] : [sql`entity_type = ${entity.type} and entity_id = ${toText(entity.id)}`]),
    ...(detector === undefined ? [] : [sql`detector = ${toText(detector)}`]),
    ...(reason === undefined ? [] : [sql`reason = ${toText(reason)}`]),
  ];
  return parts.length === 0 ? sql<boolean>`false` : sql<boolean>`(${sql.join(parts, sql` and `)})`;
}

function filtered<O>(query: SelectQueryBuilder<Database, 'alerts', O>, filter: Filter): SelectQueryBuilder<Database, 'alerts', O> {
  let rows = query.where('tenant', '=', filter.tenant);
  const { status, severity, entity, detector, from, to, historical, incidentId, assignee, q } = filter;
  if (status !== undefined && status.length > 0) rows = rows.where('status', 'in', status);
  if (severity !== undefined && severity.length > 0) rows = rows.where('severity', 'in', severity.map(severityRank));
  if (entity !== undefined) rows = rows.where('entity_type', '=', entity.type).where('entity_id', '=', toText(entity.id));
  if (detector !== undefined) rows = rows.where('detector', '=', toText(detector));
  // Whatever was going on at some time between the two.
  if (from !== undefined) rows = rows.where('last_seen', '>=', from);
  if (to !== undefined) rows = rows.where('first_seen', '<', to);
  if (historical !== undefined) rows = rows.where('historical', '=', historical);
  if (incidentId !== undefined) rows = rows.where('incident_id', '=', toText(incidentId));
  if (assignee !== undefined) rows = rows.where('assignee', '=', toText(assignee));
  if (q !== undefined && q !== '') rows = rows.where(sql<boolean>`position(${toText(q.toLowerCase())} in search) > 0`);
  return rows;
}
