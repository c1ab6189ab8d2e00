import fc from 'fast-check';
import type { Expr, Test } from '../language/expr.js';
import { ANY, DASH, parsePattern, tidy, type Pattern, type Token } from '../language/pattern.js';

/** Rules and events made from few letters, so that they meet: case, letters that fold strangely, dashes, wildcards, numbers as texts. */
const LETTERS = ['a', 'b', 'A', 'B', '-', '/', '–', 'K', 'K', 'k', 'İ', 'i', 'ſ', 's', 'Σ', 'σ', 'é', '\u{1F600}', '1', '2', ' ', '.', '\\', '\n'];
/** What SQL, JSON or a search could trip over: quotes, escapes, ends of literals, bytes that have a meaning somewhere, letters that look alike. */
const HOSTILE = ["'", '"', '`', '\\', '\\\\', "\\'", '\0', '\r', '\t', '\u2028', '\ufeff', '\u00ff', '{', '}', '[', ']', '{a:String}', '${a}', '$$', '--', '/*', '*/', ';', '%', '_', '?', "') OR 1 -- ", '\\x', '\\u0041', '\\ud800', 'null', 'ß', 'ẞ', 'ς', 'ı', 'I', 'Ω', 'Ω', 'ﬀ', 'e\u0301', '\u{10FFFF}', '\u{10400}', '\u{10428}', '٣', '\u00a0', '\u0007', '\u007f', '\u0080'];
const FIELDS = ['a', 'b', 'c', 'a.b', 'b.c'];
const HOSTILE_FIELDS = [...FIELDS, 'a.b.c', 'a.a.a.a', '', '.', 'a.', "it's", 'a`b', '\\', 'é"', '__proto__', 'constructor', '{a:String}', 'f0', 'hard', '\u0000', '0', 'a.0'];
const comparison = fc.constantFrom('lt', 'lte', 'gt', 'gte', 'eq') as fc.Arbitrary<'lt' | 'lte' | 'gt' | 'gte' | 'eq'>;
const REGEXES = ['a+b', 'ab|b[aK]', '^a', 'b$', '(?i)k', '(?i:s)b', 'a.b', 'a{2,}', '(a|b)1?2', String.raw`\d+`, 'b\\b', '(ab)+k', 'a*', '[^a]b', 'aa(?:b|(?:k|i))', ''];
const HOSTILE_REGEXES = [...REGEXES, "'", '"', '\\\\', '\\x00', '[\\x00-\\x1f]', '\\{a', '[{}]', '^$', '(?m)^$', '(?s)^.*$', '(?i)ß', '(?i)σ', '[[:alpha:]]{2}', '\\Qa.b\\E', '\\PL', '\\p{Greek}', 'a{101}', '.{1000,}', '[^a]{1,900}b', '\\\\p', '.{1000}a{1000}b{5}', '(?i)[^k]', '\\s\\S', '(?U)a+', '\\z', '\\A\\W', 'é|\u{1F600}', '[^\\x00-\\x7f]', '\\Bb', "a'; DROP TABLE x --"];
const NUMBERS = [9007199254740993n, 9007199254740992n, 1.5];
const HOSTILE_NUMBERS: (number | bigint)[] = [...NUMBERS, 9007199254740991, -9007199254740993n, 18446744073709551615n, 18446744073709551616n, -9223372036854775809n, 123456789012345678901234567890n, 10n ** 70n, 0.1, -0.5, 1e21, 1.7976931348623157e308, 5e-324, 1e-7, 123456789.125, 1e15 + 0.5, 1152921504606846976];
const NETWORKS = ['1.0.0.0/8'];
const HOSTILE_NETWORKS = [...NETWORKS, '0.0.0.0/0', '::/0', '::1', '2001:db8::/32', '::ffff:1.2.0.0/112', '1.2.3.4', 'fe80::/10', '255.255.255.255/32'];
const TIMES: readonly (readonly ['hour' | 'minute' | 'day' | 'week' | 'month' | 'year', number])[] = [['hour', 12]];
const HOSTILE_TIMES: typeof TIMES = [...TIMES, ['minute', 30], ['minute', 0.5], ['day', 31], ['day', 1], ['week', 1], ['week', 53], ['month', 2], ['month', 12], ['year', 2027], ['year', 1969], ['year', 0]];
const SCALARS: unknown[] = [null, true, false, '', '11', '1.2.3.4', '2026-11-25T13:00:00Z', 1e21];
const HOSTILE_SCALARS: unknown[] = [...SCALARS, 'true', 'NULL', '0', -0, 0.1, 1e-7, 1.5e300, 2 ** 60, 1e20, '9007199254740993', '+11', ' 11 ', '\u00a011\ufeff', '011', '1e1', '.5', '5.', '0x11', '1_1', '-', '1e999', '1'.repeat(80), '0'.repeat(75), '9'.repeat(310), '1'.repeat(401), 'Infinity', '::ffff:1.2.3.4', '1:2:3:4:5:6:7:8', '1::2::3', '2001:DB8::1', '::', '01.2.3.4', '1.2.3', '1.2.3.4 ', 'fe80::1%eth0', '::1.2.3.4', '1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:7::', '12345::', '2027-01-07T10:30:00+02:00', '2026-02-29', '2028-02-29', '2024-12-30 23:59', '0000-01-01', '9999-12-31T23:59:59.999999999Z', '2026-13-01', '2026-11-25T24:00', '1780000000', '1780000000000', '-62135596800', 1_780_000_000, 1_780_000_000_123.9, -1, -86_400_000.5, 8.64e15, 8.64e15 + 2, 99_999_999_999, 100_000_000_000, 'x'.repeat(5_000), 'ab'.repeat(20_000), '\ud800', 'a\udc00b', '{"a":1}', '[1]', '"', '\\"'];

export interface Alphabet { readonly letters: readonly string[]; readonly fields: readonly string[]; readonly regexes: readonly string[]; readonly numbers: readonly (number | bigint)[]; readonly networks: readonly string[]; readonly times: typeof TIMES; readonly scalars: readonly unknown[]; readonly levels: number }

/** The pattern as the modifier leaves it. */
function modified(tokens: Pattern, how: string): Pattern {
  if (how === 'windash') return tidy(tokens.flatMap((token): Token[] => (typeof token === 'string' ? token.split(/([-/–])/).map((part) => (/^[-/–]$/.test(part) ? DASH : part)) : [token])));
  return tidy([...(how === 'contains' || how === 'endswith' ? [ANY as Token] : []), ...tokens, ...(how === 'contains' || how === 'startswith' ? [ANY as Token] : [])]);
}

/** Conditions and events over the same alphabet. */
export function grammar({ letters, fields, regexes, numbers, networks, times, scalars, levels }: Alphabet): { readonly exprs: fc.Arbitrary<Expr>; readonly events: fc.Arbitrary<Record<string, unknown>> } {
  const text = fc.array(fc.constantFrom(...letters), { maxLength: 6 }).map((parts) => parts.join(''));
  const pattern = fc.array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...letters) }, { weight: 1, arbitrary: fc.constantFrom('*', '?', '\\*') }), { maxLength: 5 }).map((parts) => parsePattern(parts.join('')));
  const field = fc.constantFrom(...fields);
  const number = fc.oneof(fc.integer({ min: -3, max: 30 }), fc.constantFrom(...numbers));
  const test: fc.Arbitrary<Test> = fc.oneof(
    { weight: 8, arbitrary: fc.tuple(pattern, fc.constantFrom('is', 'contains', 'startswith', 'endswith', 'windash'), fc.boolean()).map(([tokens, how, cased]): Test => ({ kind: 'text', pattern: modified(tokens, how), cased })) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('regex' as const), source: fc.constantFrom(...regexes), flags: fc.record({ i: fc.boolean(), m: fc.boolean(), s: fc.boolean() }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('number' as const), comparison, value: number }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('field' as const), other: field, how: fc.constantFrom('equals', 'startswith', 'endswith', 'contains') as fc.Arbitrary<'equals'>, cased: fc.boolean() }) },
    { weight: 1, arbitrary: fc.constantFrom<Test>({ kind: 'null' }, { kind: 'exists' }) },
    { weight: 1, arbitrary: fc.oneof(fc.constantFrom(...networks).map((network): Test => ({ kind: 'cidr', network })), fc.tuple(fc.constantFrom(...times), comparison).map(([[part, value], how]): Test => ({ kind: 'time', part, comparison: how, value }))) },
  );
  const keyword = test.filter(({ kind }) => kind === 'text' || kind === 'regex' || kind === 'number');
  const leaf: fc.Arbitrary<Expr> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ op: fc.constant('test' as const), field, test }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('test' as const), field: fc.constant(null), test: keyword }) },
  );
  const { expr } = fc.letrec<{ expr: Expr }>((tie) => ({
    expr: fc.oneof({ maxDepth: 4, depthIdentifier: 'expr' }, leaf, fc.record({ op: fc.constantFrom('and', 'or') as fc.Arbitrary<'and'>, of: fc.array(tie('expr'), { minLength: 1, maxLength: 3 }) }), fc.record({ op: fc.constant('not' as const), of: tie('expr') })),
  }));

  const scalar = fc.oneof({ weight: 6, arbitrary: text }, { weight: 1, arbitrary: number }, { weight: scalars.length > 20 ? 4 : 1, arbitrary: fc.constantFrom<unknown>(...scalars) });
  const nested = levels === 0 ? scalar : fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 4 }) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: levels }) }).chain((depth) => scalar.map((inner) => Array.from({ length: depth }).reduce((value: unknown, _, index) => (index % 3 === 2 ? { b: value, a: 1 } : [value]), inner)));
  const value = fc.oneof({ weight: 6, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }), nested), { maxLength: 3 }) }, { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('b', 'c', 'b.c'), scalar, { maxKeys: 2 }) }, { weight: 1, arbitrary: fc.array(fc.dictionary(fc.constantFrom('b', 'c', 'a'), fc.oneof(scalar, nested), { maxKeys: 2 }), { maxLength: 2 }) });
  return { exprs: expr, events: fc.dictionary(fc.constantFrom(...fields, 'd'), value, { maxKeys: 5 }) };
}

const PLAIN: Alphabet = { letters: LETTERS, fields: FIELDS, regexes: REGEXES, numbers: NUMBERS, networks: NETWORKS, times: TIMES, scalars: SCALARS, levels: 0 };
export const { exprs, events } = grammar(PLAIN);
/** The same with what is made to break something. */
export const HOSTILE_ALPHABET: Alphabet = { letters: [...LETTERS, ...HOSTILE], fields: HOSTILE_FIELDS, regexes: HOSTILE_REGEXES, numbers: HOSTILE_NUMBERS, networks: HOSTILE_NETWORKS, times: HOSTILE_TIMES, scalars: HOSTILE_SCALARS, levels: 12 };
export const hostile = grammar(HOSTILE_ALPHABET);
