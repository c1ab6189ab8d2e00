/** Partition of a row: its month, as in `PARTITION BY toYYYYMM(time)`. */
function monthOf(time: number): number {
  const date = new Date(time);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/**
 * A batch as inserts that touch no more than `partitionsMax` months each: the engine refuses more, and would have written none of it.
 * The same batch gives the same parts in the same order, so that each can have a token of its own.
 */
export function splitByPartition<T extends { readonly time: number }>(events: readonly T[], partitionsMax: number): ReadonlyArray<readonly T[]> {
  let first = Infinity;
  let last = -Infinity;
  for (const { time } of events) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  if (events.length === 0 || monthOf(last) - monthOf(first) < partitionsMax) return [events];
  const byMonth = new Map<number, T[]>();
  for (const event of events) {
    const month = monthOf(event.time);
    const group = byMonth.get(month);
    if (group === undefined) byMonth.set(month, [event]);
    else group.push(event);
  }
  const months = [...byMonth.keys()].sort((a, b) => a - b);
  const parts: T[][] = [];
  for (let start = 0; start < months.length; start += partitionsMax) {
    parts.push(months.slice(start, start + partitionsMax).flatMap((month) => byMonth.get(month)!));
  }
  return parts;
}
