import type { Event } from '@wary/model/event.js';
import { GroupCommit } from '@wary/pipeline/group-commit.js';
import { RecentIds } from '@wary/pipeline/recent-ids.js';
import type { EventLog } from '@wary/ports/event-log.port.js';
import type { Timers } from '@wary/ports/timers.port.js';
import { durable, type IntakeLane, type Taken } from '../path/intake-lane.js';
import type { PathMetrics } from '../path/path-metrics.js';

export interface LogLaneOptions {
  readonly batchRecordsMax: number;
  readonly queueRecordsMax: number;
  /** Ids remembered to tell a resend to this process; a resend to another one is told by those who read the log. */
  readonly recentIdsMax: number;
  readonly idSeed: number;
  readonly retryDelaysMs: readonly number[];
  readonly timers?: Timers;
}
export const DEFAULT_LOG_LANE: Omit<LogLaneOptions, 'idSeed' | 'queueRecordsMax'> = { batchRecordsMax: 5_000, recentIdsMax: 262_144, retryDelaysMs: [50, 250, 1_000] };

/** Appends events to the log of record, one batch at a time and in order. Only then is anybody told that they were accepted. */
export class LogLane implements IntakeLane {
  private readonly group: GroupCommit<Taken>;
  private readonly recent: RecentIds;

  constructor(private readonly log: EventLog, private readonly metrics: PathMetrics, private readonly options: LogLaneOptions) {
    this.recent = new RecentIds(options.recentIdsMax, options.idSeed);
    this.group = new GroupCommit((taken) => this.commit(taken), { batchItemsMax: options.batchRecordsMax, queueItemsMax: options.queueRecordsMax });
  }

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
    const fresh: Event[] = [];
    for (const one of taken) {
      one.duplicate = !this.recent.wait(one.event.tenant, one.event.id);
      if (!one.duplicate) fresh.push(one.event);
    }
    if (fresh.length === 0) return;
    try {
      await durable(fresh.length, () => this.log.append(fresh), this.metrics, this.options.retryDelaysMs, this.options.timers);
    } catch (error) {
      this.recent.dropWaiting();
      throw error;
    }
    this.recent.keepWaiting();
  }
}
