import { fail, RuleError } from '../problem.js';
import { namesFor, parseCondition, type Condition } from './parse-condition.js';
import { parseHeading, type RawMap, type Warn } from './parse-heading.js';
import { isMap } from './parse-selection.js';
import { CORRELATION_TYPES, type Bound, type CorrelationType, type Heading, type Seen, type SigmaCorrelation } from './rule-model.js';

const OPERATORS: readonly Bound['operator'][] = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'];
const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, M: 30 * 86_400_000, y: 365 * 86_400_000 };
export const CORRELATION_LIMITS = { timespanMsMax: 10 * 365 * 86_400_000, rulesMax: 1_000, groupFieldsMax: 32 } as const;
/** Keys of a correlation's condition that are no bound. */
const OTHER_KEYS: ReadonlySet<string> = new Set(['field', 'percentile']);

export function parseCorrelation(map: RawMap, source: Heading['source'], warn: Warn): SigmaCorrelation {
  const heading = parseHeading(map, source, warn);
  const raw = map['correlation'];
  const base = ['correlation'];
  if (!isMap(raw)) return fail('correlation-type', '"correlation" is a map with type, rules, timespan and condition', base);
  const type = raw['type'] as CorrelationType;
  if (!CORRELATION_TYPES.includes(type)) fail('correlation-type', `the type of a correlation is one of ${CORRELATION_TYPES.join(', ')}`, [...base, 'type']);
  const rules = listOf(raw['rules'], [...base, 'rules'], 'the ids or names of the rules it reads');
  if (rules.length === 0 || rules.length > CORRELATION_LIMITS.rulesMax) fail('correlation-rules', `a correlation reads 1 to ${CORRELATION_LIMITS.rulesMax} rules`, [...base, ...('rules' in raw ? ['rules'] : [])]);
  if (new Set(rules).size < rules.length) fail('correlation-rules', 'a rule stands twice in "rules"', [...base, 'rules']);
  const groupBy = listOf(raw['group-by'], [...base, 'group-by'], 'fields');
  if (groupBy.length > CORRELATION_LIMITS.groupFieldsMax) fail('correlation-group-by', `at most ${CORRELATION_LIMITS.groupFieldsMax} fields`, [...base, 'group-by']);
  const timespanMs = timespanOf(raw['timespan'] ?? raw['timeframe'], [...base, 'timespan' in raw ? 'timespan' : 'timeframe']);
  const isTemporal = type === 'temporal' || type === 'temporal_ordered';
  const { bounds, valueFields, percentile, seen } = conditionOf(raw['condition'], type, rules, warn);
  if (!isTemporal && bounds.length === 0) fail('correlation-condition', `"${type}" needs a condition such as "gte: 10"`, [...base, ...('condition' in raw ? ['condition'] : [])]);
  if (type.startsWith('value_') && valueFields.length === 0) fail('correlation-field', `"${type}" needs the field it reads: "condition: {field: …}"`, [...base, 'condition']);
  if (valueFields.length > 1 && type !== 'value_count') fail('correlation-field', `"${type}" reads one field; only value_count counts tuples of several`, [...base, 'condition', 'field']);
  const generate = raw['generate'] ?? map['generate'] ?? false;
  if (typeof generate !== 'boolean') fail('correlation-generate', '"generate" is true or false', [...base, 'generate']);
  return { ...heading, kind: 'correlation', type, rules, groupBy, timespanMs, bounds, valueFields, percentile, seen, aliases: aliasesOf(raw['aliases'], rules), generate: generate as boolean };
}

function listOf(value: unknown, path: readonly (string | number)[], what: string): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map((each: unknown, index) => (typeof each === 'string' && each !== '' ? each : fail('correlation-list', `${what}: a text or a list of texts`, Array.isArray(value) ? [...path, index] : path)));
}

function timespanOf(value: unknown, path: readonly (string | number)[]): number {
  const parts = typeof value === 'string' ? /^\s*(\d{1,9})\s*([smhdwMy])\s*$/.exec(value) : null;
  const span = parts === null ? 0 : Number(parts[1]) * UNITS_MS[parts[2]!]!;
  if (span < 1 || span > CORRELATION_LIMITS.timespanMsMax) fail('correlation-timespan', 'a timespan is a number and a unit: 30s, 5m, 1h, 7d, 2w, 1M (30 days), 1y (365 days), at most 10 years', value === undefined ? ['correlation'] : path);
  return span;
}

function conditionOf(raw: unknown, type: CorrelationType, rules: readonly string[], warn: Warn): { readonly bounds: readonly Bound[]; readonly valueFields: readonly string[]; readonly percentile: number; readonly seen: Seen | null } {
  const path = ['correlation', 'condition'];
  const isTemporal = type === 'temporal' || type === 'temporal_ordered';
  if (raw === undefined || raw === null) return { bounds: [], valueFields: [], percentile: 50, seen: null };
  if (typeof raw === 'string') {
    if (type !== 'temporal') return fail('correlation-condition', type === 'temporal_ordered' ? '"temporal_ordered" means all rules in order and has no condition of its own' : 'only a temporal correlation has a condition in words; write a map such as "gte: 10"', path);
    return { bounds: [], valueFields: [], percentile: 50, seen: seenOf(parseCondition(raw, path), rules, path) };
  }
  if (!isMap(raw)) return fail('correlation-condition', 'the condition of a correlation is a map such as "gte: 10"', path);
  const bounds: Bound[] = [];
  for (const [key, value] of Object.entries(raw)) {
    if (OTHER_KEYS.has(key)) continue;
    if (!(OPERATORS as readonly string[]).includes(key)) fail('correlation-condition', `"${key}" is not known; there are ${OPERATORS.join(', ')}, field and percentile`, [...path, key]);
    if (typeof value !== 'number' || !Number.isFinite(value)) fail('correlation-condition', `"${key}" needs a number`, [...path, key]);
    bounds.push({ operator: key as Bound['operator'], value: value as number });
  }
  const percentile = raw['percentile'] ?? 50;
  if (type === 'value_percentile' && raw['percentile'] === undefined) warn('correlation-percentile', 'without "percentile" the median (50) is taken; say which one you mean', path);
  if (typeof percentile !== 'number' || !(percentile >= 0 && percentile <= 100)) fail('correlation-percentile', '"percentile" is a number from 0 to 100', [...path, 'percentile']);
  if (isTemporal && type === 'temporal_ordered' && bounds.length > 0) fail('correlation-condition', '"temporal_ordered" means all rules in order and has no condition of its own', path);
  const low = Math.max(...bounds.map(({ operator, value }) => (operator === 'gt' || operator === 'gte' || operator === 'eq' ? value : Number.NEGATIVE_INFINITY)));
  const high = Math.min(...bounds.map(({ operator, value }) => (operator === 'lt' || operator === 'lte' || operator === 'eq' ? value : Number.POSITIVE_INFINITY)));
  if (low > high) warn('correlation-never', 'no number fulfils these bounds, so the correlation never matches', path);
  return { bounds, valueFields: listOf(raw['field'], [...path, 'field'], 'the field'), percentile: percentile as number, seen: null };
}

function seenOf(condition: Condition, rules: readonly string[], path: readonly (string | number)[]): Seen {
  if (condition.op === 'not') return { op: 'not', of: seenOf(condition.of, rules, path) };
  if (condition.op === 'and' || condition.op === 'or') return { op: condition.op, of: condition.of.map((each) => seenOf(each, rules, path)) };
  if (condition.op === 'name') {
    if (!rules.includes(condition.name)) throw new RuleError('correlation-condition', `"${condition.name}" is not in "rules"`, { path, offset: condition.offset });
    return { op: 'seen', rule: condition.name };
  }
  const names = namesFor(condition.pattern, rules);
  if (names.length === 0) throw new RuleError('correlation-condition', `no rule fits "${condition.pattern}"`, { path, offset: condition.offset });
  return { op: condition.quantity === 'all' ? 'and' : 'or', of: names.map((rule) => ({ op: 'seen', rule })) };
}

function aliasesOf(value: unknown, rules: readonly string[]): Record<string, Record<string, string>> {
  const path = ['correlation', 'aliases'];
  if (value === undefined || value === null) return {};
  if (!isMap(value)) return fail('correlation-aliases', '"aliases" maps a field name to {rule: field}', path);
  return Object.fromEntries(Object.entries(value).map(([alias, each]) => {
    if (!isMap(each)) return fail('correlation-aliases', `the alias "${alias}" is a map {rule: field}`, [...path, alias]);
    return [alias, Object.fromEntries(Object.entries(each).map(([rule, field]) => {
      if (typeof field !== 'string') return fail('correlation-aliases', 'the field of an alias is a text', [...path, alias, rule]);
      if (!rules.includes(rule)) return fail('correlation-aliases', `"${rule}" is not in "rules"`, [...path, alias, rule]);
      return [rule, field];
    }))];
  }));
}

