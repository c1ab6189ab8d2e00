import { WaryError } from '@wary/model/errors.js';
import type { Finding } from '@wary/model/finding.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { SourceBatch, SourceMessage } from '@wary/ports/event-source.port.js';
import type { Workflow } from '@wary/ports/workflow.port.js';
import { RecordError } from './event-record.js';
import { decodeFindingRecord } from './finding-record.js';

export interface FindingIntakeParts {
  readonly workflow: Pick<Workflow, 'applyFindings'>;
  readonly clock: Clock;
  readonly onTaken: (messages: number) => void;
  /** Alerts may have changed. */
  readonly onApplied: () => void;
  /** A message that is no finding: whoever stores findings keeps it as a dead letter. */
  readonly onUnreadable: (partition: number, message: SourceMessage, reason: string) => void;
}

/** Makes alerts of the findings of a topic. Findings have deterministic ids: the same batch again changes nothing. Resolves when it is durable. */
export function createFindingIntake({ workflow, clock, onTaken, onApplied, onUnreadable }: FindingIntakeParts): (batch: SourceBatch) => Promise<void> {
  return async ({ partition, messages }) => {
    const runs: Array<{ readonly past: boolean; readonly part: Finding[] }> = [];
    for (const message of messages) {
      try {
        const { finding, past } = decodeFindingRecord(message);
        const run = runs.at(-1);
        if (run !== undefined && run.past === past) run.part.push(finding);
        else runs.push({ past, part: [finding] });
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        onUnreadable(partition, message, error.message);
      }
    }
    try {
      for (const { past, part } of runs) await workflow.applyFindings(part, clock.now(), { keepAlerts: past });
    } catch (error) {
      // Whatever the store says: alerts must come of these findings, so they wait for it.
      throw error instanceof WaryError && error.retryable ? error : new WaryError('store_unavailable', undefined, { retryAfterSeconds: 1 }, error);
    }
    onTaken(messages.length);
    if (runs.length > 0) onApplied();
  };
}
