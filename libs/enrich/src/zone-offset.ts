const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
/** A retention of 400 days fits; beyond, the cache starts anew. */
const CACHED_DAYS_MAX = 4_096;

/**
 * Minutes east of UTC in one IANA zone at a time. A day whose two ends agree has one offset; the few days with a change are kept
 * by quarter of an hour, because zones change at :00, :30 (Lord Howe) or :45 (Chatham) of UTC.
 */
export class ZoneOffset {
  private readonly format: Intl.DateTimeFormat;
  private readonly days = new Map<number, number>();
  private readonly quarters = new Map<number, number>();

  /** Throws RangeError for a zone that the runtime does not know. */
  constructor(zone: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
  }

  at(timeMs: number): number {
    const day = Math.floor(timeMs / DAY_MS);
    const known = this.days.get(day);
    if (known !== undefined) return known === CHANGES ? this.atQuarter(Math.floor(timeMs / QUARTER_MS)) : known;
    if (this.days.size >= CACHED_DAYS_MAX) this.days.clear();
    const first = this.compute(day * DAY_MS);
    const last = this.compute((day + 1) * DAY_MS);
    this.days.set(day, first === last ? first : CHANGES);
    return first === last ? first : this.atQuarter(Math.floor(timeMs / QUARTER_MS));
  }

  private atQuarter(quarter: number): number {
    let offset = this.quarters.get(quarter);
    if (offset === undefined) {
      if (this.quarters.size >= CACHED_DAYS_MAX) this.quarters.clear();
      offset = this.compute(quarter * QUARTER_MS);
      this.quarters.set(quarter, offset);
    }
    return offset;
  }

  private compute(timeMs: number): number {
    const part: Record<string, string> = {};
    for (const { type, value } of this.format.formatToParts(timeMs)) part[type] = value;
    const year = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year']);
    // Date.UTC would take the years 0 to 99 for those of the last century.
    const local = new Date(0);
    local.setUTCFullYear(year, Number(part['month']) - 1, Number(part['day']));
    local.setUTCHours(Number(part['hour']), Number(part['minute']), Number(part['second']));
    return Math.round((local.getTime() - Math.floor(timeMs / 1000) * 1000) / 60_000);
  }
}
const CHANGES = Number.MIN_SAFE_INTEGER;

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
