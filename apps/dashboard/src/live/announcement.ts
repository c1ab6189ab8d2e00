import type { Severity } from '@wary/model/finding.js';
import { plural } from '../ui/format.js';

/** One sentence for a screen reader, never one per row: "12 new alerts, 1 critical, 3 high". */
export function summarise(created: ReadonlyMap<Severity, number>): string {
  const total = [...created.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return '';
  const grave = (['critical', 'high'] as const).filter((severity) => created.get(severity)).map((severity) => `${created.get(severity)} ${severity}`);
  return [plural(total, 'new alert'), ...grave].join(', ');
}
