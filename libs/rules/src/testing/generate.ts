import fc from 'fast-check';
import type { Expr, Test } from '../language/expr.js';
import { ANY, DASH, parsePattern, tidy, type Pattern, type Token } from '../language/pattern.js';

/** Rules and events made from few letters, so that they meet: case, letters that fold strangely, dashes, wildcards, numbers as texts. */
const LETTERS = ['a', 'b', 'A', 'B', '-', '/', '–', 'K', 'K', 'k', 'İ', 'i', 'ſ', 's', 'Σ', 'σ', 'é', '\u{1F600}', '1', '2', ' ', '.', '\\', '\n'];
const FIELDS = ['a', 'b', 'c', 'a.b', 'b.c'];
const text = fc.array(fc.constantFrom(...LETTERS), { maxLength: 6 }).map((letters) => letters.join(''));
const pattern = fc.array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...LETTERS) }, { weight: 1, arbitrary: fc.constantFrom('*', '?', '\\*') }), { maxLength: 5 }).map((parts) => parsePattern(parts.join('')));
const field = fc.constantFrom(...FIELDS);
const number = fc.oneof(fc.integer({ min: -3, max: 30 }), fc.constantFrom(9007199254740993n, 9007199254740992n, 1.5));
const comparison = fc.constantFrom('lt', 'lte', 'gt', 'gte', 'eq') as fc.Arbitrary<'lt' | 'lte' | 'gt' | 'gte' | 'eq'>;
const regex = fc.constantFrom('a+b', 'ab|b[aK]', '^a', 'b$', '(?i)k', '(?i:s)b', 'a.b', 'a{2,}', '(a|b)1?2', String.raw`\d+`, 'b\\b', '(ab)+k', 'a*', '[^a]b', 'aa(?:b|(?:k|i))', '');

/** The pattern as the modifier leaves it. */
function modified(tokens: Pattern, how: string): Pattern {
  if (how === 'windash') return tidy(tokens.flatMap((token): Token[] => (typeof token === 'string' ? token.split(/([-/–])/).map((part) => (/^[-/–]$/.test(part) ? DASH : part)) : [token])));
  return tidy([...(how === 'contains' || how === 'endswith' ? [ANY as Token] : []), ...tokens, ...(how === 'contains' || how === 'startswith' ? [ANY as Token] : [])]);
}

const test: fc.Arbitrary<Test> = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(pattern, fc.constantFrom('is', 'contains', 'startswith', 'endswith', 'windash'), fc.boolean()).map(([tokens, how, cased]): Test => ({ kind: 'text', pattern: modified(tokens, how), cased })) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('regex' as const), source: regex, flags: fc.record({ i: fc.boolean(), m: fc.boolean(), s: fc.boolean() }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('number' as const), comparison, value: number }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('field' as const), other: field, how: fc.constantFrom('equals', 'startswith', 'endswith', 'contains') as fc.Arbitrary<'equals'>, cased: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constantFrom<Test>({ kind: 'null' }, { kind: 'exists' }) },
  { weight: 1, arbitrary: fc.constantFrom<Test>({ kind: 'cidr', network: '1.0.0.0/8' }, { kind: 'time', part: 'hour', comparison: 'gte', value: 12 }) },
);
const keyword = test.filter(({ kind }) => kind === 'text' || kind === 'regex' || kind === 'number');
const leaf: fc.Arbitrary<Expr> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ op: fc.constant('test' as const), field, test }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('test' as const), field: fc.constant(null), test: keyword }) },
);
export const exprs: fc.Arbitrary<Expr> = fc.letrec<{ expr: Expr }>((tie) => ({
  expr: fc.oneof({ maxDepth: 4, depthIdentifier: 'expr' }, leaf, fc.record({ op: fc.constantFrom('and', 'or') as fc.Arbitrary<'and'>, of: fc.array(tie('expr'), { minLength: 1, maxLength: 3 }) }), fc.record({ op: fc.constant('not' as const), of: tie('expr') })),
})).expr;

const scalar = fc.oneof({ weight: 6, arbitrary: text }, { weight: 1, arbitrary: number }, { weight: 1, arbitrary: fc.constantFrom<unknown>(null, true, false, '', '11', '1.2.3.4', '2026-11-25T13:00:00Z', 1e21) });
const value = fc.oneof({ weight: 6, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(fc.oneof(scalar, fc.array(scalar, { maxLength: 2 })), { maxLength: 3 }) }, { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('b', 'c', 'b.c'), scalar, { maxKeys: 2 }) }, { weight: 1, arbitrary: fc.array(fc.dictionary(fc.constantFrom('b', 'c'), scalar, { maxKeys: 2 }), { maxLength: 2 }) });
export const events = fc.dictionary(fc.constantFrom(...FIELDS, 'd'), value, { maxKeys: 5 });
