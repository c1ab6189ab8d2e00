import { Buffer } from 'node:buffer';
import type { CorrelationEngine } from '@wary/detect/correlation-engine.js';
import type { Finding } from '@wary/model/finding.js';
import type { SourceMessage } from '@wary/ports/event-source.port.js';
import type { PathMetrics } from '../path/path-metrics.js';
import { RecordError } from './event-record.js';
import { decodeMatch } from './match-record.js';
import type { PartitionWork, WorkerControl, WorkSnapshot } from './partition-workers.js';

export interface CorrelateWorkParts {
  readonly engine: CorrelationEngine;
  readonly control: WorkerControl;
  readonly emit: (findings: readonly Finding[]) => Promise<void>;
  readonly metrics: PathMetrics;
  readonly onUnreadable: (message: SourceMessage, reason: string) => void;
  readonly onEnd: () => void;
}

/** Of what a snapshot holds around the engine's own, versioned bytes: where to go on, 8 bytes. */
export const CORRELATE_SNAPSHOT_VERSION = 1;
const HEAD_BYTES = 8;

/** Correlations of some tenants, behind all partitions of the log of record. */
export class CorrelateWork implements PartitionWork {
  /** Offset behind the last message taken. */
  private next = 0;

  constructor(private readonly parts: CorrelateWorkParts) {}

  restore(snapshot: Uint8Array | null): Promise<number> {
    if (snapshot !== null && this.parts.engine.restore(snapshot.subarray(HEAD_BYTES))) this.next = Number(Buffer.from(snapshot.buffer, snapshot.byteOffset, HEAD_BYTES).readBigUInt64LE());
    return Promise.resolve(this.next);
  }

  async work(messages: readonly SourceMessage[]): Promise<boolean> {
    const { engine, control, emit, metrics, onUnreadable } = this.parts;
    const findings: Finding[] = [];
    for (const message of messages) {
      try {
        const match = decodeMatch(message);
        findings.push(...('record' in match ? engine.take(match.record) : 'frontier' in match ? engine.frontier(match.frontier) : engine.caughtUp(match.caughtUp, match.read)));
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        onUnreadable(message, error.message);
      }
      this.next = message.offset + 1;
    }
    for (const finding of findings) metrics.found(finding);
    if (findings.length > 0) await control.untilDone('findings could not be published', () => emit(findings));
    return !control.ended;
  }

  rest(): Promise<boolean> {
    return Promise.resolve(false);
  }

  position(): number {
    return this.next;
  }

  snapshot(): WorkSnapshot {
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeBigUInt64LE(BigInt(this.next));
    // What correlations hold is small: it is written at once.
    const parts = [head, this.parts.engine.dump()];
    return { seq: this.next, step: () => true, parts: () => parts, abandon: () => {} };
  }

  end(): void {
    this.parts.onEnd();
  }
}
