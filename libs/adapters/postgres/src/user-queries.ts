import { WaryError } from '@wary/model/errors.js';
import type { AccountStore, User } from '@wary/ports/account-store.port.js';
import type { Kysely, Selectable } from 'kysely';
import type { UsersTable } from './account-tables.js';
import type { Database } from './database.js';
import { announceAccess } from './announce.js';
import { writeAudit } from './audit-writer.js';
import { toText } from './json-column.js';
import { clearSecondFactor } from './second-factor-queries.js';
import { decodeCursor, toPage } from './list-cursor.js';

type UserRow = Selectable<UsersTable>;

export const readUser = (row: UserRow): User => ({
  id: row.id, tenant: row.tenant, email: row.email, name: row.name, role: row.role, disabled: row.disabled, mustChangePassword: row.must_change_password, secondFactor: row.second_factor_at !== null,
  version: row.version, createdAt: row.created_at, updatedAt: row.updated_at, lastSignInAt: row.last_sign_in_at,
});

const toRow = (user: User): Omit<UserRow, 'password_hash' | `second_factor_${string}`> => ({
  id: user.id, tenant: user.tenant, email: toText(user.email), name: toText(user.name), role: user.role, disabled: user.disabled, must_change_password: user.mustChangePassword,
  version: user.version, created_at: user.createdAt, updated_at: user.updatedAt, last_sign_in_at: user.lastSignInAt,
});

export function userQueries(db: Kysely<Database>): Pick<AccountStore, 'insertUser' | 'findUser' | 'findUserByEmail' | 'findUserById' | 'listUsers' | 'listTenants' | 'changeUser'> {
  return {
    insertUser: (user, passwordHash, audit, onlyIfNone = false) => db.transaction().execute(async (trx) => {
      if (onlyIfNone) {
        // Two processes that start together on one database make one first administrator.
        await trx.selectFrom('counters').select('name').where('name', '=', 'changes.seq').forUpdate().execute();
        if ((await trx.selectFrom('users').select('id').where('tenant', '=', user.tenant).limit(1).execute()).length > 0) return false;
      }
      const inserted = await trx.insertInto('users').values({ ...toRow(user), password_hash: passwordHash }).onConflict((conflict) => conflict.column('email').doNothing()).returning('id').execute();
      if (inserted.length === 0) throw new WaryError('conflict', 'There is a user with this e-mail already');
      await writeAudit(trx, audit);
      return true;
    }),

    async findUser(tenant, id) {
      const row = await db.selectFrom('users').selectAll().where('tenant', '=', tenant).where('id', '=', toText(id)).executeTakeFirst();
      return row === undefined ? null : readUser(row);
    },

    async findUserByEmail(email) {
      const row = await db.selectFrom('users').selectAll().where('email', '=', toText(email)).executeTakeFirst();
      return row === undefined ? null : { user: readUser(row), passwordHash: row.password_hash };
    },

    async findUserById(id) {
      const row = await db.selectFrom('users').selectAll().where('id', '=', toText(id)).executeTakeFirst();
      return row === undefined ? null : { user: readUser(row), passwordHash: row.password_hash };
    },

    async listUsers(tenant, limit, cursor) {
      const after = decodeCursor(cursor, ['string']);
      let query = db.selectFrom('users').selectAll().where('tenant', '=', tenant).orderBy('email').limit(limit + 1);
      if (after !== null) query = query.where('email', '>', after[0]);
      return toPage(await query.execute(), limit, readUser, (row) => [row.email]);
    },

    listTenants: async () => (await db.selectFrom('users').select('tenant').distinct().orderBy('tenant').execute()).map(({ tenant }) => tenant),

    changeUser: (tenant, id, decide) => db.transaction().execute(async (trx) => {
      // Locking all administrators in one order is what keeps two of them from disabling each other at the same moment.
      const locked = await trx.selectFrom('users').selectAll().where('tenant', '=', tenant)
        .where((where) => where.or([where('id', '=', toText(id)), where.and([where('role', '=', 'admin'), where('disabled', '=', false)])]))
        .orderBy('id').forUpdate().execute();
      const row = locked.find((user) => user.id === id);
      if (row === undefined) throw new WaryError('not_found', 'There is no such user');
      const otherAdmins = locked.filter((user) => user.id !== id && user.role === 'admin' && !user.disabled).length;
      const { next, passwordHash, endSessions, clearFactor = false, audit } = decide(readUser(row), otherAdmins, row.password_hash);
      await trx.updateTable('users').set({ ...toRow(next), ...(passwordHash === undefined ? {} : { password_hash: passwordHash }) }).where('id', '=', id).execute();
      if (clearFactor) await clearSecondFactor(trx, id);
      let endedSessions: string[] = [];
      if (endSessions !== 'none') {
        let ending = trx.deleteFrom('sessions').where('user_id', '=', id).returning('id');
        if (endSessions !== 'all') ending = ending.where('id', '!=', endSessions.except);
        endedSessions = (await ending.execute()).map((session) => session.id);
      }
      if (audit !== null) await writeAudit(trx, audit);
      await announceAccess(trx, { userId: id });
      return { user: next, endedSessions };
    }),
  };
}
