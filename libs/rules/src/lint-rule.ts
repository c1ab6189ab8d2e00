import type { Expr, Test } from './language/expr.js';
import { ANY } from './language/pattern.js';
import type { SigmaRule } from './language/rule-model.js';

export interface Remark { readonly code: string; readonly message: string; readonly path: readonly (string | number)[] }
const COUNTED_MAX = 500;

/** What is allowed and yet hardly meant: values that fit everything, conditions that nothing fulfils, patterns that take long. */
export function lintRule(rule: SigmaRule): Remark[] {
  const remarks: Remark[] = [];
  for (const [name, selection] of rule.selections) {
    const path = ['detection', name];
    if (isImpossible(selection)) remarks.push({ code: 'selection-never', message: `"${name}" asks that a field be absent and have a value at once, so it never holds`, path });
    visit(selection, (field, test) => {
      const what = field === null ? 'a keyword' : `"${field}"`;
      if (test.kind === 'text' && test.pattern.length === 1 && test.pattern[0] === ANY) remarks.push({ code: 'value-any', message: `${what} fits every value; to ask whether a field is there write "exists: true"`, path });
      if (test.kind === 'regex' && [...test.source.matchAll(/(?<!\\[xpP])\{(\d+)(?:,(\d*))?\}/g)].some(([, low, high]) => Number(low) >= COUNTED_MAX || Number(high ?? 0) >= COUNTED_MAX)) remarks.push({ code: 'value-slow', message: `the pattern of ${what} counts to ${COUNTED_MAX} or more, which takes milliseconds on a long value; a smaller count will hardly find less`, path });
    });
  }
  if (isImpossible(rule.condition)) remarks.push({ code: 'condition-never', message: 'the condition asks that the same selection hold and not hold (or that a field be absent and have a value), so the rule never matches', path: ['detection', 'condition'] });
  return remarks;
}

function visit(expr: Expr, onTest: (field: string | null, test: Test) => void): void {
  if (expr.op === 'test') onTest(expr.field, expr.test);
  else if (expr.op === 'not') visit(expr.of, onTest);
  else for (const each of expr.of) visit(each, onTest);
}

/** Parts that must all hold and contradict each other. Only what is certain: lists in events let one field have several values. */
function isImpossible(expr: Expr): boolean {
  if (expr.op === 'or') return expr.of.every(isImpossible);
  if (expr.op !== 'and') return false;
  const parts = expr.of.flatMap(flatten);
  if (parts.some(isImpossible)) return true;
  const negated = new Set(parts.flatMap((part) => (part.op === 'not' ? [part.of] : [])));
  if (parts.some((part) => negated.has(part))) return true;
  const absent = new Set(parts.flatMap((part) => (part.op === 'not' && part.of.op === 'test' && part.of.test.kind === 'exists' ? [part.of.field] : [])));
  return parts.some((part) => part.op === 'test' && part.field !== null && part.test.kind !== 'null' && absent.has(part.field));
}

const flatten = (expr: Expr): Expr[] => (expr.op === 'and' && expr.label === undefined ? expr.of.flatMap(flatten) : [expr]);
