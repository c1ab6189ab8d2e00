import { hash } from 'node:crypto';
import { deadLetterOf, type DeadLetterDraft } from '@wary/ingest/dead-letter.js';
import { releaseMarkOf } from '@wary/enrich/mark-subject.js';
import type { ReadBody, Rejection } from '@wary/ingest/read-body.js';
import type { ErrorCode } from '@wary/model/error-codes.js';
import type { Entity } from '@wary/model/entity.js';
import { EVENT_FLAG, emptyEvent, type Event } from '@wary/model/event.js';
import { INGEST_LIMITS } from '@wary/model/limits.js';
import type { RawRecord } from '@wary/model/raw-record.js';
import { normalizeRecord, type NormalizeSettings } from '@wary/normalize/normalize-record.js';
import type { DeadLetterStore } from '@wary/ports/dead-letter-store.port.js';
import type { Random } from '@wary/ports/clock.port.js';
import type { IntakeLane, Taken } from './intake-lane.js';
import type { IdempotentAnswers } from '../ingest/idempotent-answers.js';
import type { PathMetrics } from './path-metrics.js';
import type { TenantStagesCache } from './tenant-stages.js';

/** What became of the records of one request or file. */
export interface TakeResult {
  readonly accepted: number;
  readonly duplicates: number;
  readonly dropped: number;
  readonly rejected: readonly Rejection[];
  /** Rejections beyond the number that is reported. */
  readonly rejectedMore: number;
}

export interface Rebaseline { readonly tenant: string; readonly entity: Entity; readonly by: string; readonly reason: string; readonly at: number }

export interface EventPathParts {
  readonly normalize: NormalizeSettings;
  readonly stages: TenantStagesCache;
  readonly quotas: { charge(tenant: string, records: number): void | Promise<void> };
  readonly answers: IdempotentAnswers;
  readonly store: IntakeLane;
  readonly deadLetters: Pick<DeadLetterStore, 'insertDeadLetters'>;
  readonly random: Random;
  readonly metrics: PathMetrics;
}

/** Records between two turns of the event loop: about two milliseconds, so that sockets and health answers never wait long. */
const RECORDS_PER_TURN = 250;

/**
 * The one path, read from top to bottom:
 *
 *   bytes → ingest → RawRecord → normalize → enrich → protect → store ─→ score → finding → alert → incident → notify
 *
 * Ingest (decoding, limits) is behind us when `take` is called; store and what follows it are `StoreLane` and `ScoreLane`; where a log of record lies between the processes, `LogLane` and those who read it.
 * A new stage is one line in `toEvent`.
 */
export class EventPath {
  constructor(private readonly parts: EventPathParts) {}

  /** Of requests that carry an `Idempotency-Key`. */
  get answers(): IdempotentAnswers { return this.parts.answers; }

  /** Resolves when everything accepted is durable. Throws `overloaded` or `quota_exceeded` before it takes anything, `store_unavailable` when it could not be kept. */
  async take(read: ReadBody, options: { keepLetters: boolean } = { keepLetters: true }): Promise<TakeResult> {
    const { store, metrics } = this.parts;
    store.assertRoom(read.records.length);
    // A replay is an operator's act, and its records were counted when they came.
    if (options.keepLetters && read.records.length > 0) await this.parts.quotas.charge(read.records[0]!.tenant, read.records.length);
    const rejected = [...read.rejected];
    const letters = [...read.letters];
    const taken: Taken[] = [];
    /** With the marks that they leave. */
    const all: Taken[] = [];
    let dropped = 0;
    for (let i = 0; i < read.records.length; i += 1) {
      if (i > 0 && i % RECORDS_PER_TURN === 0) await new Promise(setImmediate);
      const record = read.records[i]!;
      const step = normalizeRecord(record, this.parts.normalize);
      switch (step.kind) {
        case 'ok': this.put(this.toEvent(step.value), taken, all); break;
        case 'drop': dropped += 1; metrics.dropped(record.source, step.reason); break;
        case 'deadLetter': rejected.push(this.reject(record, step.code, step.message, letters)); break;
        case 'redirect': throw new Error(`nothing redirects records to ${step.topic} here`);
      }
    }
    // A replay keeps the letter it came from instead of writing another.
    if (letters.length > 0 && options.keepLetters) await this.keepLetters(letters);
    await store.add(all);
    let duplicates = 0;
    for (const one of taken) if (one.duplicate) duplicates += 1;
    metrics.taken(read.records[0]?.source ?? 'native', taken.length - duplicates, duplicates);
    return {
      accepted: taken.length - duplicates, duplicates, dropped,
      rejected: rejected.slice(0, INGEST_LIMITS.rejectionsReportedMax), rejectedMore: Math.max(0, rejected.length - INGEST_LIMITS.rejectionsReportedMax),
    };
  }

  /** An operator's act: the baselines of an entity begin anew. Resolves when it is durable. */
  async rebaseline({ tenant, entity, by, reason, at }: Rebaseline): Promise<string> {
    const event = emptyEvent('native');
    Object.assign(event, { id: this.parts.random.id(), tenant, time: at, receivedAt: at, kind: 'lifecycle', action: 'rebaseline', reason });
    event.actor.id = by;
    Object.assign(event.resource, { id: entity.id, type: entity.type });
    this.toEvent(event);
    event.flags |= EVENT_FLAG.mark;
    this.parts.store.assertRoom(1);
    await this.parts.store.add([{ event, duplicate: false }]);
    return event.id;
  }

  /** A deployment leaves a mark with what was deployed, as an event of its own. */
  private put(event: Event, taken: Taken[], all: Taken[]): void {
    const one: Taken = { event, duplicate: false };
    taken.push(one);
    all.push(one);
    const mark = event.kind === 'lifecycle' ? releaseMarkOf(event) : null;
    if (mark !== null) all.push({ event: this.toEvent(mark), duplicate: false });
  }

  private toEvent(event: Event): Event {
    const { enricher, protector } = this.parts.stages.of(event.tenant);
    enricher.enrichEvent(event);
    protector.protectEvent(event);
    return event;
  }

  private reject(record: RawRecord, code: ErrorCode, message: string, letters: DeadLetterDraft[]): Rejection {
    letters.push(deadLetterOf(record, code, message));
    return { line: record.line, code, message };
  }

  private async keepLetters(letters: readonly DeadLetterDraft[]): Promise<void> {
    for (const letter of letters) this.parts.metrics.deadLettered(letter.source, letter.code);
    // The payload is encrypted by the store; the message is not, and may quote the record.
    await this.parts.deadLetters.insertDeadLetters(letters.map(({ key, ...letter }) => ({
      ...letter, id: key === undefined ? this.parts.random.id() : idOf(letter.tenant, key), message: this.parts.stages.of(letter.tenant).protector.protectText(letter.message),
    })));
  }
}

const idOf = (tenant: string, key: string): string => hash('sha256', `${tenant}\0${key}`, 'hex').slice(0, 32);

/** True when nothing of a request could be used: the whole of it is answered with 400. */
export const nothingRead = (result: TakeResult): boolean => result.accepted + result.duplicates + result.dropped === 0 && result.rejected.length > 0;
