import type { Expr } from '../language/expr.js';

/** A smaller condition and event on which two engines still differ: parts are left out for as long as the difference stays. */
export async function shrinkPair(expr: Expr, event: unknown, differs: (expr: Expr, event: unknown) => Promise<boolean>): Promise<{ readonly expr: Expr; readonly event: unknown }> {
  const STEPS_MAX = 500;
  let pair = { expr, event };
  for (let steps = 0, progress = true; progress && steps < STEPS_MAX;) {
    progress = false;
    for (const smaller of [...smallerExprs(pair.expr).map((each) => ({ ...pair, expr: each })), ...smallerValues(pair.event).map((each) => ({ ...pair, event: each }))]) {
      steps += 1;
      if (steps > STEPS_MAX || !(await differs(smaller.expr, smaller.event))) continue;
      pair = smaller;
      progress = true;
      break;
    }
  }
  return pair;
}

function smallerExprs(expr: Expr): Expr[] {
  if (expr.op === 'test') return [];
  if (expr.op === 'not') return [expr.of, ...smallerExprs(expr.of).map((of): Expr => ({ op: 'not', of }))];
  return [...expr.of, ...(expr.of.length > 1 ? expr.of.map((_, index): Expr => ({ ...expr, of: expr.of.filter((__, at) => at !== index) })) : []), ...expr.of.flatMap((each, index) => smallerExprs(each).map((smaller): Expr => ({ ...expr, of: expr.of.map((old, at) => (at === index ? smaller : old)) })))];
}

function smallerValues(value: unknown): unknown[] {
  if (typeof value === 'string') return value.length < 2 ? [] : [value.slice(0, value.length >> 1), value.slice(value.length >> 1), value.slice(1), value.slice(0, -1)];
  if (Array.isArray(value)) return [...value.map((_, index) => value.filter((__, at) => at !== index)), ...value.flatMap((each: unknown, index) => smallerValues(each).map((smaller) => value.map((old: unknown, at) => (at === index ? smaller : old))))];
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  const of = (pairs: readonly (readonly [string, unknown])[]): unknown => Object.fromEntries(pairs);
  return [...entries.map((_, index) => of(entries.filter((__, at) => at !== index))), ...entries.flatMap(([key, each], index) => smallerValues(each).map((smaller) => of(entries.map((old, at) => (at === index ? [key, smaller] as const : old)))))];
}
