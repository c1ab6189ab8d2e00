import { compares, numberIn } from '../events/compare-numbers.js';
import { allScalars, lookUp, scalarsOf, type EventRecord, type Scalar } from '../events/field-values.js';
import { timePart } from '../events/time-part.js';
import { compileRegex, type LinearRegex } from '../language/compile-regex.js';
import type { Expr, RegexFlags, Test } from '../language/expr.js';
import { inNetwork, parseNetwork } from '../language/network.js';
import { ANY, type Pattern } from '../language/pattern.js';
import { matchPattern } from './match-pattern.js';

/** Told of every test with its outcome and the value that decided. */
export type Witness = (field: string | null, test: Test, outcome: boolean, value: Scalar | undefined) => void;

/** How a pattern is held against a text: plainly, unless told otherwise. */
export type TextMatcher = typeof matchPattern;

/** A condition on one event, straight from its definition: the oracle of the indexed matcher, and (with a fast `covers`) what an explanation is made with. */
export function evaluateExpr(expr: Expr, record: EventRecord, whole: unknown = record, witness?: Witness, covers: TextMatcher = matchPattern): boolean {
  const ask = (each: Expr): boolean => evaluateExpr(each, record, whole, witness, covers);
  switch (expr.op) {
    case 'and': return witness === undefined ? expr.of.every(ask) : expr.of.map(ask).every(Boolean);
    case 'or': return witness === undefined ? expr.of.some(ask) : expr.of.map(ask).some(Boolean);
    case 'not': return !ask(expr.of);
    case 'test': {
      const { field, test } = expr;
      const raw = field === null ? undefined : lookUp(record, field);
      const present = field === null || raw !== undefined;
      const values = field === null ? allScalars(whole) : present ? scalarsOf(raw) : [];
      let decided: Scalar | undefined;
      let outcome: boolean;
      if (test.kind === 'exists') outcome = present;
      else if (test.kind === 'null') outcome = !present || values.includes(null);
      else {
        decided = values.find((value) => testScalar(test, value, record, covers));
        outcome = decided !== undefined;
      }
      witness?.(field, test, outcome, decided ?? values[0]);
      return outcome;
    }
  }
}

function testScalar(test: Test, value: Scalar, record: EventRecord, covers: TextMatcher): boolean {
  if (value === null) return false;
  switch (test.kind) {
    case 'text': return covers(test.pattern, String(value), test.cased);
    case 'regex': return regexOf(test.source, test.flags).test(String(value));
    case 'cidr': return inNetwork(String(value), parseNetwork(test.network)!);
    case 'number': {
      const number = numberIn(value);
      return number !== undefined && compares(number, test.comparison, test.value);
    }
    case 'time': {
      const part = timePart(value, test.part);
      return part !== undefined && compares(part, test.comparison, test.value);
    }
    case 'field': {
      const other = lookUp(record, test.other);
      return other !== undefined && scalarsOf(other).some((each) => each !== null && covers(around(String(each), test.how), String(value), test.cased));
    }
    case 'exists': case 'null': return false;
  }
}

function around(text: string, how: 'equals' | 'startswith' | 'endswith' | 'contains'): Pattern {
  const literal = text === '' ? [] : [text];
  return [...(how === 'endswith' || how === 'contains' ? [ANY as typeof ANY] : []), ...literal, ...(how === 'startswith' || how === 'contains' ? [ANY as typeof ANY] : [])];
}

const compiled = new Map<string, LinearRegex>();
function regexOf(source: string, flags: RegexFlags): LinearRegex {
  const key = `${flags.i ?? false}${flags.m ?? false}${flags.s ?? false}${source}`;
  let regex = compiled.get(key);
  if (regex === undefined) {
    if (compiled.size > 1_000) compiled.clear();
    compiled.set(key, (regex = compileRegex(source, flags)));
  }
  return regex;
}
