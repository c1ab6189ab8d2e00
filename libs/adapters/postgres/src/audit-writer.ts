import type { Json } from '@wary/model/json.js';
import type { Actor } from '@wary/ports/workflow.port.js';
import type { Kysely } from 'kysely';
import type { Database } from './database.js';
import { toJson, toText } from './json-column.js';

export interface AuditEntry {
  readonly tenant: string;
  readonly at: number;
  readonly actor: Actor;
  /** `<thing>.<past or imperative verb>`: `alert.resolve`, `user.disable`. */
  readonly action: string;
  /** `<thing>:<id>`. */
  readonly target: string;
  /** What changed, as it was and as it is; never secrets. */
  readonly before: Json;
  readonly after: Json;
}

/** Call it in the transaction of the change, so that neither is there without the other. */
export async function writeAudit(trx: Kysely<Database>, entry: AuditEntry): Promise<void> {
  await writeAudits(trx, [entry]);
}

export async function writeAudits(trx: Kysely<Database>, entries: readonly AuditEntry[]): Promise<void> {
  for (let start = 0; start < entries.length; start += ROWS_MAX) {
    await trx.insertInto('audit').values(entries.slice(start, start + ROWS_MAX).map(({ tenant, at, actor, action, target, before, after }) => ({
      tenant, at, actor_id: toText(actor.id), actor_name: toText(actor.name), actor_kind: actor.kind, ip: actor.ip, request_id: toText(actor.requestId),
      action, target: toText(target), before: toJson(before), after: toJson(after),
    }))).execute();
  }
}
/** 11 parameters a row, and PostgreSQL counts parameters in 16 bits. */
const ROWS_MAX = 1_000;
