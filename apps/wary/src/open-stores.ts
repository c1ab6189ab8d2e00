import { openClickHouse, type ClickHouseHandle } from '@wary/adapter-clickhouse/open-clickhouse.js';
import { openPostgres, type PostgresHandle } from '@wary/adapter-postgres/open-postgres.js';
import { readOrMakeSecretKey } from '@wary/platform/config/data-secrets.js';
import type { Config } from '@wary/platform/config/read-config.js';
import type { Logger } from '@wary/platform/logging/create-logger.js';
import type { Cipher } from '@wary/ports/cipher.port.js';
import type { Clock } from '@wary/ports/clock.port.js';
import { createAesGcmCipher } from '@wary/protect/aes-gcm-cipher.js';
import { deriveKey, deriveKeys, type DerivedKeys } from '@wary/protect/derive-keys.js';

export interface Stores {
  readonly clickHouse: ClickHouseHandle;
  readonly postgres: PostgresHandle;
  readonly cipher: Cipher;
  readonly keys: DerivedKeys;
}

/** Opens both engines at once; what opened is closed again when the other fails, so that no lock stays behind. */
export async function openStores({ env, dataDir }: Config, clock: Clock, log: Logger): Promise<Stores> {
  const secret = env.WARY_SECRET_KEY ?? readOrMakeSecretKey(dataDir);
  const cipher = createAesGcmCipher([secret, ...env.WARY_SECRET_KEYS_OLD].map((root) => deriveKey(root, 'encryption')));
  const write = (level: 'info' | 'warn' | 'error', message: string, detail?: object): void => { log[level](detail ?? {}, message); };
  const [postgres, clickHouse] = await Promise.allSettled([
    openPostgres({ ...(env.WARY_POSTGRES_URL === undefined ? {} : { url: env.WARY_POSTGRES_URL }), dataDir, log: write }),
    openClickHouse({
      ...(env.WARY_CLICKHOUSE_URL === undefined ? {} : { url: env.WARY_CLICKHOUSE_URL }), dataDir, cipher, fsync: env.WARY_FSYNC, now: () => clock.now(), log: write,
      retentionDays: env.WARY_RETENTION_DAYS, contentRetentionDays: env.WARY_CONTENT_RETENTION_DAYS,
    }),
  ]);
  if (clickHouse.status === 'fulfilled' && postgres.status === 'fulfilled') return { clickHouse: clickHouse.value, postgres: postgres.value, cipher, keys: deriveKeys(secret) };
  if (clickHouse.status === 'fulfilled') await clickHouse.value.close();
  if (postgres.status === 'fulfilled') await postgres.value.close();
  throw (clickHouse.status === 'rejected' ? clickHouse.reason : (postgres as PromiseRejectedResult).reason) as Error;
}
