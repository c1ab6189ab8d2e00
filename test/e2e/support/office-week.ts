const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Plain deterministic noise in [0, 1). */
function noise(seed: number): number {
  let value = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0) / 2 ** 32;
}

/** `days` days of a small team that reads a few documents an hour in office time and downloads hardly anything; ends an hour before `until`. */
export function officeHistory(until: number, days: number, people: readonly string[]): object[] {
  const events: Array<{ time: number }> = [];
  const firstDay = Math.floor(until / DAY_MS) * DAY_MS - days * DAY_MS;
  for (let day = 0; day < days; day += 1) {
    people.forEach((id, person) => {
      for (let hour = 8; hour < 18; hour += 1) {
        const seed = day * 100_003 + person * 1_009 + hour * 31;
        const reads = 1 + Math.floor(noise(seed) * 5);
        for (let i = 0; i < reads; i += 1) {
          const time = firstDay + day * DAY_MS + hour * HOUR_MS + Math.floor(noise(seed + i + 7) * HOUR_MS);
          if (time > until - HOUR_MS) continue;
          events.push({
            time, kind: 'access', action: noise(seed + i) < 0.08 ? 'download' : 'read', actor: { id, type: 'user', group: 'sales' }, source: { ip: `10.0.0.${person + 1}` },
            resource: { id: `doc/${Math.floor(noise(seed + i + 3) * 40)}`, type: 'document' }, bytes: 2_000 + Math.floor(noise(seed + i + 5) * 30_000),
          } as never);
        }
      }
    });
  }
  return events.sort((a, b) => a.time - b.time);
}

/** A mass download that ends now: one a second. */
export function massDownload(until: number, id: string, count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `leak-${id}-${index}`, time: until - (count - index) * 1_000, kind: 'access', action: 'download', actor: { id, type: 'user', group: 'sales' }, source: { ip: '10.0.0.1' },
    resource: { id: `customer-file/${index}`, type: 'file', labels: ['pii'] }, bytes: 4_000_000,
  }));
}
