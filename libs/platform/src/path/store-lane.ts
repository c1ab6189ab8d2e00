import { createHash } from 'node:crypto';
import type { Event } from '@wary/model/event.js';
import { GroupCommit } from '@wary/pipeline/group-commit.js';
import { RecentIds } from '@wary/pipeline/recent-ids.js';
import type { EventStore } from '@wary/ports/event-store.port.js';
import { durable, type IntakeLane, type Taken } from './intake-lane.js';
import type { PathMetrics } from './path-metrics.js';
import type { ScoreLane } from './score-lane.js';

/** Ids are hashed so many characters at a time: a call for each would cost more than the hash. */
const HASHED_CHARS = 16_384;

export interface StoreLaneOptions {
  readonly batchRecordsMax: number;
  readonly queueRecordsMax: number;
  /** Ids remembered to tell a resend; beyond, the unique view is the net. */
  readonly recentIdsMax: number;
  readonly idSeed: number;
  readonly retryDelaysMs: readonly number[];
}
export const DEFAULT_STORE_LANE: Omit<StoreLaneOptions, 'idSeed' | 'queueRecordsMax'> = { batchRecordsMax: 20_000, recentIdsMax: 1_000_000, retryDelaysMs: [50, 250, 1_000] };

/**
 * Writes events durably, one batch at a time and in order: duplicates are told, `seq` is given, the batch is inserted under the hash
 * of its ordered ids, and only then is anybody told that it was accepted. Scoring follows behind, in the same order.
 */
export class StoreLane implements IntakeLane {
  private readonly group: GroupCommit<Taken>;
  private readonly recent: RecentIds;
  private seq = 0;

  constructor(private readonly events: EventStore, private readonly score: ScoreLane, private readonly metrics: PathMetrics, private readonly options: StoreLaneOptions) {
    this.recent = new RecentIds(options.recentIdsMax, options.idSeed);
    this.group = new GroupCommit((taken) => this.commit(taken), { batchItemsMax: options.batchRecordsMax, queueItemsMax: options.queueRecordsMax });
  }

  /** Reads what is needed to go on after a stop: the last sequence and the latest ids. */
  async recover(): Promise<void> {
    this.seq = await this.events.lastSeq();
    for (const { tenant, id } of await this.events.recentIds(this.options.recentIdsMax)) this.recent.add(tenant, id);
  }

  get lastSeq(): number { return this.seq; }
  get pending(): number { return this.group.pendingItems; }

  assertRoom(records: number): void {
    this.group.assertRoom(records);
  }

  add(taken: readonly Taken[]): Promise<void> {
    return this.group.add(taken);
  }

  drain(): Promise<void> {
    return this.group.drain();
  }

  private async commit(taken: readonly Taken[]): Promise<void> {
    // Scoring that cannot keep up holds the door: memory stays flat, and HTTP answers 429.
    await this.score.room();
    const { recent } = this;
    const fresh: Event[] = [];
    const hash = createHash('sha256');
    let ids = '';
    let { seq } = this;
    for (const one of taken) {
      const { event } = one;
      one.duplicate = !recent.wait(event.tenant, event.id);
      if (one.duplicate) continue;
      event.seq = seq += 1;
      ids += `${event.tenant}\0${event.id}\n`;
      if (ids.length > HASHED_CHARS) {
        hash.update(ids);
        ids = '';
      }
      fresh.push(event);
    }
    if (fresh.length === 0) return;
    // A sequence that may have reached the disk is never given again, whatever became of its batch.
    this.seq = seq;
    try {
      await this.insert(fresh, hash.update(ids).digest('hex'));
    } catch (error) {
      recent.dropWaiting();
      throw error;
    }
    recent.keepWaiting();
    this.score.push(fresh);
  }

  /** Retries send identical rows under the same token: what was written is not written again. */
  private insert(events: readonly Event[], token: string): Promise<void> {
    return durable(events.length, () => this.events.insertEvents(events, token), this.metrics, this.options.retryDelaysMs);
  }
}
