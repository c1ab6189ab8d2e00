import { PARTITIONS_MAX, TOPICS } from '@wary/model/topics.js';
import type { WantedTopic } from './ensure-topics.js';

const HOUR_MS = 3_600_000;
/** The log of record is kept so long: a partition's state may be that much behind, and a store that is down that long loses nothing. */
const LOG_RETENTION_HOURS = 168;

const MATCH_PARTITIONS_MAX = 4;
/** Whoever correlates is seldom behind by more than a snapshot. */
const MATCH_RETENTION_HOURS = 48;

const ours = (topic: string, partitions: number | null, retentionHours: number, more: Readonly<Record<string, string>> = {}): WantedTopic => ({
  topic, isOurs: true, ...(partitions === null ? {} : { partitions }), config: { 'cleanup.policy': 'delete', 'retention.ms': String(retentionHours * HOUR_MS), ...more },
});

/** The topics between the services, with what each of them needs. */
export function internalTopics(partitions: number): WantedTopic[] {
  return [
    ours(TOPICS.events, Math.min(partitions, PARTITIONS_MAX), LOG_RETENTION_HOURS), ours(TOPICS.findings, null, LOG_RETENTION_HOURS),
    // Nothing of it may be gone that a partition still has to read: it is kept longer than the events.
    ours(TOPICS.hours, 1, 2 * LOG_RETENTION_HOURS, { 'max.message.bytes': String(8 * 1024 * 1024) }),
    // By tenant, and all of them hear of every partition of the log.
    ours(TOPICS.matches, Math.min(partitions, MATCH_PARTITIONS_MAX), MATCH_RETENTION_HOURS), ours(TOPICS.deadLetters, null, LOG_RETENTION_HOURS),
    ours(TOPICS.alerts, null, LOG_RETENTION_HOURS), ours(TOPICS.incidents, null, LOG_RETENTION_HOURS),
  ];
}
