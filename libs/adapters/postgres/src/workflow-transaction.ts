import type { EntityType } from '@wary/model/entity.js';
import type { WorkflowTransaction } from '@wary/ports/workflow-store.port.js';
import { sql, type Transaction } from 'kysely';
import { inScope } from './alert-queries.js';
import type { Database } from './database.js';
import { selectIncidents } from './incident-queries.js';
import { toJson, toText } from './json-column.js';
import { toAlert, toIncident, toSuppression } from './workflow-rows.js';
import { writeWorkflow } from './workflow-write.js';

/** The reads and the one write of a transaction that belongs to one tenant. */
export function workflowTransaction(trx: Transaction<Database>, tenant: string): WorkflowTransaction {
  const alerts = () => trx.selectFrom('alerts').selectAll().where('tenant', '=', tenant).orderBy('id').forUpdate();
  return {
    async appliedFindings(ids) {
      const rows = await trx.selectFrom('applied_findings').select(['finding_id', 'revision', 'alert_id']).where('tenant', '=', tenant).where('finding_id', '=', anyOf(ids)).execute();
      return new Map(rows.map((row) => [row.finding_id, { revision: row.revision, alertId: row.alert_id }]));
    },

    async lockAlerts({ ids = [], openWithKeys = [] }) {
      if (ids.length + openWithKeys.length === 0) return [];
      // Ids first, rows second: with both conditions in one the planner reads every alert of the tenant.
      const wanted = sql`select json_array_elements_text(${toJson(ids)}::json) union all
        select id from alerts where tenant = ${tenant} and dedup_key = ${anyOf(openWithKeys)} and status <> 'resolved'`;
      const rows = await alerts().where('id', '=', openWithKeys.length === 0 ? anyOf(ids) : sql<string>`any(array(${wanted}))`).execute();
      return rows.map((row) => ({ alert: toAlert(row), dedupKey: row.dedup_key }));
    },

    async lockOpenAlertsIn(scope, limit) {
      return (await alerts().clearOrderBy().orderBy('created_at').orderBy('id').where('status', 'in', ['triggered', 'acknowledged']).where(inScope(scope)).limit(limit).execute()).map(toAlert);
    },
    async lockAlertsSuppressedBy(suppressionId, limit) {
      return (await alerts().where('status', '=', 'suppressed').where('suppression_id', '=', toText(suppressionId)).limit(limit).execute()).map(toAlert);
    },

    async lockIncidents(ids) {
      return (await selectIncidents(trx).where('tenant', '=', tenant).where('id', '=', anyOf(ids)).orderBy('id').forUpdate().execute()).map(toIncident);
    },
    async lockOpenIncidentsOf(entities) {
      const { rows: homes } = await sql<{ type: EntityType; entity: string; id: string }>`
        with recursive wanted as (select * from json_to_recordset(${toJson(entities)}::json) as e(type text, id text)),
        homes as (
          select w.type, w.id as entity, i.id, i.merged_into, true as own from wanted w
            join incidents i on i.tenant = ${tenant} and i.entity_type = w.type and i.entity_id = w.id and i.state <> 'closed'
          union all
          select h.type, h.entity, i.id, i.merged_into, false from homes h join incidents i on i.tenant = ${tenant} and i.id = h.merged_into and i.state <> 'closed'
        )
        select distinct on (h.type, h.entity) h.type, h.entity, h.id from homes h join incidents i on i.tenant = ${tenant} and i.id = h.id
        where h.merged_into is null order by h.type, h.entity, h.own desc, i.number desc`.execute(trx);
      const incidents = new Map((homes.length === 0 ? [] : await this.lockIncidents(homes.map(({ id }) => id))).map((incident) => [incident.id, incident]));
      return homes.map(({ type, entity, id }) => ({ entity: { type, id: entity }, incident: incidents.get(id)! }));
    },

    async suppressions() {
      return (await trx.selectFrom('suppressions').selectAll().where('tenant', '=', tenant).where('ended_at', 'is', null).execute()).map(toSuppression);
    },

    async takeIncidentNumbers(count) {
      const { rows } = await sql<{ value: number }>`
        insert into counters (name, value) values (${`incidents.${tenant}`}, ${count}::bigint)
        on conflict (name) do update set value = counters.value + excluded.value returning value`.execute(trx);
      return rows[0]!.value - count + 1;
    },

    write: (what) => writeWorkflow(trx, what),
  };
}

/** One parameter whatever the number of values, so that the statement stays the same. */
const anyOf = (values: readonly string[]) => sql<string>`any(array(select json_array_elements_text(${toJson(values)}::json)))`;
