import type { Comparison } from '../language/expr.js';
import { parseNumber } from '../language/modifiers.js';
import type { Scalar } from './field-values.js';

/** An event's value as a number: numbers, and texts that are written like one; anything else compares false. */
export const numberIn = (value: Scalar): number | bigint | undefined => (typeof value === 'number' || typeof value === 'bigint' ? value : typeof value === 'string' ? parseNumber(value) : undefined);

export function compares(left: number | bigint, comparison: Comparison, right: number | bigint): boolean {
  switch (comparison) {
    case 'lt': return left < right;
    case 'lte': return left <= right;
    case 'gt': return left > right;
    case 'gte': return left >= right;
    case 'eq': return !(left < right) && !(left > right);
  }
}
