import type { Event } from '@wary/model/event.js';
import type { RawRecord } from '@wary/model/raw-record.js';
import type { SourceName } from '@wary/model/sources.js';
import type { StepResult } from '@wary/pipeline/step-result.js';

/** What becomes of a record that is no event; null when the mapper has filled the event. */
export type NoEvent = StepResult<never> | null;

/** One source: a file of its own in `mappers/`, listed in `mapper-table.ts`. */
export interface Mapper {
  readonly source: SourceName;
  /** Whether the record's value is parsed JSON, a line of text, or an OTLP record. */
  readonly format: 'json' | 'text' | 'otlp';
  /** Fields of the source's documented format that have no place of their own: they are under `attributes`, or (marked `raw:`) only in the raw record. */
  readonly unplaced: readonly string[];
  /**
   * Fills everything but the fields of enrich and protect. `id` stays '' when the source gives none, `time` is NaN when it is missing;
   * id, time and actor are judged afterwards, for all sources alike.
   */
  readonly mapRecord: (record: RawRecord, event: Event) => NoEvent;
}
