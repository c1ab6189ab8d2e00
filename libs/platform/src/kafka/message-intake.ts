import { readMessages } from '@wary/ingest/read-messages.js';
import { recordFormat } from '@wary/normalize/normalize-record.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { SourceBatch } from '@wary/ports/event-source.port.js';
import type { EventPath } from '../path/event-path.js';
import type { Readiness } from '../path/tokens.js';
import type { RawTopic } from './raw-topics.js';

export interface MessageIntakeParts {
  readonly topics: readonly RawTopic[];
  readonly path: EventPath;
  readonly readiness: Readiness;
  readonly clock: Clock;
  readonly onTaken: (topic: string, messages: number) => void;
}

/** Sends the messages of raw topics through the path. Resolves when everything usable is durable and everything else is a dead letter. */
export function createMessageIntake({ topics, path, readiness, clock, onTaken }: MessageIntakeParts): (batch: SourceBatch) => Promise<void> {
  const byName = new Map(topics.map((topic) => [topic.topic, topic]));
  return async (batch) => {
    readiness.assertReady();
    const { source, tenant } = byName.get(batch.topic)!;
    await path.take(readMessages(batch, { tenant, source, format: recordFormat(source) ?? 'json', receivedAt: clock.now() }));
    onTaken(batch.topic, batch.messages.length);
  };
}
