import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateExpr } from '../evaluate/evaluate-expr.js';
import { compileRegex } from '../language/compile-regex.js';
import { foldCase } from '../language/fold-case.js';
import { events, exprs } from '../testing/generate.js';
import { IndexedMatcher } from './indexed-matcher.js';
import { regexLiterals } from './regex-literals.js';

describe('IndexedMatcher', () => {
  it('says of every rule and event what the plain evaluator says', () => {
    fc.assert(fc.property(fc.array(exprs, { minLength: 1, maxLength: 12 }), fc.array(events, { minLength: 1, maxLength: 8 }), (rules, stream) => {
      const matcher = new IndexedMatcher(rules);
      for (const event of stream) expect(matcher.match(event)).toEqual(rules.flatMap((rule, index) => (evaluateExpr(rule, event) ? [index] : [])));
    }), { numRuns: 400, seed: 20_261_125 });
  });

  it('evaluates only rules of which a sign was seen', () => {
    const rules = Array.from({ length: 1_000 }, (_, i) => ({ op: 'test' as const, field: 'f', test: { kind: 'text' as const, pattern: [0 as const, `word${i}.`, 0 as const], cased: false } }));
    const matcher = new IndexedMatcher(rules);
    expect(matcher.match({ f: 'say WORD7. and word700. here' })).toEqual([7, 700]);
    expect(matcher.evaluated).toBe(2);
    expect(matcher.stats).toMatchObject({ rules: 1_000, always: 0, fields: 1 });
  });

  it('tells when a number has lost digits', () => {
    const matcher = new IndexedMatcher([{ op: 'test', field: 'f', test: { kind: 'exists' } }]);
    matcher.match({ f: 9_007_199_254_740_991 });
    expect(matcher.sawInexact).toBe(false);
    matcher.match({ f: [9_007_199_254_740_993] });
    expect(matcher.sawInexact).toBe(true);
  });
});

describe('regexLiterals', () => {
  it.each([
    ['foo', ['foo']], ['fo+bar', ['obar']], ['foo?bar', ['bar']], ['(foo|bar)x', ['foo', 'bar']], ['a|bc', null], ['[ab]foo', ['foo']], [String.raw`\\foo\.exe`, ['\\foo.exe']], ['(?i)FOO', ['foo']], ['^foo$', ['foo']], ['(?:foo)?', null], ['a{3}bcd', ['abcd']], ['', null], ['é', null], [String.raw`\x41bc`, null],
  ])('%s must contain %j', (source, expected) => {
    expect(regexLiterals(source)).toEqual(expected);
  });

  it('never names a text that a match can do without', () => {
    const atom = fc.constantFrom('a', 'b', 'ab', 'k', '.', '[ab]', '(a|bb)', '(?:ab|b)', '\\.', '^', '\\w');
    const source = fc.array(fc.tuple(atom, fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{0,2}')), { maxLength: 6 }).map((parts) => parts.map(([each, repeat]) => (repeat === '' || each === '^' ? each : `(?:${each})${repeat}`)).join(''));
    fc.assert(fc.property(source, fc.stringMatching(/^[abk.x]{0,12}$/), (pattern, text) => {
      const literals = regexLiterals(pattern);
      if (literals !== null && compileRegex(pattern, {}).test(text)) expect(literals.some((literal) => foldCase(text).includes(literal))).toBe(true);
    }), { numRuns: 1_000, seed: 7 });
  });
});
