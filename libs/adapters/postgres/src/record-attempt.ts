import type { AttemptRecord } from '@wary/ports/webhook-store.port.js';
import type { Kysely } from 'kysely';
import { writeAudit } from './audit-writer.js';
import type { Database } from './database.js';
import { toJson, toText } from './json-column.js';

/** Attempts kept with a delivery: two whole rounds of the schedule. */
const LOG_ATTEMPTS_MAX = 20;
const SWITCHED_OFF = 'the webhook was switched off';

/** Writes what became of an attempt, and what it says of the webhook: healthy again, failing since, paused, switched off. */
export async function recordAttemptIn(trx: Kysely<Database>, deliveryId: string, record: AttemptRecord, now: number): Promise<void> {
  const { attempt, status, nextAttemptAt, pausedUntil, disable } = record;
  const row = await trx.selectFrom('webhook_deliveries').select(['webhook_id', 'log', 'attempts', 'status']).where('id', '=', deliveryId).forUpdate().executeTakeFirst();
  // Deleted meanwhile with its webhook.
  if (row === undefined) return;
  if (row.status === 'succeeded' && status !== 'succeeded') {
    // Its lease ran out while this process was held up, and another one has delivered it: that stands.
    await trx.updateTable('webhook_deliveries').set({ log: toJson([...row.log, attempt].slice(-LOG_ATTEMPTS_MAX)) }).where('id', '=', deliveryId).execute();
    return;
  }
  await trx.updateTable('webhook_deliveries').set({
    status, attempts: row.attempts + 1, next_attempt_at: nextAttemptAt, lease_until: 0, finished_at: status === 'pending' ? null : now,
    last_status: attempt.status, last_error: attempt.error === null ? null : toText(attempt.error), log: toJson([...row.log, attempt].slice(-LOG_ATTEMPTS_MAX)),
  }).where('id', '=', deliveryId).execute();

  if (status === 'succeeded') {
    await trx.updateTable('webhooks').set({ failing_since: null, paused_until: null }).where('id', '=', row.webhook_id)
      .where((where) => where.or([where('failing_since', 'is not', null), where('paused_until', 'is not', null)])).execute();
    return;
  }
  await trx.updateTable('webhooks').set({ failing_since: attempt.at }).where('id', '=', row.webhook_id).where('failing_since', 'is', null).execute();
  if (pausedUntil !== null) await trx.updateTable('webhooks').set({ paused_until: pausedUntil }).where('id', '=', row.webhook_id).execute();
  if (disable === null) return;
  const { numUpdatedRows } = await trx.updateTable('webhooks').set((set) => ({ enabled: false, disabled_reason: disable.reason, version: set('version', '+', 1), updated_at: now }))
    .where('id', '=', row.webhook_id).where('enabled', '=', true).executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  // What still waits would go out in one burst when somebody switches it on again: it is for `recover` to decide.
  await trx.updateTable('webhook_deliveries').set({ status: 'failed', next_attempt_at: null, finished_at: now, last_error: SWITCHED_OFF }).where('webhook_id', '=', row.webhook_id).where('status', '=', 'pending').execute();
  await writeAudit(trx, disable.audit);
}
