import { WaryError } from '@wary/model/errors.js';

export interface GroupCommitOptions {
  /** Items in one commit at the most. */
  readonly batchItemsMax: number;
  /** Items waiting at the most; more are refused with `overloaded`, before they were taken. */
  readonly queueItemsMax: number;
}

interface Waiting<T> { readonly items: readonly T[]; readonly resolve: () => void; readonly reject: (error: unknown) => void }

/**
 * Joins what arrives while a commit runs into the next commit: one commit at a time, in order, no timer.
 * Under light load an item waits for nothing, under heavy load batches grow by themselves.
 * A caller's items stay together in order; its promise settles when the last of them is committed.
 */
export class GroupCommit<T> {
  private readonly commit: (items: readonly T[]) => Promise<void>;
  private readonly options: GroupCommitOptions;
  private readonly queue: Waiting<T>[] = [];
  private queuedItems = 0;
  private running: Promise<void> | null = null;

  constructor(commit: (items: readonly T[]) => Promise<void>, options: GroupCommitOptions) {
    this.commit = commit;
    this.options = options;
  }

  /** Items that were taken and are not committed yet. */
  get pendingItems(): number {
    return this.queuedItems;
  }

  /** Throws `overloaded` when these items would not fit; call before doing work on them. */
  assertRoom(items: number): void {
    if (this.queuedItems + items > this.options.queueItemsMax && this.queuedItems > 0) {
      throw new WaryError('overloaded', `${this.queuedItems} records wait to be stored; send again later`, { retryAfterSeconds: 1 });
    }
  }

  /** Resolves when all items are committed. Rejects when a commit that held some of them failed. */
  add(items: readonly T[]): Promise<void> {
    if (items.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.queue.push({ items, resolve, reject });
      this.queuedItems += items.length;
      this.running ??= this.run();
    });
  }

  /** Resolves when nothing is queued or running. */
  async drain(): Promise<void> {
    while (this.running !== null) await this.running;
  }

  private async run(): Promise<void> {
    // Let every caller of this turn of the event loop join the first batch.
    await Promise.resolve();
    while (this.queue.length > 0) {
      const group = this.takeGroup();
      const items = group.length === 1 ? group[0]!.items : group.flatMap((waiting) => waiting.items);
      try {
        for (let start = 0; start < items.length; start += this.options.batchItemsMax) {
          await this.commit(items.length <= this.options.batchItemsMax ? items : items.slice(start, start + this.options.batchItemsMax));
        }
        for (const waiting of group) waiting.resolve();
      } catch (error) {
        for (const waiting of group) waiting.reject(error);
      }
      this.queuedItems -= items.length;
    }
    this.running = null;
  }

  /** At least one caller; more as long as they fit into one batch. */
  private takeGroup(): Waiting<T>[] {
    const group = [this.queue.shift()!];
    let size = group[0]!.items.length;
    while (this.queue.length > 0 && size + this.queue[0]!.items.length <= this.options.batchItemsMax) {
      size += this.queue[0]!.items.length;
      group.push(this.queue.shift()!);
    }
    return group;
  }
}
