import type { Migration } from './migration.js';

/** Append-only revisions under one id; the same revision twice is one. The body is the finding as it was made; the columns are what is asked for. */
export const findings: Migration = {
  number: 3,
  name: 'findings',
  statements: [
    `CREATE TABLE IF NOT EXISTS $db.findings (
  tenant LowCardinality(String),
  id String,
  revision UInt32,
  entity_type LowCardinality(String),
  entity_id String,
  detector LowCardinality(String),
  reason LowCardinality(String),
  severity LowCardinality(String),
  time DateTime64(3, 'UTC'),
  historical Bool,
  strength Float64,
  body String CODEC(ZSTD(3)),
  INDEX by_entity entity_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = $engine(ReplacingMergeTree|)
PARTITION BY toYYYYMM(time)
ORDER BY (tenant, id, revision)
SETTINGS non_replicated_deduplication_window = 10000, index_granularity = 1024, default_compression_codec = 'ZSTD(1)'`,
    'CREATE VIEW IF NOT EXISTS $db.findings_latest AS SELECT * FROM $db.findings FINAL ORDER BY revision DESC LIMIT 1 BY tenant, id',
  ],
};
