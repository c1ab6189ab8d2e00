/** Hours of its past that a principal is judged by; below a day of active hours nothing is said. */
const HOURS_MAX = 28 * 24;
const HOURS_MIN = 24;
const HOUR_MS = 3_600_000;
/** Of the median absolute deviation, for a normal law. */
const MAD_SCALE = 1.4826;

export interface ScoredHour { readonly principal: string; readonly hour: number; readonly z: number; readonly labels: readonly string[] }

/** The plain thing to beat: a principal's count in an hour against median and median absolute deviation of its active hours before (the scale no smaller than one event). */
export class RobustZ {
  private readonly past = new Map<string, number[]>();
  /** Centre and scale of a principal, worked out once a day. */
  private readonly usual = new Map<string, { readonly day: number; readonly middle: number; readonly scale: number }>();
  private readonly open = new Map<string, { count: number; readonly labels: Set<string> }>();
  private hour = Number.NEGATIVE_INFINITY;
  readonly hours: ScoredHour[] = [];

  add(principal: string, time: number, label: string | undefined): void {
    const hour = Math.floor(time / HOUR_MS);
    if (hour > this.hour) { this.close(); this.hour = hour; }
    let cell = this.open.get(principal);
    if (cell === undefined) this.open.set(principal, (cell = { count: 0, labels: new Set() }));
    cell.count += 1;
    if (label !== undefined) cell.labels.add(label);
  }

  close(): void {
    for (const [principal, { count, labels }] of this.open) {
      let past = this.past.get(principal);
      if (past === undefined) this.past.set(principal, (past = []));
      if (past.length >= HOURS_MIN) this.hours.push({ principal, hour: this.hour, z: this.zOf(principal, past, count), labels: [...labels] });
      past.push(count);
      if (past.length > HOURS_MAX) past.shift();
    }
    this.open.clear();
  }

  private zOf(principal: string, past: readonly number[], value: number): number {
    const day = Math.floor(this.hour / 24);
    let usual = this.usual.get(principal);
    if (usual?.day !== day) {
      const middle = medianOf(past);
      this.usual.set(principal, (usual = { day, middle, scale: Math.max(1, MAD_SCALE * medianOf(past.map((each) => Math.abs(each - middle)))) }));
    }
    return (value - usual.middle) / usual.scale;
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const at = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[at]! : (sorted[at - 1]! + sorted[at]!) / 2;
}
