export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export const dayOf = (timeMs: number): number => Math.floor(timeMs / DAY_MS);
/** 0 Monday … 6 Sunday; 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;
export const isoDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** Local clock of one IANA zone. The offset is that of the day's noon, so the night of a clock change is an hour off; nobody works then. */
export class Zone {
  private readonly format: Intl.DateTimeFormat;
  private readonly offsets = new Map<number, number>();

  constructor(readonly name: string) {
    this.format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  }

  offsetMs(day: number): number {
    let offset = this.offsets.get(day);
    if (offset === undefined) {
      const text = this.format.formatToParts(day * DAY_MS + DAY_MS / 2).find((part) => part.type === 'timeZoneName')!.value;
      const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(text) ?? [];
      offset = hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS);
      this.offsets.set(day, offset);
    }
    return offset;
  }

  /** UTC of an hour of a local day; the hour may have a fraction and may lie beyond 24. */
  at(localDay: number, hour: number): number {
    return Math.round(localDay * DAY_MS + hour * HOUR_MS - this.offsetMs(localDay));
  }

  /** Local day and hour (with fraction) of a UTC time. */
  local(timeMs: number): { readonly day: number; readonly hour: number } {
    const local = timeMs + this.offsetMs(dayOf(timeMs));
    const day = dayOf(local);
    return { day, hour: (local - day * DAY_MS) / HOUR_MS };
  }
}
