/** Topics of our own. Those of sources are `wary.raw.<source>`. */
export const TOPICS = {
  /** The log of record of the services: events as they are stored and scored, keyed by principal. */
  events: 'wary.events',
  /** Revisions of findings, keyed by entity. */
  findings: 'wary.findings',
  /** What partitions have learned in a closed event-time hour, and that they have closed it. One partition: its order decides. */
  hours: 'wary.hours',
  /** Events that a rule of a correlation has matched, keyed by tenant. */
  matches: 'wary.matches',
  deadLetters: 'wary.deadletter',
  /** Out: OCSF 2004 and 2005. */
  alerts: 'wary.alerts',
  incidents: 'wary.incidents',
} as const;

/** Partitions of `wary.events` at the most: a shard lies in one of them. */
export const PARTITIONS_MAX = 256;
const OFFSET_MAX = Math.floor(Number.MAX_SAFE_INTEGER / PARTITIONS_MAX) - 1;

/**
 * The ingest sequence of an event in the log of record: rises within its partition, is unique over all of them, and is the same
 * whoever reads the event. Offsets are below 2^45.
 */
export function seqOf(partition: number, offset: number): number {
  if (offset > OFFSET_MAX) throw new RangeError(`offset ${offset} is beyond what a sequence can name`);
  return (offset + 1) * PARTITIONS_MAX + partition;
}
export const offsetOf = (seq: number): number => Math.floor(seq / PARTITIONS_MAX) - 1;
export const partitionOf = (seq: number): number => seq % PARTITIONS_MAX;
