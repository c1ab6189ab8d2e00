import type { ThrottleStore } from '@wary/ports/throttle-store.port.js';
import { sql, type Kysely } from 'kysely';
import type { Database } from './database.js';

export function createThrottleStore(db: Kysely<Database>): ThrottleStore {
  return {
    async take(key, { triesMax, windowMs, waitMs }, now) {
      // The try that is one too many begins the wait; those during the wait do not make it longer.
      const { rows } = await sql<{ tries: number; ends_at: number }>`
        insert into throttles as t (key, tries, ends_at) values (${key}, 1, ${now}::bigint + ${windowMs}::bigint)
        on conflict (key) do update set
          tries = case when t.ends_at <= ${now}::bigint then 1 else least(t.tries + 1, ${triesMax}::int + 2) end,
          ends_at = case when t.ends_at <= ${now}::bigint then ${now}::bigint + ${windowMs}::bigint when t.tries = ${triesMax}::int then ${now}::bigint + ${waitMs}::bigint else t.ends_at end
        returning tries, ends_at`.execute(db);
      const { tries, ends_at: endsAt } = rows[0]!;
      return tries > triesMax ? endsAt - now : null;
    },
    async forget(key) { await db.deleteFrom('throttles').where('key', '=', key).execute(); },
    async giveBack(key, now) {
      await db.updateTable('throttles').set((set) => ({ tries: set('tries', '-', 1) })).where('key', '=', key).where('ends_at', '>', now).where('tries', '>', 0).execute();
    },
    async removeOver(now) { return (await db.deleteFrom('throttles').where('ends_at', '<=', now).returning('key').execute()).length; },
  };
}
