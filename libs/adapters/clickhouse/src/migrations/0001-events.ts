import type { Migration } from './migration.js';

const NAME = 'LowCardinality(String)';
const RISING = 'CODEC(Delta, ZSTD(1))';

/**
 * Sorted by who is accountable, then time: an entity's timeline is a few neighbouring granules. By id through a Bloom filter, by seq
 * (replay) through the least and greatest rank of each granule, by resource through a Bloom filter. A month per partition: 400 days are
 * 14 parts of an insert, not 400.
 *
 * What is missing in most rows is String, not LowCardinality: the engine stores such columns sparsely, for almost nothing.
 * What is read rarely lies together as JSON text (`gen_ai`, `ml`, `lifecycle`, `counts`, `content`), with names in the view:
 * each column costs every insert and every merge, whether it says anything or not.
 */
export const events: Migration = {
  number: 1,
  name: 'events',
  statements: [
    `CREATE TABLE IF NOT EXISTS $db.events (
  tenant ${NAME},
  id String,
  time DateTime64(3, 'UTC') ${RISING},
  received_at DateTime64(3, 'UTC') ${RISING},
  rank UInt64 COMMENT '2^53 - seq: of two copies the first wins' ${RISING},
  source ${NAME},
  kind ${NAME},
  action ${NAME},
  outcome ${NAME},
  reason String,
  flags UInt32,
  actor_id String,
  actor_type ${NAME},
  actor_roles Array(String),
  actor_group ${NAME},
  actor_session String,
  actor_on_behalf_of String,
  actor_mfa Nullable(Bool),
  client_ip String,
  client_country ${NAME},
  client_asn UInt32,
  client_device String,
  client_user_agent ${NAME},
  resource_id String,
  resource_type ${NAME},
  resource_labels Array(String),
  resource_owner ${NAME},
  purpose ${NAME},
  bytes Nullable(Float64),
  rows Nullable(Float64),
  latency_ms Nullable(Float64),
  cost Nullable(Float64),
  gen_ai String COMMENT 'finishReasons, logprobs, extra; empty when the event has no GenAI part',
  gen_ai_provider String,
  gen_ai_operation String,
  gen_ai_request_model String,
  gen_ai_response_model String,
  gen_ai_input_tokens Float64,
  gen_ai_output_tokens Float64,
  gen_ai_conversation_id String,
  gen_ai_agent_name String,
  gen_ai_tool_name String,
  ml String COMMENT 'version, label, confidence, subject, groups, attribution, truth; empty when the event has no decision',
  ml_model String,
  lifecycle String,
  content String COMMENT 'input, output, toolArguments, toolResult, features: masked, with its own retention',
  attributes String,
  principal_type ${NAME},
  principal_id String,
  peer_group ${NAME},
  criticality UInt8,
  purpose_verdict ${NAME},
  known_egress Bool,
  hr_status ${NAME},
  tz_offset_minutes Int16,
  holiday Bool,
  register_version UInt32,
  counts String COMMENT 'piiInput, piiOutput, secretsInput, secretsOutput',
  canaries Array(String),
  injection Float64,
  raw String COMMENT 'masked source record, with the retention of content',
  schema_version UInt8,
  INDEX by_id id TYPE bloom_filter(0.001) GRANULARITY 4,
  INDEX by_rank rank TYPE minmax GRANULARITY 1,
  INDEX by_resource resource_id TYPE bloom_filter(0.01) GRANULARITY 2
)
ENGINE = $engine(ReplacingMergeTree|rank)
PARTITION BY toYYYYMM(time)
PRIMARY KEY (tenant, principal_type, principal_id, time)
ORDER BY (tenant, principal_type, principal_id, time, id)
SETTINGS non_replicated_deduplication_window = 10000, default_compression_codec = 'ZSTD(1)'`,
    `CREATE VIEW IF NOT EXISTS $db.events_unique AS
SELECT
  *,
  9007199254740991 - rank AS seq,
  JSONExtract(gen_ai, 'finishReasons', 'Array(String)') AS gen_ai_finish_reasons,
  JSONExtract(gen_ai, 'logprobs', 'Bool') AS gen_ai_logprobs,
  JSONExtractRaw(gen_ai, 'extra') AS gen_ai_extra,
  JSONExtractRaw(content, 'input') AS gen_ai_input_messages,
  JSONExtractRaw(content, 'output') AS gen_ai_output_messages,
  JSONExtractRaw(content, 'toolArguments') AS gen_ai_tool_arguments,
  JSONExtractRaw(content, 'toolResult') AS gen_ai_tool_result,
  JSONExtractString(ml, 'version') AS ml_version,
  JSONExtractString(ml, 'label') AS ml_label,
  JSONExtract(ml, 'confidence', 'Nullable(Float64)') AS ml_confidence,
  JSONExtractRaw(content, 'features') AS ml_features,
  JSONExtractString(ml, 'subject') AS ml_subject,
  JSONExtractRaw(ml, 'groups') AS ml_groups,
  JSONExtractRaw(ml, 'attribution') AS ml_attribution,
  JSONExtractRaw(ml, 'truth') AS ml_truth,
  JSONExtractString(lifecycle, 'artifact') AS lifecycle_artifact,
  JSONExtractString(lifecycle, 'digest') AS lifecycle_digest,
  JSONExtractString(lifecycle, 'signer') AS lifecycle_signer,
  JSONExtract(lifecycle, 'parents', 'Array(String)') AS lifecycle_parents,
  JSONExtractRaw(lifecycle, 'bom') AS lifecycle_bom,
  JSONExtract(counts, 'piiInput', 'Map(String, Float64)') AS pii_input,
  JSONExtract(counts, 'piiOutput', 'Map(String, Float64)') AS pii_output,
  JSONExtract(counts, 'secretsInput', 'Map(String, Float64)') AS secrets_input,
  JSONExtract(counts, 'secretsOutput', 'Map(String, Float64)') AS secrets_output
FROM $db.events FINAL`,
  ],
};
