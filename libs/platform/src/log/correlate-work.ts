import { Buffer } from 'node:buffer';
import type { CorrelationEngine } from '@wary/detect/correlation-engine.js';
import type { Finding } from '@wary/model/finding.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { SourceMessage } from '@wary/ports/event-source.port.js';
import { findingRuns } from '../path/past-findings.js';
import type { PathMetrics } from '../path/path-metrics.js';
import { RecordError } from './event-record.js';
import { JudgedBefore } from './judged-before.js';
import { decodeMatch, type MatchMessage } from './match-record.js';
import type { PartitionWork, WorkerControl, WorkSnapshot } from './partition-workers.js';

export interface CorrelateWorkParts {
  readonly engine: CorrelationEngine;
  readonly control: WorkerControl;
  /** Resolves when these are durable in their topic. `past`: about what was judged before; they wake nobody. */
  readonly emit: (findings: readonly Finding[], past: boolean) => Promise<void>;
  readonly clock: Clock;
  readonly metrics: PathMetrics;
  readonly onUnreadable: (message: SourceMessage, reason: string) => void;
  readonly onEnd: () => void;
}

/** Of what a snapshot holds around the engine's own, versioned bytes: the length of the head in bytes, 4, and the head as JSON. */
export const CORRELATE_SNAPSHOT_VERSION = 2;
const SIZE_BYTES = 4;

/**
 * Correlations of some tenants, behind all partitions of the log of record. What is found again after an upgrade, of what was judged
 * before it, is history.
 */
export class CorrelateWork implements PartitionWork {
  /** Offset behind the last message taken. */
  private next = 0;
  private judged = new JudgedBefore();

  constructor(private readonly parts: CorrelateWorkParts) {}

  restore(snapshot: Uint8Array | null, judgedSeq: number): Promise<number> {
    // Where the state is of another version, all that it had taken is judged again.
    this.judged = new JudgedBefore(judgedSeq);
    if (snapshot !== null && snapshot.length > SIZE_BYTES) {
      const bytes = Buffer.from(snapshot.buffer, snapshot.byteOffset, snapshot.byteLength);
      const size = bytes.readUInt32LE(0);
      if (this.parts.engine.restore(snapshot.subarray(SIZE_BYTES + size))) {
        const { next, judged } = JSON.parse(bytes.toString('utf8', SIZE_BYTES, SIZE_BYTES + size)) as { next: number; judged: unknown };
        this.next = next;
        this.judged = JudgedBefore.load(judged);
      }
    }
    return Promise.resolve(this.next);
  }

  async work(messages: readonly SourceMessage[]): Promise<boolean> {
    const { control, metrics, onUnreadable } = this.parts;
    // In their order: the revisions of one finding are applied one after the other.
    const found: Array<{ readonly judged: boolean; readonly findings: Finding[] }> = [];
    for (const message of messages) {
      try {
        const match = decodeMatch(message);
        if ('records' in match && match.again) this.judged.note(match.records);
        for (const finding of this.take(match)) {
          metrics.found(finding);
          const judged = this.judged.has(finding, message.offset);
          const last = found.at(-1);
          if (last?.judged === judged) last.findings.push(finding);
          else found.push({ judged, findings: [finding] });
        }
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        onUnreadable(message, error.message);
      }
      this.next = message.offset + 1;
    }
    for (const { judged, findings } of found) await this.publish(findings, judged ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
    return !control.ended;
  }

  private take(match: MatchMessage): Finding[] {
    const { engine } = this.parts;
    return 'records' in match ? engine.takeAll(match.records) : 'frontier' in match ? engine.frontier(match.frontier) : engine.caughtUp(match.caughtUp, match.read);
  }

  /** What was judged before stays news while it is under an hour old, as in one process. */
  private async publish(findings: readonly Finding[], judgedSeq: number): Promise<void> {
    const { control, clock, emit } = this.parts;
    for (const { past, part } of findingRuns(findings, judgedSeq, clock.now())) {
      const told = past ? part.map((finding) => ({ ...finding, historical: true })) : part;
      await control.untilDone('findings could not be published', () => emit(told, past));
    }
  }

  rest(): Promise<boolean> {
    return Promise.resolve(false);
  }

  position(): number {
    return this.next;
  }

  snapshot(): WorkSnapshot {
    const head = Buffer.from(JSON.stringify({ next: this.next, judged: this.judged.dump() }));
    const size = Buffer.alloc(SIZE_BYTES);
    size.writeUInt32LE(head.length);
    // What correlations hold is small: it is written at once.
    const parts = [size, head, this.parts.engine.dump()];
    return { seq: this.next, step: () => true, parts: () => parts, abandon: () => {} };
  }

  end(): void {
    this.parts.onEnd();
  }
}
