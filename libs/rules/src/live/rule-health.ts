/** How a rule fares: since it was loaded, restarts included. */
export interface RuleHealth {
  readonly matches: number;
  /** Event time of the latest match, epoch ms. */
  readonly lastMatchAt: number | null;
  /** Mean of the sampled evaluations, in microseconds; null until one was sampled. */
  readonly costUs: number | null;
  readonly errors: number;
  readonly lastError: string | null;
}

export interface HealthEntry { matches: number; lastMatchAt: number | null; costMs: number; samples: number; errors: number; lastError: string | null }
const ERROR_CHARS_MAX = 300;
/** Also of rules that are switched off for a while; beyond it the longest unheard of are forgotten. */
const ENTRIES_MAX = 50_000;
const NEVER: RuleHealth = { matches: 0, lastMatchAt: null, costUs: null, errors: 0, lastError: null };

export function count(entry: HealthEntry, time: number): void {
  entry.matches += 1;
  if (entry.lastMatchAt === null || time > entry.lastMatchAt) entry.lastMatchAt = time;
}

export function healthOf(entry: Readonly<HealthEntry> | undefined): RuleHealth {
  if (entry === undefined) return NEVER;
  const { matches, lastMatchAt, costMs, samples, errors, lastError } = entry;
  return { matches, lastMatchAt, costUs: samples === 0 ? null : (costMs / samples) * 1_000, errors, lastError };
}

/** Adds what another book says of a rule: the mean cost is that over all samples, the error one of the latest. */
export function addHealth(sums: Map<string, HealthEntry>, id: string, { matches, lastMatchAt, costMs, samples, errors, lastError }: Readonly<HealthEntry>): void {
  const sum = sums.get(id);
  if (sum === undefined) {
    sums.set(id, { matches, lastMatchAt, costMs, samples, errors, lastError });
    return;
  }
  sum.matches += matches;
  if (lastMatchAt !== null && (sum.lastMatchAt === null || lastMatchAt > sum.lastMatchAt)) sum.lastMatchAt = lastMatchAt;
  sum.costMs += costMs;
  sum.samples += samples;
  sum.errors += errors;
  sum.lastError ??= lastError;
}

export class HealthBook {
  private entries = new Map<string, HealthEntry>();

  cost(id: string, ms: number): void {
    const entry = this.entry(id);
    entry.costMs += ms;
    entry.samples += 1;
  }

  failed(id: string, error: unknown): void {
    const entry = this.entry(id);
    entry.errors += 1;
    entry.lastError = (error instanceof Error ? error.message : String(error)).slice(0, ERROR_CHARS_MAX);
  }

  of(id: string): RuleHealth {
    return healthOf(this.entries.get(id));
  }

  all(): ReadonlyMap<string, Readonly<HealthEntry>> {
    return this.entries;
  }

  /** Without what was measured: another machine may go on. */
  dump(): unknown {
    return [...this.entries].map(([id, { matches, lastMatchAt, errors, lastError }]) => [id, { matches, lastMatchAt, errors, lastError }]);
  }

  load(state: unknown): void {
    this.entries = new Map((state as [string, Pick<HealthEntry, 'matches' | 'lastMatchAt' | 'errors' | 'lastError'>][]).map(([id, entry]) => [id, { ...entry, costMs: 0, samples: 0 }]));
  }

  entry(id: string): HealthEntry {
    let entry = this.entries.get(id);
    if (entry !== undefined) return entry;
    if (this.entries.size >= ENTRIES_MAX) this.entries.delete(this.entries.keys().next().value!);
    entry = { matches: 0, lastMatchAt: null, costMs: 0, samples: 0, errors: 0, lastError: null };
    this.entries.set(id, entry);
    return entry;
  }
}
