import type { Migration } from './migration.js';

/** Payloads are encrypted before they come here. A replay is a mark beside the letter: the letter itself is never changed. */
export const deadLetters: Migration = {
  number: 4,
  name: 'dead-letters',
  statements: [
    `CREATE TABLE IF NOT EXISTS $db.dead_letters (
  tenant LowCardinality(String),
  id String,
  source LowCardinality(String),
  offset Float64,
  code LowCardinality(String),
  message String,
  received_at DateTime64(3, 'UTC'),
  payload String CODEC(NONE),
  payload_bytes UInt32
)
ENGINE = $engine(ReplacingMergeTree|)
PARTITION BY toYYYYMM(received_at)
ORDER BY (tenant, received_at, id)
SETTINGS non_replicated_deduplication_window = 10000, index_granularity = 1024`,
    `CREATE TABLE IF NOT EXISTS $db.dead_letter_replays (
  tenant LowCardinality(String),
  id String,
  replayed_at DateTime64(3, 'UTC')
)
ENGINE = $engine(ReplacingMergeTree|replayed_at)
ORDER BY (tenant, id)
SETTINGS non_replicated_deduplication_window = 1000`,
  ],
};
