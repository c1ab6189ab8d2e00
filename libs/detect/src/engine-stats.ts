export interface EngineStats {
  entities: number;
  /** Entities that were compacted to make room. */
  entitiesEvicted: number;
  /** Events behind their principal's watermark by more than the grace, for which a window had closed. */
  lateEvents: number;
  futureEvents: number;
  /** Times a limit was reached. */
  overflow: number;
  bytesEstimate: number;
  /** With partitions: own hours of which the log has another version than a replay made. The log's counts. */
  divergedHours: number;
}
