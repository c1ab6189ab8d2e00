import type { AccountStore, Session } from '@wary/ports/account-store.port.js';
import type { Kysely, Selectable } from 'kysely';
import type { SessionsTable } from './account-tables.js';
import { announceAccess } from './announce.js';
import { writeAudit } from './audit-writer.js';
import type { Database } from './database.js';
import { toText } from './json-column.js';
import { readUser } from './user-queries.js';

const readSession = (row: Omit<Selectable<SessionsTable>, 'token_hash'>): Session => ({
  id: row.id, userId: row.user_id, createdAt: row.created_at, lastSeenAt: row.last_seen_at, expiresAt: row.expires_at, ip: row.ip, userAgent: row.user_agent,
});

export function sessionQueries(db: Kysely<Database>): Pick<AccountStore, 'insertSession' | 'findSession' | 'listSessions' | 'touchSession' | 'endSessions' | 'removeExpiredSessions'> {
  return {
    insertSession: (session, tokenHash, audit) => db.transaction().execute(async (trx) => {
      await trx.insertInto('sessions').values({
        id: session.id, user_id: session.userId, token_hash: tokenHash, created_at: session.createdAt, last_seen_at: session.lastSeenAt, expires_at: session.expiresAt,
        ip: toText(session.ip), user_agent: toText(session.userAgent),
      }).execute();
      await trx.updateTable('users').set({ last_sign_in_at: session.createdAt }).where('id', '=', session.userId).execute();
      if (audit !== null) await writeAudit(trx, audit);
    }),

    async findSession(tokenHash) {
      const row = await db.selectFrom('sessions').innerJoin('users', 'users.id', 'sessions.user_id').selectAll('users')
        .select(['sessions.id as session_id', 'sessions.created_at as session_created_at', 'sessions.last_seen_at', 'sessions.expires_at', 'sessions.ip', 'sessions.user_agent'])
        .where('sessions.token_hash', '=', tokenHash).executeTakeFirst();
      if (row === undefined) return null;
      return { user: readUser(row), session: readSession({ ...row, id: row.session_id, user_id: row.id, created_at: row.session_created_at }) };
    },

    async listSessions(userId) {
      const rows = await db.selectFrom('sessions').selectAll().where('user_id', '=', userId).orderBy('last_seen_at', 'desc').orderBy('id', 'desc').execute();
      return rows.map(readSession);
    },

    async touchSession(id, at) {
      await db.updateTable('sessions').set({ last_seen_at: at }).where('id', '=', id).where('last_seen_at', '<', at).execute();
    },

    endSessions: (userId, ids, audit) => db.transaction().execute(async (trx) => {
      if (ids !== 'all' && ids.length === 0) return [];
      let query = trx.deleteFrom('sessions').where('user_id', '=', userId).returning('id');
      if (ids !== 'all') query = query.where('id', 'in', ids.map(toText));
      const ended = (await query.execute()).map(({ id }) => id);
      if (ended.length === 0) return ended;
      if (audit !== null) await writeAudit(trx, audit);
      await announceAccess(trx, ended.length === 1 ? { userId, sessionId: ended[0]! } : { userId });
      return ended;
    }),

    async removeExpiredSessions(now, idleBefore) {
      const removed = await db.deleteFrom('sessions').where((where) => where.or([where('expires_at', '<=', now), where('last_seen_at', '<=', idleBefore)])).returning('id').execute();
      return removed.length;
    },
  };
}
