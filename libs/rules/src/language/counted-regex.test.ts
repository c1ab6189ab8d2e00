import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { compileCounted } from './counted-regex.js';
import type { RegexFlags } from './expr.js';

const bits = (flags: RegexFlags): number => (flags.i ? RE2JS.CASE_INSENSITIVE : 0) | (flags.s ? RE2JS.DOTALL : 0);
const charIn = (atom: string, flags: RegexFlags) => {
  const compiled = RE2JS.compile(`\\A(?:${atom})\\z`, bits(flags));
  return (char: string): boolean => compiled.test(char);
};
const atom = fc.constantFrom('a', 'b', 'K', '.', '[ab]', '[^a]', '\\d', '\\w', '\\.', '(.)', '(?:b)', '\\x61', '\\pL', '[[:alpha:]-]', '[]a]', ' ', '-', 'é', '\u{1f600}', '(?:ab)', '(.b?)', '(?:a(?:.[ab]){2})');
const isGroup = (text: string): boolean => /^\((\?:)?[^)]{2,}\)|\)\{2\}\)$/.test(text) && text !== '(?:b)';
const count = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{0,2}', '{1,}', '{3,5}', '{0,40}', '{33}', '{2}?', '+?');
const chains = fc.tuple(fc.constantFrom('', '^', '(?i)', '(?is)^'), fc.array(fc.tuple(atom, count), { minLength: 1, maxLength: 7 }), fc.constantFrom('', '$')).map(([head, parts, tail]) => `${head}a{0,64}${parts.map(([each, repeat]) => each + (isGroup(each) && !/^(\{\d+\}\??)?$/.test(repeat) ? '' : repeat)).join('')}${tail}`);
const texts = fc.stringMatching(/^[abkKé1\n .\-\u212a😀]{0,90}$/u);

describe('chains with counts', () => {
  it('match what RE2 matches', () => {
    let matched = 0;
    fc.assert(fc.property(chains, fc.record({ i: fc.boolean(), s: fc.boolean() }), fc.array(texts, { minLength: 4, maxLength: 4 }), (source, flags, each) => {
      const test = compileCounted(source, flags, charIn, null)!;
      expect(test, source).not.toBeNull();
      const plain = RE2JS.compile(source, bits(flags));
      for (const text of [...each, '', 'a'.repeat(70), 'b'.repeat(80)]) {
        matched += Number(plain.test(text));
        expect(test(text), JSON.stringify([source, flags, text])).toBe(plain.test(text));
      }
    }), { numRuns: 1_500, seed: 21 });
    expect(matched).toBeGreaterThan(1_000);
  });

  it('are left to RE2 when they are small or no chain', () => {
    for (const source of ['a{5}', '(ab){100,}', '(ab)*a{100}', 'a{100}|b', 'a{100}\\b', 'a{2}{50}', '(?m)^a{100}$', 'a{100}(b)(c|d)', 'x\\Qa\\E{100}', 'a{100}^']) expect(compileCounted(source, {}, charIn, null), source).toBeNull();
    expect(compileCounted('a{100}', { m: true }, charIn, null)).toBeNull();
  });
});
