import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateExpr } from '../evaluate/evaluate-expr.js';
import { compileRegex } from '../language/compile-regex.js';
import { foldCase } from '../language/fold-case.js';
import type { Expr } from '../language/expr.js';
import type { Pattern } from '../language/pattern.js';
import { events, exprs, hostile } from '../testing/generate.js';
import { IndexedMatcher } from './indexed-matcher.js';
import { BEYOND_ASCII, regexLiterals } from './regex-literals.js';

describe('IndexedMatcher', () => {
  it('says of every rule and event what the plain evaluator says', () => {
    fc.assert(fc.property(fc.array(exprs, { minLength: 1, maxLength: 12 }), fc.array(events, { minLength: 1, maxLength: 8 }), (rules, stream) => {
      const matcher = new IndexedMatcher(rules);
      for (const event of stream) expect(matcher.match(event)).toEqual(rules.flatMap((rule, index) => (evaluateExpr(rule, event) ? [index] : [])));
    }), { numRuns: 400, seed: 20_261_125 });
  });

  it('says the same of rules and events that are made to break something', () => {
    fc.assert(fc.property(fc.array(hostile.exprs, { minLength: 20, maxLength: 40 }), fc.array(hostile.events, { minLength: 5, maxLength: 10 }), (rules, stream) => {
      const matcher = new IndexedMatcher(rules);
      for (const event of stream) expect(matcher.match(event)).toEqual(rules.flatMap((rule, index) => (evaluateExpr(rule, event) ? [index] : [])));
    }), { numRuns: 60, seed: 20_261_201 });
  });

  it('tells tests apart whose texts hold what separates texts', () => {
    const text = (field: string | null, pattern: Pattern): Expr => ({ op: 'test', field, test: { kind: 'text', pattern, cased: true } });
    const rules = [text(null, [0]), text('\0', [0]), text('f', ['a', 0]), text('f', ['a\u00020']), text('f', ['a', 1, 'b']), text('f', ['a\u00021\u0003b'])];
    expect(new IndexedMatcher(rules).match({ f: 'abc' })).toEqual([0, 2]);
    expect(new IndexedMatcher(rules).match({ '\0': 'a' })).toEqual([0, 1]);
    expect(new IndexedMatcher(rules).match({ f: 'a\u00021\u0003b' })).toEqual([0, 2, 5]);
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
    ['foo', ['foo']], ['fo+bar', ['obar']], ['foo?bar', ['bar']], ['(foo|bar)x', ['foo', 'bar']], ['a|bc', null], ['[ab]foo', ['foo']], [String.raw`\\foo\.exe`, ['\\foo.exe']], ['(?i)FOO', ['foo']], ['^foo$', ['foo']], ['(?:foo)?', null], ['a{3}bcd', ['abcd']], ['', null], ['é', [BEYOND_ASCII]], ['ſ', null], [String.raw`\x41bc`, ['abc']], [String.raw`\x1b\[2J`, ['\u001b[2j']], [String.raw`[\x{E0020}-\x{E007E}]{12}`, [BEYOND_ASCII]], ['[\u200b\ufeff]+', [BEYOND_ASCII]], ['[\u200ba]', null], ['[^\u200b]', null], [String.raw`[\x{100}-\x{200}]`, null], ['(?:[a-z][\u200b]){8}|foo', [BEYOND_ASCII, 'foo']],
  ])('%s must contain %j', (source, expected) => {
    expect(regexLiterals(source)).toEqual(expected);
  });

  it('never names a text that a match can do without', () => {
    const atom = fc.constantFrom('é', '[é-ö]', String.raw`\x62`, String.raw`[\x{e9}x]`, 'a', 'b', 'ab', 'k', '.', '[ab]', '(a|bb)', '(?:ab|b)', '\\.', '^', '\\w');
    const source = fc.array(fc.tuple(atom, fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{0,2}')), { maxLength: 6 }).map((parts) => parts.map(([each, repeat]) => (repeat === '' || each === '^' ? each : `(?:${each})${repeat}`)).join(''));
    fc.assert(fc.property(source, fc.stringMatching(/^[abk.xéö]{0,12}$/), (pattern, text) => {
      const literals = regexLiterals(pattern);
      if (literals !== null && compileRegex(pattern, {}).test(text)) expect(literals.some((literal) => (literal === BEYOND_ASCII ? /[^\0-\x7f]/.test(text) : foldCase(text).includes(literal)))).toBe(true);
    }), { numRuns: 1_000, seed: 7 });
  });
});
