import type { Timers } from '@wary/ports/timers.port.js';
import { SeededRandom } from '@wary/testkit/seeded-random.js';

interface Due { readonly at: number; readonly order: number; readonly wake: () => void }

/** How likely things go wrong, each per occasion. */
export interface Faults {
  /** A call of a server fails before it did anything. */
  readonly failBefore: number;
  /** A call of a server did its work, and the answer is lost. */
  readonly failAfter: number;
  /** A process dies at a call. */
  readonly crash: number;
  /** The members of a group are dealt their partitions anew for no reason. */
  readonly rebalance: number;
  /** The wall clock jumps. */
  readonly clockJump: number;
  /** Snapshots are so many times as often as every 2 to 62 seconds: a seed sends its events within three. */
  readonly snapshotsOftener: number;
}

/**
 * A world in which nothing happens but what is in its queue, in an order that its seed decides: virtual time, one thing at a time,
 * everything else settled before the next. The same seed gives the same run, byte for byte.
 */
export class World {
  readonly random: SeededRandom;
  /** Milliseconds since the world began; what waits, waits for this. */
  elapsed = 0;
  /** What `clock` says beyond it: a wall clock may jump. */
  private skew = 0;
  private readonly queue: Due[] = [];
  private order = 0;
  steps = 0;
  /** What happened, in words; equal runs have equal traces. */
  readonly trace: string[] = [];
  calm = false;

  constructor(readonly seed: number, readonly startTime: number, readonly faults: Faults) {
    this.random = new SeededRandom(seed);
  }

  readonly clock = { now: (): number => this.startTime + Math.floor(this.elapsed) + this.skew };

  happens(fault: Exclude<keyof Faults, 'snapshotsOftener'>): boolean {
    return !this.calm && this.random.next() < this.faults[fault];
  }

  /** How often each thing came about: faults, and what the services went through because of them. */
  readonly tally = new Map<string, number>();
  count(what: string): void { this.tally.set(what, (this.tally.get(what) ?? 0) + 1); }

  jumpClock(ms: number): void { this.skew += ms; }

  say(what: string): void { this.trace.push(`${this.elapsed.toFixed(3)} ${what}`); }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => { this.at(this.elapsed + Math.max(0, ms), resolve); });
  }

  /** A little while, as calls over a network take; seldom a long one. */
  delay(): Promise<void> {
    return this.sleep(this.random.next() < 0.02 ? this.random.exponential(200) : this.random.exponential(2));
  }

  at(time: number, wake: () => void): void {
    this.order += 1;
    const due = { at: time, order: this.order, wake };
    // A binary heap: the earliest first, of equal ones the one that was asked for first.
    const { queue } = this;
    let index = queue.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(due, queue[parent]!)) break;
      queue[index] = queue[parent]!;
      index = parent;
    }
    queue[index] = due;
  }

  /** Lets the world go on until it holds. Throws when nothing is left to happen, or when it takes too long. */
  async run(what: string, holds: () => boolean, elapsedMax = 3_600_000 * 24): Promise<void> {
    const until = this.elapsed + elapsedMax;
    await settled();
    while (!holds()) {
      const due = this.take();
      if (due === null) throw new Error(`seed ${this.seed}: ${what} does not come: nothing is left to happen`);
      if (due.at > until) throw new Error(`seed ${this.seed}: ${what} does not come`);
      this.elapsed = Math.max(this.elapsed, due.at);
      this.steps += 1;
      due.wake();
      await settled();
    }
  }

  private take(): Due | null {
    const { queue } = this;
    const first = queue[0];
    if (first === undefined) return null;
    const last = queue.pop()!;
    if (queue.length > 0) {
      let index = 0;
      for (;;) {
        let child = index * 2 + 1;
        if (child >= queue.length) break;
        if (child + 1 < queue.length && isBefore(queue[child + 1]!, queue[child]!)) child += 1;
        if (!isBefore(queue[child]!, last)) break;
        queue[index] = queue[child]!;
        index = child;
      }
      queue[index] = last;
    }
    return first;
  }
}

const isBefore = (one: Due, other: Due): boolean => one.at < other.at || (one.at === other.at && one.order < other.order);
/** Every promise that can go on has gone on: the queue of microtasks is empty when this resolves. */
const settled = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

/** Where a process is dead and must not go on. One for each: whoever waits for a promise is kept by it, and so would be every world that ever was. */
const never = (): Promise<never> => new Promise(() => {});

/** One life of a process: what it calls takes time and may fail, and when it is dead nothing of it goes on. */
export class Life {
  alive = true;
  private readonly onDeath: Array<() => void> = [];

  constructor(readonly world: World, readonly name: string) {}

  whenDead(act: () => void): void { this.onDeath.push(act); }

  die(why: string): void {
    if (!this.alive) return;
    this.alive = false;
    this.world.say(`${this.name} dies: ${why}`);
    for (const act of this.onDeath) act();
  }

  readonly timers: Timers = {
    sleep: async (ms) => {
      await this.world.sleep(ms);
      if (!this.alive) await never();
    },
    turn: async () => {
      await this.world.sleep(0);
      if (!this.alive) await never();
    },
    every: (ms, act) => {
      let ended = false;
      const next = (): void => {
        this.world.at(this.world.elapsed + ms, () => {
          if (ended || !this.alive) return;
          act();
          next();
        });
      };
      next();
      return () => { ended = true; };
    },
  };

  /** A call of a server: takes a while each way, may fail before or after its work, and may be where the process dies. `of`: what it is about. */
  async call<T>(what: string, act: () => T, failure: () => Error, of = ''): Promise<T> {
    const { world } = this;
    await world.delay();
    if (!this.alive) return never();
    if (world.happens('crash')) { this.killedAt('before', what, of); return never(); }
    if (world.happens('failBefore')) { world.count(`failed before ${what}`); throw failure(); }
    const result = act();
    await world.delay();
    if (!this.alive) return never();
    if (world.happens('crash')) { this.killedAt('after', what, of); return never(); }
    if (world.happens('failAfter')) { world.count(`answer lost of ${what}`); throw failure(); }
    return result;
  }

  private killedAt(when: 'before' | 'after', what: string, of: string): void {
    this.world.count(`killed ${when} ${what}`);
    this.die(`${when} ${what}${of}`);
  }
}
