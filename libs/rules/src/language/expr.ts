import type { Pattern } from './pattern.js';

export type Comparison = 'lt' | 'lte' | 'gt' | 'gte' | 'eq';
export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';
export interface RegexFlags { readonly i?: boolean; readonly m?: boolean; readonly s?: boolean }

/** What is asked of one value of a field (or, without a field, of any value of the event). */
export type Test =
  | { readonly kind: 'text'; readonly pattern: Pattern; readonly cased: boolean }
  | { readonly kind: 'regex'; readonly source: string; readonly flags: RegexFlags }
  | { readonly kind: 'cidr'; readonly network: string }
  | { readonly kind: 'number'; readonly comparison: Comparison; readonly value: number | bigint }
  | { readonly kind: 'time'; readonly part: TimePart; readonly comparison: Comparison; readonly value: number }
  | { readonly kind: 'field'; readonly other: string; readonly how: 'equals' | 'startswith' | 'endswith' | 'contains'; readonly cased: boolean }
  /** Absent, or present with null. */
  | { readonly kind: 'null' }
  /** Present, also with null. */
  | { readonly kind: 'exists' };

/** A condition in two-valued logic: a test of a missing field is false, and its negation true. */
export type Expr =
  | { readonly op: 'and' | 'or'; readonly of: readonly Expr[]; readonly label?: string }
  | { readonly op: 'not'; readonly of: Expr }
  | { readonly op: 'test'; /** null: every value of the event. */ readonly field: string | null; readonly test: Test };

export const and = (of: readonly Expr[], label?: string): Expr => (of.length === 1 && label === undefined ? of[0]! : { op: 'and', of, ...(label === undefined ? {} : { label }) });
export const or = (of: readonly Expr[], label?: string): Expr => (of.length === 1 && label === undefined ? of[0]! : { op: 'or', of, ...(label === undefined ? {} : { label }) });

/** Every field a condition reads, also through `fieldref`. */
export function fieldsOf(expr: Expr, into = new Set<string>()): Set<string> {
  if (expr.op === 'test') {
    if (expr.field !== null) into.add(expr.field);
    if (expr.test.kind === 'field') into.add(expr.test.other);
  } else if (expr.op === 'not') fieldsOf(expr.of, into);
  else for (const each of expr.of) fieldsOf(each, into);
  return into;
}

/** The condition with its fields renamed; a field with several names becomes "any of them" (and its absence the absence of all). */
export function mapFields(expr: Expr, namesOf: (field: string) => readonly string[]): Expr {
  if (expr.op === 'not') return { op: 'not', of: mapFields(expr.of, namesOf) };
  if (expr.op !== 'test') return { ...expr, of: expr.of.map((each) => mapFields(each, namesOf)) };
  const { field, test } = expr;
  if (field === null) return expr;
  const tests = test.kind === 'field' ? namesOf(test.other).map((other): Test => ({ ...test, other })) : [test];
  const all = namesOf(field).flatMap((name) => tests.map((each): Expr => ({ op: 'test', field: name, test: each })));
  return all.length === 1 ? all[0]! : { op: test.kind === 'null' ? 'and' : 'or', of: all };
}
