import type { Engine } from '@wary/detect/engine.js';
import { Gauge, type Registry } from 'prom-client';
import type { ScoreLane } from '../path/score-lane.js';
import type { StoreLane } from '../path/store-lane.js';

/** Gauges that are read when somebody asks. */
export function watchProcess(registry: Registry, { engine, storeLane, scoreLane }: { engine: Engine; storeLane: StoreLane; scoreLane: ScoreLane }): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({ name, help, registers: [registry], collect() { this.set(read()); } });
  };
  gauge('wary_store_queue_records', 'Records that wait to be stored', () => storeLane.pending);
  gauge('wary_score_queue_events', 'Events that are stored and wait to be scored', () => scoreLane.pending);
  gauge('wary_store_last_sequence', 'Last ingest sequence given', () => storeLane.lastSeq);
  gauge('wary_score_last_sequence', 'Last ingest sequence scored', () => engine.lastSeq);
  gauge('wary_score_entities', 'Entities with state', () => engine.stats.entities);
  gauge('wary_score_entities_evicted', 'Entities whose state was compacted or forgotten', () => engine.stats.entitiesEvicted);
  gauge('wary_score_events_late', 'Events that came after their windows had closed', () => engine.stats.lateEvents);
  gauge('wary_score_events_future', 'Events from the future: stored, never learned', () => engine.stats.futureEvents);
  gauge('wary_score_overflow', 'Times a bound of the detectors was reached', () => engine.stats.overflow);
  gauge('wary_score_state_bytes', 'Estimated size of the detectors\' state', () => engine.stats.bytesEstimate);
}
