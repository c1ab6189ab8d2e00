import { hash } from 'node:crypto';
import { cutText } from '@wary/ingest/dead-letter.js';
import type { DeadLetter } from '@wary/model/dead-letter.js';
import type { Event } from '@wary/model/event.js';
import { INGEST_LIMITS } from '@wary/model/limits.js';
import { TOPICS } from '@wary/model/topics.js';
import type { Cipher } from '@wary/ports/cipher.port.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { DeadLetterStore } from '@wary/ports/dead-letter-store.port.js';
import type { SourceBatch, SourceMessage } from '@wary/ports/event-source.port.js';
import type { EventStore } from '@wary/ports/event-store.port.js';
import type { FindingStore } from '@wary/ports/finding-store.port.js';
import type { PathMetrics } from '../path/path-metrics.js';
import { decodeEvent, RecordError } from './event-record.js';
import { decodeFinding } from './finding-record.js';
import { decodeDeadLetter } from './topic-dead-letters.js';

export interface StoreIntakeParts {
  readonly events: Pick<EventStore, 'insertEvents'>;
  readonly findings: Pick<FindingStore, 'insertFindings'>;
  readonly deadLetters: Pick<DeadLetterStore, 'insertDeadLetters'>;
  readonly cipher: Cipher;
  readonly clock: Clock;
  readonly metrics: PathMetrics;
  readonly onTaken: (topic: string, messages: number) => void;
}

export const STORED_TOPICS = [TOPICS.events, TOPICS.findings, TOPICS.deadLetters] as const;

/**
 * Writes what lies in the topics into the analytics store. A batch of the log of record goes in under the name of its messages, so that
 * the same batch again adds nothing; whoever hands batches over sees to it that a retry is the same batch. So what goes in depends on
 * nothing but the batch: what was sent twice in two batches are two rows, of which everybody who reads sees one. Resolves when it is durable.
 */
export function createStoreIntake({ events: eventStore, findings: findingStore, deadLetters, cipher, clock, metrics, onTaken }: StoreIntakeParts): (batch: SourceBatch) => Promise<void> {
  async function storeEvents({ topic, partition, messages }: SourceBatch): Promise<void> {
    const fresh = new Map<string, Event>();
    const letters: DeadLetter[] = [];
    for (const message of messages) {
      try {
        const event = decodeEvent(partition, message);
        const key = `${event.tenant}\0${event.id}`;
        if (!fresh.has(key)) fresh.set(key, event);
      } catch (error) {
        letters.push(letterOf(topic, partition, message, error));
      }
    }
    const started = performance.now();
    try {
      await keep(letters);
      if (fresh.size > 0) await eventStore.insertEvents([...fresh.values()], `${topic}/${partition}/${messages[0]!.offset}-${messages.at(-1)!.offset}`);
    } catch (error) {
      metrics.storeFailed();
      throw error;
    }
    metrics.stored(fresh.size, performance.now() - started);
  }

  const keep = async (letters: readonly DeadLetter[]): Promise<void> => {
    for (const { source, code } of letters) metrics.deadLettered(source, code);
    if (letters.length > 0) await deadLetters.insertDeadLetters(letters);
  };

  /** Of a message that is not what its topic holds. */
  function letterOf(topic: string, partition: number, { offset, value }: SourceMessage, error: unknown): DeadLetter {
    if (!(error instanceof RecordError)) throw error;
    return {
      id: hash('sha256', `${topic}\0${partition}\0${offset}`, 'hex').slice(0, 32), tenant: 'default', source: 'native', offset, code: 'malformed_json', receivedAt: clock.now(),
      message: `Message ${offset} of partition ${partition} of ${topic} cannot be used: ${error.message}`, payload: cutText((value ?? '').toString(), INGEST_LIMITS.recordBytesMax),
    };
  }

  async function storeOthers<T>({ topic, partition, messages }: SourceBatch, decode: (message: SourceMessage) => T, store: (items: T[]) => Promise<void>): Promise<void> {
    const items: T[] = [];
    const letters: DeadLetter[] = [];
    for (const message of messages) {
      try {
        items.push(decode(message));
      } catch (error) {
        letters.push(letterOf(topic, partition, message, error));
      }
    }
    await keep(letters);
    if (items.length > 0) await store(items);
  }

  return async (batch) => {
    if (batch.topic === TOPICS.events) await storeEvents(batch);
    else if (batch.topic === TOPICS.findings) await storeOthers(batch, decodeFinding, (findings) => findingStore.insertFindings(findings));
    else if (batch.topic === TOPICS.deadLetters) await storeOthers(batch, (message) => decodeDeadLetter(message, cipher), (found) => deadLetters.insertDeadLetters(found));
    else throw new Error(`nobody stores ${batch.topic}`);
    onTaken(batch.topic, batch.messages.length);
  };
}
