/** Sigma: a hundred patterns that make matchers slow, on values of 100 KB that make them slower, by the index and as an explanation; the bar is 50 ms each. */
import { evaluateExpr } from '@wary/rules/evaluate/evaluate-expr.js';
import { SeededRandom } from '@wary/testkit/seeded-random.js';
import { loadRules } from '@wary/rules/load-rules.js';
import { coversText } from '@wary/rules/match/glob.js';
import { IndexedMatcher } from '@wary/rules/match/indexed-matcher.js';

const BYTES = 100 * 1024;
const BAR_MS = 50;

const fill = (text: string, tail = ''): string => text.repeat(Math.ceil((BYTES - tail.length) / text.length)).slice(0, BYTES - tail.length) + tail;
/** A text of two letters without a pattern: an automaton that counts has a new state at every letter. */
function shuffled(): string {
  const random = new SeededRandom(5);
  return Array.from({ length: BYTES }, () => (random.below(2) === 0 ? 'a' : 'b')).join('');
}
interface Evil { readonly modifier: string; readonly pattern: string; readonly value: string }

/** Families known from the literature on ReDoS: nested and adjacent quantifiers, overlapping alternatives, counted repeats, long tails. */
const REGEXES: readonly (readonly [pattern: string, value: string])[] = [
  ['(a+)+$', fill('a', '!')], ['(a|aa)+$', fill('a', '!')], ['(a|a?)+$', fill('a', '!')], ['(.*)*$x', fill('a')], ['(a*)*b', fill('a')], ['([a-z]+)*$', fill('a', '1')], ['(x+x+)+y', fill('x')], ['(.+)+z', fill('a')],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', fill('a')], ['(.*a){25}', fill('b', 'a'.repeat(24))], ['(.*?,){30}P', fill('1,')], ['^(\\w+\\s?)*$', fill('a ', '!')], ['(\\d+\\.)*\\d+$', fill('1.', 'x')], ['a*a*a*a*a*b', fill('a')], ['(?:a?){50}a{50}', fill('a')],
  ['.*.*=.*', fill('x')], ['.*.*.*.*!', fill('x')], ['^.*(\\S+\\s*)+$', fill('a ', '\n')], ['(ab|a)(bc|c)*d', fill('abc')], ['([a-zA-Z0-9._%+-]+@)+x', fill('a.b@')], ['<[^>]*>[^<]*</[^>]*>!', fill('<a>b</a>')],
  ['\\s+$', fill(' ', 'x')], ['(\\s|\\t| )+$', fill(' ', 'x')], ['[^a]*[^b]*[^c]*$!', fill('d')], ['(a|b|ab)*c', fill('ab')], ['(?i)(k|\u212a)+$', fill('K', '!')], ['(?i)[\u0130i]+x', fill('\u0130')], ['\\pL+\\d', fill('é')], ['(\\pL|\\pN)+!', fill('é1')],
  ['.{1000,}x', fill('a')], ['a{500}b', fill('a')], ['(a{1,30}){1,30}b', fill('a')], ['[ab]{1000}c', fill('ab')], ['(.{10}){50}x', fill('a')], ['\\w{200,300}-', fill('w')], ['(?s).{999}\\n', fill('ab')], ['x*x*x*x*x*x*x*x*y', fill('x')],
  ['(?i)a.{300}[cd]$', shuffled()], ['(a.{100}){3}[cd]$', shuffled()], ['a.{999}[cd]', shuffled()], ['[ab]{500}a[ab]{400}[cd]', shuffled()],
  ['.{1000,}x$', fill('ax', 'y')], ['a.{1000}b.{999}c$', fill('abc', 'x')], ['(?i)[ab]{900}c.*d$', fill('abc', 'de')], ['(a.*){12}b$', fill('ab', 'a')], ['.{1000,}', fill('a\n')], ['[^x]{1,1000}x[^y]{1,1000}y[^z]{1,1000}z', fill('xxyy')],
  ['(?:[^"\\\\]|\\\\.)*"x', fill('\\"')], ['^(?:(?:0|1)+2?)*3', fill('01')], ['(foo|foobar|foob)*baz', fill('foobar')], ['((a)|(b)|(c)|(d)|(e)|(f))*g', fill('abcdef')], ['(?:.*\\.exe){5}$', fill('a.exe ', '!')], ['^[\\s\\x{200c}]+|[\\s\\x{200c}]+$', fill(' \u200c', 'x')],
  ['\\b\\w+\\b\\s+\\b\\w+\\b!', fill('ab ')], ['(?m)^a*$x', fill('a\n')], ['([^/]+/)*[^/]+\\.dll$', fill('a/', '!')], ['(a.)*\\z!', fill('ab')], ['\\x{61}+\\x{62}', fill('a')], ['(?:(?:a|b)c?)+d', fill('abc')], ['(..)*(...)*x', fill('a')],
];
const GLOBS: readonly (readonly [modifier: string, pattern: string, value: string])[] = [
  ['', '*a*a*a*a*a*a*a*a*b', fill('a')], ['', `*${'a?'.repeat(400)}b*`, fill('a')], ['', `*${'?a'.repeat(400)}b*`, fill('a')], ['', `*${'?'.repeat(500)}b`, fill('a')], ['', `${'*a'.repeat(400)}*b`, fill('a')], ['', `*${'ab'.repeat(300)}c*`, fill('ab')],
  ['|contains', 'a'.repeat(2_000) + 'b', fill('a')], ['|endswith', `*${'a'.repeat(1_000)}?b`, fill('a')], ['|startswith', `${'a?'.repeat(500)}b`, fill('a')], ['|contains|all', 'a?a?b', fill('a')], ['|contains|windash', ` ${'-a '.repeat(200)}b`, fill(' -a')], ['|windash', `*${'-'.repeat(300)}x*`, fill('\u2013')],
  ['|cased', '*A*a*A*b', fill('Aa')], ['|contains', '\u0130'.repeat(300) + 'x', fill('\u0130')], ['|contains', '\u{1f600}?'.repeat(200) + 'x', fill('\u{1f600}')], ['|base64offset|contains', 'a'.repeat(1_000), fill('YWFh')], ['|wide|base64offset|contains', 'powershell', fill('cABvAHcA')], ['|cidr', '2001:db8::/32', fill('2001:db8::')], ['|cidr', '10.0.0.0/8', fill('10.')],
  ['|lt', '5', fill('9')], ['|gte', '1', fill('1e')], ['|exists', 'true', fill('a')], ['|fieldref', 'other', fill('a')], ['|fieldref|contains', 'other', fill('a')], ['|fieldref|endswith', 'other', fill('a')],
];
const KEYWORDS: readonly (readonly [pattern: string, value: string])[] = [
  ['*a*a*a*a*a*b', fill('a')], [`*${'a?'.repeat(300)}b*`, fill('a')], ['aaaaaaaaaaaaaaaaaaaaaaaab', fill('a')], ['?'.repeat(200) + 'b', fill('a')], ['\u0130\u0130x', fill('\u0130')],
];

function patterns(): Evil[] {
  const regexes = REGEXES.flatMap(([pattern, value]) => [{ modifier: '|re', pattern, value }]);
  const globs = GLOBS.map(([modifier, pattern, value]) => ({ modifier, pattern, value }));
  const keywords = KEYWORDS.map(([pattern, value]) => ({ modifier: 'keyword', pattern, value }));
  const flagged = REGEXES.slice(0, 100 - regexes.length - globs.length - keywords.length).map(([pattern, value]) => ({ modifier: '|re|i', pattern, value: value.toUpperCase() }));
  return [...regexes, ...globs, ...keywords, ...flagged];
}

const quoted = (text: string): string => JSON.stringify(text);
const ruleOf = ({ modifier, pattern }: Evil): string => `title: t\nid: 11111111-1111-4111-8111-111111111111\nlogsource: { product: x }\nlevel: low\ndetection:\n  selection:\n${modifier === 'keyword' ? `    - ${quoted(pattern)}` : `    f${modifier}: ${modifier === '|exists' ? 'true' : modifier === '|lt' || modifier === '|gte' ? pattern : quoted(pattern)}`}\n  condition: selection\n`;

hostile();

function hostile(): void {
  const rows: { what: string; ms: number }[] = [];
  let refused = 0;
  for (const evil of patterns()) {
    const { rules, problems } = loadRules([{ path: 'x.yml', text: ruleOf(evil) }]);
    const what = `${evil.modifier.padEnd(12)} ${evil.pattern.slice(0, 50)}`;
    if (rules.length === 0) {
      refused += 1;
      console.log(`refused  ${what}: ${problems.find(({ severity }) => severity === 'error')?.code}`);
      continue;
    }
    const record = { f: evil.value, other: evil.value.slice(1) };
    const indexed = new IndexedMatcher(rules.map(({ condition }) => condition));
    // A short value first: a rule is compiled once. Then a value that it has not seen, so that nothing of it is remembered.
    evaluateExpr(rules[0]!.condition, { f: 'a', other: 'a' }, { f: 'a' }, undefined, coversText);
    indexed.match({ f: 'a', other: 'a' });
    let started = performance.now();
    const explained = evaluateExpr(rules[0]!.condition, record, record, undefined, coversText);
    const explainedMs = performance.now() - started;
    started = performance.now();
    const matched = indexed.match(record, record).length > 0;
    const ms = Math.max(explainedMs, performance.now() - started);
    if (explained !== matched) throw new Error(`the index says ${matched} and the explanation ${explained}: ${what}`);
    rows.push({ what, ms });
  }
  rows.sort((a, b) => b.ms - a.ms);
  for (const { what, ms } of rows.slice(0, 15)) console.log(`${ms.toFixed(1).padStart(7)} ms  ${what}`);
  const over = rows.filter(({ ms }) => ms > BAR_MS).length;
  console.log(`${rows.length + refused} hostile patterns on values of ${BYTES / 1024} KB: ${refused} refused, slowest ${rows[0]!.ms.toFixed(1)} ms, median ${rows[rows.length >> 1]!.ms.toFixed(2)} ms, ${over} over ${BAR_MS} ms`);
  process.exitCode = over > 0 ? 1 : 0;
}
