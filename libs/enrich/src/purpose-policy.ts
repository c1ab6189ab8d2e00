import type { Event } from '@wary/model/event.js';
import type { RegisterRow } from '@wary/model/registers.js';
import { PatternIndex } from './pattern-index.js';

/**
 * The purposes register for one resource (GDPR 5(1)(b): purpose limitation).
 *
 * Denied beats allowed. A list may hold `prefix*`. A row without any allowed purpose denies what it lists and allows the rest.
 * An allowed purpose whose `validUntil` day (UTC) is over is denied: its legal basis has lapsed. A declared purpose that no row
 * of the resource knows is `unregistered`; a resource without a row is not judged (`none`).
 */
export class PurposePolicy {
  private readonly verdicts: readonly { readonly allowed: PatternIndex<true> | null; readonly denied: PatternIndex<true>; readonly endsMs: number }[];
  private readonly required: boolean;

  constructor(rows: readonly RegisterRow<'purposes'>[]) {
    this.required = rows.some((row) => row.required);
    this.verdicts = rows.map((row) => ({
      allowed: row.allowed.length === 0 ? null : indexOf(row.allowed), denied: indexOf(row.denied),
      endsMs: row.validUntil === '' ? Number.POSITIVE_INFINITY : Date.parse(`${row.validUntil}T00:00:00Z`) + 86_400_000,
    }));
  }

  judge(purpose: string, timeMs: number): Event['purposeVerdict'] {
    const name = fold(purpose);
    if (name === '') return this.required ? 'missing' : 'none';
    let allowed = false;
    let lapsed = false;
    for (const row of this.verdicts) {
      if (row.denied.find(name).length > 0) return 'denied';
      if (row.allowed !== null && row.allowed.find(name).length === 0) continue;
      if (timeMs < row.endsMs) allowed = true;
      else lapsed = true;
    }
    if (allowed) return 'allowed';
    return lapsed ? 'denied' : 'unregistered';
  }
}

const fold = (purpose: string): string => purpose.trim().toLowerCase();

function indexOf(purposes: readonly string[]): PatternIndex<true> {
  const index = new PatternIndex<true>();
  for (const purpose of purposes) index.add(fold(purpose), true);
  return index;
}
