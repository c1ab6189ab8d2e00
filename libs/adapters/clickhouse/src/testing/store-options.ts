import type { Cipher } from '@wary/ports/cipher.port.js';
import type { ClickHouseOptions } from '../open-clickhouse.js';

/** Not a cipher: turned around and marked, so that a test sees what was sealed. */
export const markingCipher: Cipher = {
  encrypt: (text) => `sealed:${Buffer.from(text).reverse().toString('base64url')}`,
  decrypt: (text) => Buffer.from(text.slice(7), 'base64url').reverse().toString(),
};

export const storeOptions = (change: Pick<ClickHouseOptions, 'dataDir'> & Partial<ClickHouseOptions>): ClickHouseOptions =>
  ({ cipher: markingCipher, retentionDays: 30_000, contentRetentionDays: 30_000, fsync: false, now: Date.now, ...change });
