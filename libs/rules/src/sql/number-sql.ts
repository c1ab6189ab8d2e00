import type { Comparison } from '../language/expr.js';

/** Texts that are written as a number (`parseNumber`), with JavaScript's blanks around; the first group is the number. */
export const BLANKS = String.raw`[\t\n\x0b\f\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}]*`;
export const NUMERIC = `\\A${BLANKS}([-+]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?)${BLANKS}\\z`;
export const NUMBER_CHARS_MAX = 400;
/** Integers of a row up to so many digits are compared as Int256; longer ones are larger than any number of a rule that is compared in SQL. */
export const DIGITS_MAX = 70;
/** Beyond this a rule's number is compared outside of SQL. */
const RULE_NUMBER_MAX = 10n ** 60n;

const OPERATORS: Readonly<Record<Comparison, string>> = { lt: '<', lte: '<=', gt: '>', gte: '>=', eq: '=' };

export const isComparable = (value: number | bigint): boolean => (typeof value === 'bigint' ? value > -RULE_NUMBER_MAX && value < RULE_NUMBER_MAX : Math.abs(value) < 1e60 || !Number.isFinite(value));

/** `name` (an integer column of the type) compared with a number, exactly: a fraction moves the bound to the next integer. */
export function compareInteger(name: string, comparison: Comparison, value: number | bigint, literal: (digits: bigint) => string): string {
  if (typeof value === 'bigint') return `${name} ${OPERATORS[comparison]} ${literal(value)}`;
  if (!Number.isFinite(value)) return String(Number(comparison === 'lt' || comparison === 'lte' ? value > 0 : comparison === 'eq' ? false : value < 0));
  if (comparison === 'eq' && !Number.isInteger(value)) return '0';
  return `${name} ${OPERATORS[comparison]} ${literal(BigInt(comparison === 'lt' || comparison === 'gte' ? Math.ceil(value) : Math.floor(value)))}`;
}

/** `name` (Float64) compared with a number, exactly: an integer that no double is moves the bound to the double beside it. */
export function compareFloat(name: string, comparison: Comparison, value: number | bigint): string {
  const near = Number(value);
  const bound = `toFloat64('${near === Number.POSITIVE_INFINITY ? 'inf' : near === Number.NEGATIVE_INFINITY ? '-inf' : String(near)}')`;
  const side = typeof value === 'bigint' ? (BigInt(near) < value ? -1 : BigInt(near) > value ? 1 : 0) : 0;
  switch (comparison) {
    case 'lt': return `${name} ${side < 0 ? '<=' : '<'} ${bound}`;
    case 'lte': return `${name} ${side > 0 ? '<' : '<='} ${bound}`;
    case 'gt': return `${name} ${side > 0 ? '>=' : '>'} ${bound}`;
    case 'gte': return `${name} ${side < 0 ? '>' : '>='} ${bound}`;
    case 'eq': return side === 0 ? `${name} = ${bound}` : '0';
  }
}
