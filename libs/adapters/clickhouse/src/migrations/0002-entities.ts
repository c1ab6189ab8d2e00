import type { Migration } from './migration.js';

/**
 * Who and which models were ever seen: the list to search in. Written when one is first seen or changes its peer group, so that it costs
 * the stream of events nothing (a materialized view would add three quarters to every insert). What they did is counted from the events.
 */
export const entities: Migration = {
  number: 2,
  name: 'entities',
  statements: [
    `CREATE TABLE IF NOT EXISTS $db.entities (
  tenant LowCardinality(String),
  type LowCardinality(String),
  id String,
  peer_group LowCardinality(String),
  seen_at DateTime64(3, 'UTC')
)
ENGINE = $engine(ReplacingMergeTree|seen_at)
ORDER BY (tenant, type, id)
SETTINGS non_replicated_deduplication_window = 1000`,
  ],
};
