import type { SecondFactorStore } from '@wary/ports/second-factor-store.port.js';
import { sql, type Kysely } from 'kysely';
import { announceAccess } from './announce.js';
import { writeAudit } from './audit-writer.js';
import type { Database } from './database.js';

/** The recovery codes go with the factor they stand for. */
export async function clearSecondFactor(trx: Kysely<Database>, userId: string): Promise<void> {
  await trx.updateTable('users').set({ second_factor_secret: null, second_factor_at: null, second_factor_step: 0 }).where('id', '=', userId).execute();
  await trx.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
}

async function endOtherSessions(trx: Kysely<Database>, userId: string, except: string | null): Promise<string[]> {
  let ending = trx.deleteFrom('sessions').where('user_id', '=', userId).returning('id');
  if (except !== null) ending = ending.where('id', '!=', except);
  return (await ending.execute()).map(({ id }) => id);
}

async function putRecoveryCodes(trx: Kysely<Database>, userId: string, codeHashes: readonly string[]): Promise<void> {
  await trx.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
  await trx.insertInto('recovery_codes').values(codeHashes.map((hash) => ({ user_id: userId, code_hash: hash, used_at: null }))).execute();
}

export function secondFactorQueries(db: Kysely<Database>): SecondFactorStore {
  return {
    async findSecondFactor(userId) {
      const row = await db.selectFrom('users').select(['second_factor_secret as secret', 'second_factor_at as confirmedAt', 'second_factor_step as lastStep'])
        .select((part) => part.selectFrom('recovery_codes').select(part.fn.countAll<number>().as('left')).whereRef('recovery_codes.user_id', '=', 'users.id').where('used_at', 'is', null).as('left'))
        .where('id', '=', userId).executeTakeFirst();
      return row === undefined || row.secret === null ? null : { secret: row.secret, confirmedAt: row.confirmedAt, lastStep: row.lastStep, recoveryCodesLeft: Number(row.left) };
    },

    async beginSecondFactor(userId, secret) {
      const begun = await db.updateTable('users').set({ second_factor_secret: secret, second_factor_step: 0 }).where('id', '=', userId).where('second_factor_at', 'is', null).returning('id').execute();
      return begun.length === 1;
    },

    confirmSecondFactor: ({ userId, secret, step, at, codeHashes, sessionId, audit }) => db.transaction().execute(async (trx) => {
      const confirmed = await trx.updateTable('users').set({ second_factor_at: at, second_factor_step: step, version: sql`version + 1`, updated_at: at })
        .where('id', '=', userId).where('second_factor_secret', '=', secret).where('second_factor_at', 'is', null).returning('id').execute();
      if (confirmed.length === 0) return null;
      await putRecoveryCodes(trx, userId, codeHashes);
      await writeAudit(trx, audit);
      await announceAccess(trx, { userId });
      return endOtherSessions(trx, userId, sessionId);
    }),

    async useStep(userId, step) {
      const used = await db.updateTable('users').set({ second_factor_step: step }).where('id', '=', userId).where('second_factor_at', 'is not', null).where('second_factor_step', '<', step).returning('id').execute();
      return used.length === 1;
    },

    useRecoveryCode: (userId, codeHash, at, audit) => db.transaction().execute(async (trx) => {
      const used = await trx.updateTable('recovery_codes').set({ used_at: at }).where('user_id', '=', userId).where('code_hash', '=', codeHash).where('used_at', 'is', null).returning('user_id').execute();
      if (used.length === 1) await writeAudit(trx, audit);
      return used.length === 1;
    }),

    replaceRecoveryCodes: (userId, codeHashes, audit) => db.transaction().execute(async (trx) => {
      await putRecoveryCodes(trx, userId, codeHashes);
      await writeAudit(trx, audit);
    }),

    removeSecondFactor: ({ userId, at, sessionId, audit }) => db.transaction().execute(async (trx) => {
      const had = await trx.updateTable('users').set({ version: sql`version + 1`, updated_at: at }).where('id', '=', userId).where('second_factor_at', 'is not', null).returning('id').execute();
      if (had.length === 0) return null;
      await clearSecondFactor(trx, userId);
      await writeAudit(trx, audit);
      await announceAccess(trx, { userId });
      return endOtherSessions(trx, userId, sessionId);
    }),
  };
}
