import { fail } from '../problem.js';
import { bindCondition } from './bind-condition.js';
import { or, type Expr } from './expr.js';
import type { Placeholders } from './modifiers.js';
import { parseCondition } from './parse-condition.js';
import { parseHeading, parseLogSource, type RawMap, type Warn } from './parse-heading.js';
import { isMap, parseSelection } from './parse-selection.js';
import type { Heading, SigmaFilter, SigmaRule } from './rule-model.js';

export function parseRule(map: RawMap, source: Heading['source'], placeholders: Placeholders, warn: Warn): SigmaRule {
  const heading = parseHeading(map, source, warn);
  const logsource = parseLogSource(map['logsource'], warn);
  const { condition, selections } = parseDetection(map['detection'], 'detection', ['condition', 'timeframe'], placeholders, warn);
  return { ...heading, kind: 'rule', logsource, condition, selections };
}

export function parseFilter(map: RawMap, source: Heading['source'], placeholders: Placeholders, warn: Warn): SigmaFilter {
  const heading = parseHeading(map, source, warn);
  const logsource = map['logsource'] === undefined ? { category: null, product: null, service: null } : parseLogSource(map['logsource'], warn);
  const filter = map['filter'];
  if (!isMap(filter)) return fail('filter-type', '"filter" is a map with rules, selections and a condition', ['filter']);
  const raw = filter['rules'];
  const rules = raw === 'any' ? 'any' : (Array.isArray(raw) ? raw : [raw]).map((each: unknown, index) => (typeof each === 'string' ? each : fail('filter-rules', '"rules" of a filter lists ids or names of rules, or is "any"', raw === undefined ? ['filter'] : ['filter', 'rules', index])));
  if (rules.length === 0) fail('filter-rules', '"rules" of a filter lists ids or names of rules, or is "any"', ['filter', 'rules']);
  const { condition } = parseDetection(filter, 'filter', ['condition', 'rules'], placeholders, warn);
  if (condition.op !== 'not' && !hasNegation(condition)) warn('filter-polarity', 'the condition of a filter is joined to the rule with "and": to suppress what the selection describes, write "not selection"', ['filter', 'condition']);
  return { ...heading, kind: 'filter', logsource, rules, condition };
}

const hasNegation = (expr: Expr): boolean => expr.op === 'not' || (expr.op !== 'test' && expr.of.some(hasNegation));

function parseDetection(value: unknown, key: string, reserved: readonly string[], placeholders: Placeholders, warn: Warn): { readonly condition: Expr; readonly selections: ReadonlyMap<string, Expr> } {
  if (!isMap(value)) return fail('detection-missing', value === undefined ? 'the document has no "detection"; a rule needs selections and a condition there' : `"${key}" is a map of selections and a condition`, value === undefined ? [] : [key]);
  const selections = new Map<string, Expr>();
  for (const [name, each] of Object.entries(value)) {
    if (reserved.includes(name)) continue;
    selections.set(name, parseSelection(name, each, { path: [key, name], placeholders }));
  }
  if (selections.size === 0) fail('detection-empty', 'there is no selection; add one, such as "selection:"', [key]);
  if ('timeframe' in value && reserved.includes('timeframe')) warn('detection-timeframe', '"timeframe" belonged to aggregations and has no effect; write a correlation rule', [key, 'timeframe']);
  const raw = value['condition'];
  const list: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  if (raw === undefined || raw === null || list.length === 0) fail('condition-missing', 'there is no condition; add "condition: selection"', [key]);
  const used = new Set<string>();
  const conditions = list.map((each, index) => {
    const path = Array.isArray(raw) ? [key, 'condition', index] : [key, 'condition'];
    if (typeof each !== 'string') return fail('condition-type', 'a condition is a text', path);
    return bindCondition(parseCondition(each, path), selections, path, used);
  });
  for (const name of selections.keys()) if (!used.has(name) && !name.startsWith('_')) warn('selection-unused', `the condition never reads the selection "${name}"`, [key, name]);
  return { condition: or(conditions), selections };
}
