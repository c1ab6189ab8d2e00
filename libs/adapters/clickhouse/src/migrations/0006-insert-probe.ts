import type { Migration } from './migration.js';

/** Written twice at every start with one token, to see that the second is dropped. */
export const insertProbe: Migration = {
  number: 6,
  name: 'insert-probe',
  statements: [
    `CREATE TABLE IF NOT EXISTS $db.insert_probe (at UInt64)
ENGINE = $engine(MergeTree|)
ORDER BY at
SETTINGS non_replicated_deduplication_window = 100`,
  ],
};
