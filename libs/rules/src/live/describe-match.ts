import type { Explanation } from '../explain-match.js';
import type { SigmaCorrelation } from '../language/rule-model.js';

/** One thing that decided: in which selection, which field, which value, and what was asked of it. */
export interface Matched { readonly selection: string; readonly field: string; readonly value: string; readonly pattern: string }

const MATCHED_MAX = 20;
const VALUE_CHARS_MAX = 300;

/** Of the selections that held, the tests that held in them; the same value is told once. */
export function ruleMatched({ selections }: Explanation): Matched[] {
  const matched: Matched[] = [];
  for (const { name, holds, asked } of selections) {
    if (!holds) continue;
    for (const { field, pattern, value, holds: held } of asked) {
      if (!held || value === undefined || matched.length >= MATCHED_MAX) continue;
      if (!matched.some((each) => each.selection === name && each.field === (field ?? 'any field') && each.pattern === pattern)) matched.push({ selection: name, field: field ?? 'any field', value: cut(String(value)), pattern: cut(pattern) });
    }
  }
  return matched;
}

const UNITS: readonly (readonly [number, string])[] = [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min'], [1_000, 's']];
function spanWords(ms: number): string {
  const [unitMs, unit] = UNITS.find(([each]) => ms % each === 0 && ms >= each) ?? [1, 'ms'];
  return `${ms / unitMs} ${unit}`;
}
const OPERATORS: Readonly<Record<string, string>> = { gt: 'more than', gte: 'at least', lt: 'less than', lte: 'at most', eq: 'exactly', neq: 'not' };

/** How many events of which rules came together for whom, in the words of the correlation. */
export function correlationMatched({ type, rules, groupBy, bounds, valueFields, timespanMs }: SigmaCorrelation, group: readonly string[], events: number): Matched[] {
  const what = bounds.length > 0 ? bounds.map(({ operator, value }) => `${OPERATORS[operator]} ${value}`).join(' and ') : type === 'temporal_ordered' ? `${rules.join(', then ')}` : rules.join(' and ');
  return [
    { selection: type, field: valueFields.length > 0 ? valueFields.join(', ') : 'events', value: String(events), pattern: cut(`${what} within ${spanWords(timespanMs)}`) },
    ...groupBy.map((field, index): Matched => ({ selection: 'group-by', field, value: cut((group[index] ?? '').replaceAll('\u0001', ', ')), pattern: 'the same in all of them' })),
  ];
}

const cut = (text: string): string => (text.length > VALUE_CHARS_MAX ? `${text.slice(0, VALUE_CHARS_MAX - 1)}…` : text);
