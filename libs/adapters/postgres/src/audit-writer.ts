import type { Json } from '@wary/model/json.js';
import type { AuditEntry } from '@wary/ports/audit.port.js';
import type { Kysely } from 'kysely';
import type { Database } from './database.js';
import { toJson, toText } from './json-column.js';

/** Call it in the transaction of the change, so that neither is there without the other. */
export async function writeAudit(trx: Kysely<Database>, entry: AuditEntry): Promise<void> {
  await writeAudits(trx, [entry]);
}

export async function writeAudits(trx: Kysely<Database>, entries: readonly AuditEntry[]): Promise<void> {
  for (let start = 0; start < entries.length; start += ROWS_MAX) {
    await trx.insertInto('audit').values(entries.slice(start, start + ROWS_MAX).map(({ tenant, at, actor, action, target, before, after }) => ({
      tenant, at, actor_id: toText(actor.id), actor_name: toText(actor.name), actor_kind: actor.kind, ip: actor.ip, request_id: toText(actor.requestId),
      action, target: toText(target), before: toJson((before ?? null) as Json), after: toJson((after ?? null) as Json),
    }))).execute();
  }
}
/** 11 parameters a row, and PostgreSQL counts parameters in 16 bits. */
const ROWS_MAX = 1_000;
