import { openClickHouse, type ClickHouseHandle } from '@wary/adapter-clickhouse/open-clickhouse.js';
import { CLICKHOUSE_MIGRATIONS, exclusively } from '@wary/adapter-postgres/exclusively.js';
import { openPostgres, type PostgresHandle } from '@wary/adapter-postgres/open-postgres.js';
import type { Config } from '@wary/platform/config/read-config.js';
import type { Logger } from '@wary/platform/logging/create-logger.js';
import type { Cipher } from '@wary/ports/cipher.port.js';
import type { Clock } from '@wary/ports/clock.port.js';
import { createAesGcmCipher } from '@wary/protect/aes-gcm-cipher.js';
import { deriveKey, deriveKeys, type DerivedKeys } from '@wary/protect/derive-keys.js';

export interface Servers { readonly postgres: PostgresHandle; readonly keys: DerivedKeys; readonly cipher: Cipher; readonly secret: string }
export interface AllServers extends Servers { readonly clickHouse: ClickHouseHandle }

/** The servers that a service stands on. What opened is closed again when another does not. */
export async function openServers({ env, dataDir }: Config, log: Logger): Promise<Servers> {
  const secret = env.WARY_SECRET_KEY!;
  return {
    postgres: await openPostgres({ url: env.WARY_POSTGRES_URL!, dataDir, log: writerOf(log) }), keys: deriveKeys(secret), secret,
    cipher: createAesGcmCipher([secret, ...env.WARY_SECRET_KEYS_OLD].map((root) => deriveKey(root, 'encryption'))),
  };
}

export async function openAllServers(config: Config, clock: Clock, log: Logger): Promise<AllServers> {
  const { env, dataDir } = config;
  const servers = await openServers(config, log);
  try {
    // The analytics store has no locks: of processes that start together one migrates it and the others wait.
    const clickHouse = await exclusively(servers.postgres.db, CLICKHOUSE_MIGRATIONS, () => openClickHouse({
      url: env.WARY_CLICKHOUSE_URL!, dataDir, cipher: servers.cipher, fsync: env.WARY_FSYNC, now: () => clock.now(), log: writerOf(log),
      retentionDays: env.WARY_RETENTION_DAYS, contentRetentionDays: env.WARY_CONTENT_RETENTION_DAYS,
    }));
    return { ...servers, clickHouse };
  } catch (error) {
    await servers.postgres.close();
    throw error;
  }
}

const writerOf = (log: Logger) => (level: 'info' | 'warn' | 'error', message: string, detail?: object): void => { log[level](detail ?? {}, message); };
