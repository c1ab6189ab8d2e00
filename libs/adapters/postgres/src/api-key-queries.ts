import { WaryError } from '@wary/model/errors.js';
import type { AccountStore, ApiKey } from '@wary/ports/account-store.port.js';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { ApiKeysTable } from './account-tables.js';
import { announceAccess } from './announce.js';
import { writeAudit } from './audit-writer.js';
import type { Database } from './database.js';
import { toJson, toText } from './json-column.js';
import { decodeCursor, toPage } from './list-cursor.js';

const readKey = (row: Selectable<ApiKeysTable>): ApiKey => ({
  id: row.id, tenant: row.tenant, name: row.name, scopes: row.scopes, hint: row.hint, version: row.version, createdAt: row.created_at, createdBy: row.created_by, updatedAt: row.updated_at,
  rotatedAt: row.rotated_at, previousUntil: row.previous_until, expiresAt: row.expires_at, revokedAt: row.revoked_at, lastUsedAt: row.last_used_at,
});

/** Without what is written apart from a person's change: hashes, last use. */
const toRow = (key: ApiKey) => ({
  id: key.id, tenant: key.tenant, name: toText(key.name), scopes: toJson(key.scopes), hint: key.hint, version: key.version, created_at: key.createdAt, created_by: toText(key.createdBy),
  updated_at: key.updatedAt, rotated_at: key.rotatedAt, previous_until: key.previousUntil, expires_at: key.expiresAt, revoked_at: key.revokedAt,
});

export function apiKeyQueries(db: Kysely<Database>): Pick<AccountStore, 'insertApiKey' | 'findApiKey' | 'findApiKeyByHash' | 'listApiKeys' | 'changeApiKey' | 'touchApiKey'> {
  return {
    insertApiKey: (key, hash, audit, onlyIfNone = false) => db.transaction().execute(async (trx) => {
      if (onlyIfNone) {
        await trx.selectFrom('counters').select('name').where('name', '=', 'changes.seq').forUpdate().execute();
        const live = await trx.selectFrom('api_keys').select('id').where('tenant', '=', key.tenant).where('revoked_at', 'is', null)
          .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', key.createdAt)])).where(sql<boolean>`scopes @> '["ingest"]'::jsonb`).limit(1).execute();
        if (live.length > 0) return false;
      }
      const inserted = await trx.insertInto('api_keys').values({ ...toRow(key), hash, last_used_at: null }).onConflict((conflict) => conflict.doNothing()).returning('id').execute();
      if (inserted.length === 0) throw new WaryError('conflict', 'There is such a key already');
      await writeAudit(trx, audit);
      return true;
    }),

    async findApiKey(tenant, id) {
      const row = await db.selectFrom('api_keys').selectAll().where('tenant', '=', tenant).where('id', '=', toText(id)).executeTakeFirst();
      return row === undefined ? null : readKey(row);
    },

    async findApiKeyByHash(hash) {
      const row = await db.selectFrom('api_keys').selectAll().where((where) => where.or([where('hash', '=', hash), where('previous_hash', '=', hash)])).executeTakeFirst();
      return row === undefined ? null : { key: readKey(row), previous: row.hash !== hash };
    },

    async listApiKeys(tenant, limit, cursor) {
      const before = decodeCursor(cursor, ['string']);
      let query = db.selectFrom('api_keys').selectAll().where('tenant', '=', tenant).orderBy('id', 'desc').limit(limit + 1);
      if (before !== null) query = query.where('id', '<', before[0]);
      return toPage(await query.execute(), limit, readKey, (row) => [row.id]);
    },

    changeApiKey: (tenant, id, decide) => db.transaction().execute(async (trx) => {
      const row = await trx.selectFrom('api_keys').selectAll().where('tenant', '=', tenant).where('id', '=', toText(id)).forUpdate().executeTakeFirst();
      if (row === undefined) throw new WaryError('not_found', 'There is no such key');
      const { next, hash, audit } = decide(readKey(row));
      await trx.updateTable('api_keys').set({ ...toRow(next), ...(hash === undefined ? {} : { hash, previous_hash: next.previousUntil === null ? null : row.hash }) }).where('id', '=', row.id).execute();
      if (audit !== null) await writeAudit(trx, audit);
      await announceAccess(trx, { keyId: row.id });
      return next;
    }),

    async touchApiKey(id, at) {
      await db.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', id).where((where) => where.or([where('last_used_at', 'is', null), where('last_used_at', '<', at)])).execute();
    },
  };
}
