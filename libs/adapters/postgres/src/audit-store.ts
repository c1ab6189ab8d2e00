import type { AuditStore } from '@wary/ports/audit.port.js';
import type { Kysely } from 'kysely';
import type { Database } from './database.js';
import { toText } from './json-column.js';
import { decodeCursor, toPage } from './list-cursor.js';

export function createAuditStore(db: Kysely<Database>): AuditStore {
  return {
    async listAudit({ tenant, actor, action, target, from, to, limit, cursor }) {
      const before = decodeCursor(cursor, ['number']);
      let query = db.selectFrom('audit').selectAll().where('tenant', '=', tenant).orderBy('n', 'desc').limit(limit + 1);
      if (before !== null) query = query.where('n', '<', before[0]);
      if (actor !== undefined) query = query.where((where) => where.or([where('actor_name', '=', toText(actor)), where('actor_id', '=', toText(actor))]));
      if (action !== undefined) query = action.endsWith('.') ? query.where('action', 'like', `${likePattern(toText(action))}%`) : query.where('action', '=', toText(action));
      if (target !== undefined) query = query.where('target', '=', toText(target));
      if (from !== undefined) query = query.where('at', '>=', from);
      if (to !== undefined) query = query.where('at', '<', to);
      return toPage(await query.execute(), limit, (row) => ({
        id: String(row.n), tenant: row.tenant, at: row.at, actor: { id: row.actor_id, name: row.actor_name, kind: row.actor_kind, ip: row.ip, requestId: row.request_id },
        action: row.action, target: row.target, before: row.before, after: row.after,
      }), (row) => [row.n]);
    },
  };
}

const likePattern = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');
