import type { SettingsChange } from '@wary/ports/change-feed.port.js';
import { sql, type Kysely } from 'kysely';
import type { Database } from './database.js';
import { SETTINGS_CHANNEL } from './notices.js';

/** Call it in the transaction of the change: other processes hear of it with the commit, and find the version if they did not. */
export async function announce(trx: Kysely<Database>, { kind, tenant, whom }: SettingsChange): Promise<void> {
  const { rows } = await sql<{ version: number }>`
    insert into settings_versions (kind, tenant, version) values (${kind}, ${tenant}, 1)
    on conflict (kind, tenant) do update set version = settings_versions.version + 1 returning version`.execute(trx);
  await sql`select pg_notify(${SETTINGS_CHANNEL}, ${JSON.stringify({ kind, tenant, whom, version: rows[0]!.version } satisfies SettingsNotice)})`.execute(trx);
}

export interface SettingsNotice extends SettingsChange { readonly version: number }

export const announceAccess = (trx: Kysely<Database>, whom: NonNullable<SettingsChange['whom']>): Promise<void> => announce(trx, { kind: 'access', tenant: '', whom });
