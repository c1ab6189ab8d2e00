/** Sigma: hostile input to the readers of YAML, conditions and correlations (uncaught must be 0), and the index held against the plain evaluator (differences must be 0). */
import fc from 'fast-check';
import { evaluateExpr } from '@wary/rules/evaluate/evaluate-expr.js';
import { parseCondition } from '@wary/rules/language/parse-condition.js';
import { loadRules } from '@wary/rules/load-rules.js';
import { IndexedMatcher } from '@wary/rules/match/indexed-matcher.js';
import { RuleError } from '@wary/rules/problem.js';
import { events, exprs } from '@wary/rules/testing/generate.js';
import { SeededRandom } from '@wary/testkit/seeded-random.js';

const COUNT = Number(process.argv[2] ?? 1_000_000);
const SEED = Number(process.argv[3] ?? 1);
const random = new SeededRandom(SEED);

const RULE = 'title: a\nid: 11111111-1111-4111-8111-111111111111\nlogsource:\n  product: windows\ndetection:\n  selection:\n    Image|endswith: \'\\a.exe\'\n    f|re: a+\n  keywords:\n    - x\n    - y*z\n  condition: selection and not 1 of key*\nlevel: high\n';
const CORRELATION = 'title: c\ncorrelation:\n  type: event_count\n  rules:\n    - a\n  group-by:\n    - user\n  timespan: 5m\n  condition:\n    gte: 10\n  aliases:\n    user:\n      a: u\n';
const FILTER = 'title: f\nlogsource:\n  product: windows\nfilter:\n  rules: any\n  selection:\n    user: admin\n  condition: not selection\n';
const PIECES = ['a', ': ', ':', '- ', '\n', '\n  ', '\n    ', ' ', "'", '"', '|', '>', '[', ']', '{', '}', '&a', '*a', '!!str', '<<', '#', '---', '\t', '\\', '\u0000', '\ud800', '%x%', 'null', '~', '1e999', '0x', '9007199254740993', 'true', 'condition', 'selection', '1 of them', 'not ', '(', ')', '|contains', '|re|i', '|cidr', '|expand', '|base64offset', '|windash', '|fieldref', '|exists', 'correlation:', 'filter:', 'timespan: 1y', '__proto__', 'constructor', '(?=', '*'.repeat(50), 'a'.repeat(300), '[['.repeat(100), '\u202e', 'K'];
const WORDS = ['selection', 'a', 'b*', '*', '_x', 'and', 'or', 'not', '1', 'all', 'any', 'of', 'them', '(', ')', '|', ' ', '  ', '\n', 'AND', 'count()', '>', '5', 'near', '\u00a0', '('.repeat(60), 'not '.repeat(100)];

function mutated(text: string): string {
  let result = text;
  for (let i = 1 + random.below(4); i > 0; i -= 1) {
    const at = random.below(result.length + 1);
    const kind = random.below(4);
    const piece = random.pick(PIECES);
    result = kind === 0 ? result.slice(0, at) + piece + result.slice(at) : kind === 1 ? result.slice(0, at) + result.slice(at + 1 + random.below(6)) : kind === 2 ? result.slice(0, at) + piece + result.slice(at + piece.length) : result + result.slice(at, at + 40);
  }
  return result;
}
const noise = (pieces: readonly string[], max: number): string => Array.from({ length: random.below(max) }, () => random.pick(pieces)).join('');

let uncaught = 0;
let refused = 0;
let slowest = 0;
const started = performance.now();
for (let i = 0; i < COUNT; i += 1) {
  const kind = i % 8;
  const text = kind < 2 ? mutated(RULE) : kind === 2 ? mutated(CORRELATION) : kind === 3 ? mutated(FILTER) : kind === 4 ? noise(PIECES, 30) : noise(WORDS, 16);
  const begun = performance.now();
  try {
    if (kind > 4) parseCondition(text, []);
    else refused += loadRules([{ path: 'x.yml', text }]).rejected;
  } catch (error) {
    if (error instanceof RuleError && kind > 4) refused += 1;
    else {
      uncaught += 1;
      if (uncaught <= 5) console.log('uncaught', JSON.stringify(text), error);
    }
  }
  slowest = Math.max(slowest, performance.now() - begun);
}
console.log(`${COUNT.toLocaleString('en')} hostile inputs, seed ${SEED}: ${refused.toLocaleString('en')} refused, ${uncaught} uncaught, slowest ${slowest.toFixed(0)} ms, ${((performance.now() - started) / 1_000).toFixed(0)} s`);

const RULES = 50;
const EVENTS = 40;
let pairs = 0;
let matches = 0;
let differences = 0;
for (let round = 0; pairs < COUNT; round += 1) {
  const rules = fc.sample(exprs, { numRuns: RULES, seed: SEED * 1_000_003 + round });
  const stream = fc.sample(events, { numRuns: EVENTS, seed: SEED * 7_000_003 + round });
  const matcher = new IndexedMatcher(rules);
  for (const event of stream) {
    const found = new Set(matcher.match(event));
    matches += found.size;
    rules.forEach((rule, index) => {
      pairs += 1;
      if (evaluateExpr(rule, event) === found.has(index)) return;
      differences += 1;
      if (differences <= 5) console.log('difference', fc.stringify(rule), fc.stringify(event));
    });
  }
}
console.log(`${pairs.toLocaleString('en')} rule and event pairs: ${matches.toLocaleString('en')} matches, ${differences} differences between the index and the plain evaluator`);
process.exit(uncaught + differences > 0 ? 1 : 0);
