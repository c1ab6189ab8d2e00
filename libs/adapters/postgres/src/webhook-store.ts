import { WaryError } from '@wary/model/errors.js';
import type { WebhookStore } from '@wary/ports/webhook-store.port.js';
import type { Kysely } from 'kysely';
import { writeAudit } from './audit-writer.js';
import type { Database } from './database.js';
import { deliveryQueries } from './delivery-queries.js';
import { toText } from './json-column.js';
import { decodeCursor, toPage } from './list-cursor.js';
import { readSecrets, readWebhook, toWebhookRow } from './webhook-rows.js';

export function createWebhookStore(db: Kysely<Database>): WebhookStore {
  return {
    ...deliveryQueries(db),

    insertWebhook: (webhook, { secret, previousSecret }, audit) => db.transaction().execute(async (trx) => {
      await trx.insertInto('webhooks').values({ ...toWebhookRow(webhook), secret, previous_secret: previousSecret }).execute();
      await writeAudit(trx, audit);
    }),

    async findWebhook(tenant, id) {
      const row = await db.selectFrom('webhooks').selectAll().where('tenant', '=', tenant).where('id', '=', toText(id)).executeTakeFirst();
      return row === undefined ? null : readWebhook(row);
    },

    async webhookSecrets(tenant, id) {
      const row = await db.selectFrom('webhooks').selectAll().where('tenant', '=', tenant).where('id', '=', toText(id)).executeTakeFirst();
      return row === undefined ? null : readSecrets(row);
    },

    async listWebhooks(tenant, limit, cursor) {
      const after = decodeCursor(cursor, ['string']);
      let query = db.selectFrom('webhooks').selectAll().where('tenant', '=', tenant).orderBy('id').limit(limit + 1);
      if (after !== null) query = query.where('id', '>', after[0]);
      return toPage(await query.execute(), limit, readWebhook, (row) => [row.id]);
    },

    changeWebhook: (tenant, id, decide) => db.transaction().execute(async (trx) => {
      const row = await trx.selectFrom('webhooks').selectAll().where('tenant', '=', tenant).where('id', '=', toText(id)).forUpdate().executeTakeFirst();
      if (row === undefined) throw new WaryError('not_found', 'There is no such webhook');
      const { next, secrets, audit } = decide(readWebhook(row), readSecrets(row));
      await trx.updateTable('webhooks').set({ ...toWebhookRow(next), ...(secrets === undefined ? {} : { secret: secrets.secret, previous_secret: secrets.previousSecret }) }).where('id', '=', row.id).execute();
      if (audit !== null) await writeAudit(trx, audit);
      return next;
    }),

    deleteWebhook: (tenant, id, audit) => db.transaction().execute(async (trx) => {
      const row = await trx.deleteFrom('webhooks').where('tenant', '=', tenant).where('id', '=', toText(id)).returningAll().executeTakeFirst();
      if (row === undefined) throw new WaryError('not_found', 'There is no such webhook');
      await writeAudit(trx, audit(readWebhook(row)));
    }),
  };
}
