import { CompiledQuery, type Kysely } from 'kysely';

/** As a server's autovacuum would (its defaults: 50 rows and a fifth dead, or a tenth changed), with a floor that fits small tables. */
const NEEDED = `n_dead_tup > 500 + 0.2 * n_live_tup or n_mod_since_analyze > 500 + 0.1 * n_live_tup`;
const CHECK_EVERY_MS = 20_000;

/**
 * The embedded engine has no background processes: nobody removes dead rows or looks at the tables, and without statistics the planner reads
 * whole tables where an index would do. So we do it, one table at a time, between other queries. Returns how to stop it.
 */
export function startUpkeep(db: Kysely<any>, onTrouble: (error: unknown) => void, everyMs = CHECK_EVERY_MS): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  let stopped = false;
  const timer = setInterval(() => {
    running = running.then(() => (stopped ? [] : tidy(db, () => stopped))).catch((error: unknown) => { if (!stopped) onTrouble(error); });
  }, everyMs);
  timer.unref();
  return async () => {
    stopped = true;
    clearInterval(timer);
    await running;
  };
}

/** Gives back the tables that needed it. */
export async function tidy(db: Kysely<any>, isStopped: () => boolean = () => false): Promise<string[]> {
  await db.executeQuery(CompiledQuery.raw('select pg_stat_force_next_flush()'));
  const { rows } = await db.executeQuery<{ name: string }>(CompiledQuery.raw(`select quote_ident(relname) as name from pg_stat_user_tables where ${NEEDED} order by relname`));
  const done: string[] = [];
  for (const { name } of rows) {
    if (isStopped()) break;
    await db.executeQuery(CompiledQuery.raw(`vacuum (analyze) ${name}`));
    done.push(name);
  }
  return done;
}
