import { renameSync, writeFileSync } from 'node:fs';
import type { Outcome } from './cluster.js';

/** Of a broken seed so many of the things that are wrong are kept. */
const WHY_MAX = 3;
const SEEDS_PER_WRITE = 25;

/** What many seeds have done together: how often each fault came about, and which seeds broke something. */
export class SeedReport {
  readonly broken: Record<number, readonly string[]> = {};
  kills = 0;
  private seeds = 0;
  private events = 0;
  private steps = 0;
  private lost = 0;
  private doubled = 0;
  readonly tally = new Map<string, number>();

  /** `path`: where whoever started this process reads how it goes; null: nobody does. */
  constructor(private readonly path: string | null) {}

  get brokenSeeds(): number { return Object.keys(this.broken).length; }

  take(seed: number, { world, events, broken, kills, lost, doubled }: Outcome): void {
    this.seeds += 1;
    this.events += events.length;
    this.kills += kills;
    this.steps += world.steps;
    this.lost += lost;
    this.doubled += doubled;
    for (const [what, count] of world.tally) this.tally.set(what, (this.tally.get(what) ?? 0) + count);
    if (broken.length > 0) this.broken[seed] = broken.slice(0, WHY_MAX);
    if (this.seeds % SEEDS_PER_WRITE === 0 || broken.length > 0) this.write();
  }

  write(): void {
    if (this.path === null) return;
    const { seeds, events, kills, steps, lost, doubled, broken } = this;
    // Never read half written.
    writeFileSync(`${this.path}.new`, JSON.stringify({ seeds, events, kills, steps, lost, doubled, broken, tally: Object.fromEntries(this.tally) }));
    renameSync(`${this.path}.new`, this.path);
  }
}
