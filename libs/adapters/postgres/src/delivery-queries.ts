import type { DeliveryAttempt, DeliveryDraft, WebhookStore } from '@wary/ports/webhook-store.port.js';
import { sql, type Kysely } from 'kysely';
import { writeAudit } from './audit-writer.js';
import type { Database } from './database.js';
import { toJson, toText } from './json-column.js';
import { decodeCursor, toPage } from './list-cursor.js';
import { recordAttemptIn } from './record-attempt.js';
import { DELIVERY_COLUMNS, readDelivery, readDetail, readSecrets, readWebhook } from './webhook-rows.js';

const OLDEST = 0;

type DeliveryQueries = Pick<WebhookStore, 'dispatchOutbox' | 'insertDelivery' | 'dueWebhooks' | 'claimDeliveries' | 'releaseLeases' | 'recordAttempt' | 'listDeliveries' | 'findDelivery' | 'requeueDeliveries' | 'pruneDeliveries' | 'pendingDeliveries'>;

export function deliveryQueries(db: Kysely<Database>): DeliveryQueries {
  return {
    dispatchOutbox: (limit, now, plan) => db.transaction().execute(async (trx) => {
      const rows = await trx.selectFrom('outbox').selectAll().where('dispatched_at', 'is', null).orderBy('id').limit(limit).forUpdate().skipLocked().execute();
      if (rows.length === 0) return 0;
      const webhooks = (await trx.selectFrom('webhooks').selectAll().where('tenant', 'in', [...new Set(rows.map(({ tenant }) => tenant))]).orderBy('id').execute()).map(readWebhook);
      const drafts = rows.flatMap((row) => plan({ id: row.id, tenant: row.tenant, type: row.type, payload: row.payload, createdAt: row.created_at }, webhooks.filter(({ tenant }) => tenant === row.tenant))
        .map((draft) => ({ tenant: row.tenant, draft })));
      for (const { tenant, draft } of drafts) {
        await trx.insertInto('webhook_deliveries').values(toRow(tenant, draft, now)).onConflict((conflict) => conflict.columns(['webhook_id', 'outbox_id']).doNothing()).execute();
      }
      await trx.updateTable('outbox').set({ dispatched_at: now }).where('id', 'in', rows.map(({ id }) => id)).execute();
      return rows.length;
    }),

    insertDelivery: (tenant, draft, record) => db.transaction().execute(async (trx) => {
      await trx.insertInto('webhook_deliveries').values(toRow(tenant, draft, draft.createdAt)).execute();
      await recordAttemptIn(trx, draft.id, record, draft.createdAt);
      const row = await trx.selectFrom('webhook_deliveries').selectAll().where('id', '=', draft.id).executeTakeFirstOrThrow();
      const { url } = await trx.selectFrom('webhooks').select('url').where('id', '=', row.webhook_id).executeTakeFirstOrThrow();
      return readDetail(row, url);
    }),

    async dueWebhooks(now) {
      // One look into the index of each webhook: a long queue of one costs the others nothing.
      const { rows } = await sql<{ id: string }>`
        select w.id from webhooks w cross join lateral (
          select d.next_attempt_at from webhook_deliveries d where d.webhook_id = w.id and d.status = 'pending' and d.next_attempt_at <= ${now} and d.lease_until <= ${now}
          order by d.next_attempt_at limit 1
        ) due where w.enabled and coalesce(w.paused_until, 0) <= ${now} order by due.next_attempt_at`.execute(db);
      return rows.map(({ id }) => id);
    },

    claimDeliveries: (webhookId, places, now, leaseUntil) => db.transaction().execute(async (trx) => {
      // Locked, so that two processes that claim at the same moment do not both count the same free places.
      const webhook = await trx.selectFrom('webhooks').selectAll().where('id', '=', webhookId).where('enabled', '=', true).forUpdate().executeTakeFirst();
      if (webhook === undefined || (webhook.paused_until ?? OLDEST) > now) return [];
      const { underWay } = await trx.selectFrom('webhook_deliveries').select((select) => select.fn.countAll<number>().as('underWay')).where('webhook_id', '=', webhookId).where('status', '=', 'pending')
        .where('lease_until', '>', 0).where('lease_until', '>', now).executeTakeFirstOrThrow();
      const limit = Math.min(places.here, (webhook.failing_since === null ? places.healthy : places.struggling) - Number(underWay));
      if (limit <= 0) return [];
      const rows = await trx.selectFrom('webhook_deliveries').selectAll().where('webhook_id', '=', webhookId).where('status', '=', 'pending').where('next_attempt_at', '<=', now).where('lease_until', '<=', now)
        .orderBy('next_attempt_at').orderBy('id').limit(limit).forUpdate().skipLocked().execute();
      if (rows.length === 0) return [];
      await trx.updateTable('webhook_deliveries').set({ lease_until: leaseUntil }).where('id', 'in', rows.map(({ id }) => id)).execute();
      return rows.map((row) => ({ delivery: readDelivery(row), body: row.body, webhook: readWebhook(webhook), secrets: readSecrets(webhook) }));
    }),

    async releaseLeases() {
      await db.updateTable('webhook_deliveries').set({ lease_until: OLDEST }).where('status', '=', 'pending').where('lease_until', '>', OLDEST).execute();
    },

    recordAttempt: (deliveryId, record, now) => db.transaction().execute((trx) => recordAttemptIn(trx, deliveryId, record, now)),

    async listDeliveries(tenant, webhookId, { status, limit, cursor }) {
      const before = decodeCursor(cursor, ['number', 'string']);
      let query = db.selectFrom('webhook_deliveries').select([...DELIVERY_COLUMNS]).where('tenant', '=', tenant).where('webhook_id', '=', toText(webhookId)).orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit + 1);
      if (status !== undefined) query = query.where('status', '=', status);
      if (before !== null) query = query.where((where) => where.or([where('created_at', '<', before[0]), where.and([where('created_at', '=', before[0]), where('id', '<', before[1])])]));
      return toPage(await query.execute(), limit, readDelivery, (row) => [row.created_at, row.id]);
    },

    async findDelivery(tenant, webhookId, id) {
      const row = await db.selectFrom('webhook_deliveries').innerJoin('webhooks', 'webhooks.id', 'webhook_deliveries.webhook_id').selectAll('webhook_deliveries').select('webhooks.url')
        .where('webhook_deliveries.tenant', '=', tenant).where('webhook_deliveries.webhook_id', '=', toText(webhookId)).where('webhook_deliveries.id', '=', toText(id)).executeTakeFirst();
      return row === undefined ? null : readDetail(row, row.url);
    },

    requeueDeliveries: (tenant, webhookId, what, now, audit) => db.transaction().execute(async (trx) => {
      let query = trx.updateTable('webhook_deliveries').set({ status: 'pending', attempts: 0, next_attempt_at: now, lease_until: OLDEST, finished_at: null }).where('tenant', '=', tenant).where('webhook_id', '=', toText(webhookId)).returning('id');
      query = 'id' in what ? query.where('id', '=', toText(what.id)) : query.where('status', '=', 'failed').where('created_at', '>=', what.failedSince);
      const count = (await query.execute()).length;
      if (count > 0) await writeAudit(trx, audit(count));
      return count;
    }),

    async pruneDeliveries(deliveriesBefore, outboxBefore) {
      await db.deleteFrom('outbox').where('dispatched_at', '<', outboxBefore).execute();
      const { numDeletedRows } = await db.deleteFrom('webhook_deliveries').where('finished_at', '<', deliveriesBefore).executeTakeFirst();
      return Number(numDeletedRows);
    },

    async pendingDeliveries() {
      const { count } = await db.selectFrom('webhook_deliveries').select((select) => select.fn.countAll<number>().as('count')).where('status', '=', 'pending').executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}

function toRow(tenant: string, draft: DeliveryDraft, now: number) {
  const failed = draft.failed !== null;
  return {
    id: draft.id, tenant, webhook_id: draft.webhookId, outbox_id: draft.outboxId, type: draft.type, subject: toText(draft.subject), body: toText(draft.body), status: failed ? 'failed' as const : 'pending' as const,
    attempts: 0, next_attempt_at: failed ? null : now, lease_until: OLDEST, created_at: draft.createdAt, finished_at: failed ? now : null, last_status: null, last_error: draft.failed, log: toJson([] satisfies DeliveryAttempt[]),
  };
}
