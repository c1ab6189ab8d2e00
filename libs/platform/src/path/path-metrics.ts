import type { ErrorCode } from '@wary/model/error-codes.js';
import type { Finding } from '@wary/model/finding.js';
import type { SourceName } from '@wary/model/sources.js';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const RATE_WINDOW_MS = 5_000;

/** Metrics of the main path. Names are `wary_<stage>_<noun>_<unit>`; ids are never labels. */
export class PathMetrics {
  private readonly eventsAccepted;
  private readonly eventsDuplicate;
  private readonly eventsDropped;
  private readonly deadLetters;
  private readonly quotaRefused;
  private readonly answersForgotten;
  private readonly insertSeconds;
  private readonly insertFailures;
  private readonly scoreLag;
  private readonly eventsScored;
  private readonly findings;
  private readonly snapshotBytes;
  private readonly snapshotSeconds;
  private readonly recent: Array<{ at: number; events: number }> = [];
  private lag = 0;

  constructor(registry: Registry, private readonly now: () => number) {
    const registers = [registry];
    this.eventsAccepted = new Counter({ name: 'wary_ingest_events_accepted_total', help: 'Events stored, by source', labelNames: ['source'], registers });
    this.eventsDuplicate = new Counter({ name: 'wary_ingest_events_duplicate_total', help: 'Events that were known already, by source', labelNames: ['source'], registers });
    this.eventsDropped = new Counter({ name: 'wary_ingest_records_dropped_total', help: 'Records that are no activity, by source and reason', labelNames: ['source', 'reason'], registers });
    this.deadLetters = new Counter({ name: 'wary_ingest_dead_letters_total', help: 'Records kept as dead letters, by source and code', labelNames: ['source', 'code'], registers });
    this.quotaRefused = new Counter({ name: 'wary_ingest_quota_refused_records_total', help: 'Records refused because their tenant sends more than its quota; their senders wait and come back', labelNames: ['tenant'], registers });
    this.answersForgotten = new Counter({ name: 'wary_ingest_idempotency_keys_forgotten_total', help: 'Idempotency keys forgotten before their day was over, because there were too many', registers });
    this.insertSeconds = new Histogram({ name: 'wary_store_insert_seconds', help: 'Time to make a batch durable', buckets: SECONDS, registers });
    this.insertFailures = new Counter({ name: 'wary_store_insert_failures_total', help: 'Inserts that failed and were retried or refused', registers });
    this.scoreLag = new Histogram({ name: 'wary_score_lag_seconds', help: 'Time from stored to scored and applied', buckets: SECONDS, registers });
    this.eventsScored = new Counter({ name: 'wary_score_events_total', help: 'Events scored', registers });
    this.findings = new Counter({ name: 'wary_score_finding_revisions_total', help: 'Revisions of findings, by detector', labelNames: ['detector'], registers });
    this.snapshotBytes = new Gauge({ name: 'wary_score_snapshot_bytes', help: 'Size of the last snapshot', registers });
    this.snapshotSeconds = new Gauge({ name: 'wary_score_snapshot_pause_seconds', help: 'How long the last snapshot held the stream', registers });
  }

  taken(source: SourceName, accepted: number, duplicates: number): void {
    if (accepted > 0) this.eventsAccepted.inc({ source }, accepted);
    if (duplicates > 0) this.eventsDuplicate.inc({ source }, duplicates);
    this.recent.push({ at: this.now(), events: accepted });
    this.forget();
  }
  dropped(source: SourceName, reason: string): void { this.eventsDropped.inc({ source, reason }); }
  deadLettered(source: SourceName, code: ErrorCode): void { this.deadLetters.inc({ source, code }); }
  /** A tenant is a name that the operator gave, as a topic is. */
  quotaExceeded(tenant: string, records: number): void { this.quotaRefused.inc({ tenant }, records); }
  answerForgotten(): void { this.answersForgotten.inc(); }
  stored(_events: number, ms: number): void { this.insertSeconds.observe(ms / 1000); }
  storeFailed(): void { this.insertFailures.inc(); }
  scored(events: number, lagMs: number): void {
    this.eventsScored.inc(events);
    this.scoreLag.observe(lagMs / 1000);
    this.lag += (lagMs - this.lag) * 0.2;
  }
  found(finding: Finding): void { this.findings.inc({ detector: finding.detector.id.startsWith('rule:') ? 'rule' : finding.detector.id }); }
  snapshotted(bytes: number, ms: number): void {
    this.snapshotBytes.set(bytes);
    this.snapshotSeconds.set(ms / 1000);
  }

  /** Accepted events a second over the last five seconds. */
  eventsPerSecond(): number {
    this.forget();
    return this.recent.reduce((sum, { events }) => sum + events, 0) / (RATE_WINDOW_MS / 1000);
  }
  private forget(): void {
    const since = this.now() - RATE_WINDOW_MS;
    let old = 0;
    while (old < this.recent.length && this.recent[old]!.at < since) old += 1;
    if (old > 0) this.recent.splice(0, old);
  }

  /** Smoothed time from stored to applied, ms. */
  get lagMs(): number { return this.lag; }
}
