import type { Migration } from './migration.js';

/** Chunks of detector state. Each row says how many belong to its snapshot and what they hash to together; a partition each, so that an old one goes at once. */
export const snapshots: Migration = {
  number: 5,
  name: 'snapshots',
  statements: [
    `CREATE TABLE IF NOT EXISTS $db.snapshots (
  name LowCardinality(String),
  snapshot String,
  chunk UInt32,
  chunks UInt32,
  version UInt32,
  seq UInt64,
  taken_at DateTime64(3, 'UTC'),
  checksum String,
  bytes String CODEC(ZSTD(1))
)
ENGINE = $engine(MergeTree|)
PARTITION BY (name, snapshot)
ORDER BY (name, snapshot, chunk)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8`,
  ],
};
