import type { EngineStats } from '@wary/detect/engine.js';
import { Gauge, type Registry } from 'prom-client';
import type { DetectWork } from '../log/detect-work.js';
import type { PartitionWorkers } from '../log/partition-workers.js';

/** Gauges that are read when somebody asks: sums over the partitions of this process. */
export function watchPartitions(registry: Registry, workers: Pick<PartitionWorkers<DetectWork>, 'owned' | 'pending' | 'works'>): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({ name, help, registers: [registry], collect() { this.set(read()); } });
  };
  const sum = (of: (stats: EngineStats) => number): number => workers.works().reduce((total, { engine }) => total + of(engine.stats), 0);
  gauge('wary_score_queue_events', 'Events that are stored and wait to be scored', () => workers.pending);
  gauge('wary_score_partitions', 'Partitions of the log that this process scores', () => workers.owned.length);
  gauge('wary_score_partitions_waiting', 'Partitions that wait for what others have learned in an hour', () => workers.works().filter(({ waiting }) => waiting).length);
  gauge('wary_score_entities', 'Entities with state', () => sum(({ entities }) => entities));
  gauge('wary_score_entities_evicted', 'Entities whose state was compacted or forgotten', () => sum(({ entitiesEvicted }) => entitiesEvicted));
  gauge('wary_score_events_late', 'Events that came after their windows had closed', () => sum(({ lateEvents }) => lateEvents));
  gauge('wary_score_events_future', 'Events from the future: stored, never learned', () => sum(({ futureEvents }) => futureEvents));
  gauge('wary_score_overflow', 'Times a bound of the detectors was reached', () => sum(({ overflow }) => overflow));
  gauge('wary_score_state_bytes', 'Estimated size of the detectors\' state', () => sum(({ bytesEstimate }) => bytesEstimate));
}
