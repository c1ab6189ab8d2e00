import { describe, expect, it } from 'vitest';
import { holds, judge, load, refusal, ruleOf } from './testing/judge.js';

// The points of the specification that implementations get wrong, each with its own test.
describe('the specification', () => {
  it('a missing field under "not" is true: logic has two values', () => {
    const detection = 'selection:\n  a: 1\nfilter:\n  b|contains: x\ncondition: selection and not filter';
    expect(judge(detection, { a: 1 })).toBe(true);
    expect(judge(detection, { a: 1, b: null })).toBe(true);
    expect(judge(detection, { a: 1, b: 'axb' })).toBe(false);
  });

  it('null is absent or null, and an empty text is present and empty', () => {
    expect([{}, { f: null }, { f: '' }, { f: 'x' }, { f: [] }, { f: [null, 'x'] }].map((event) => holds('f: null', event))).toEqual([true, true, false, false, false, true]);
    expect([{}, { f: null }, { f: '' }, { f: 'x' }, { f: ['x', ''] }].map((event) => holds("f: ''", event))).toEqual([false, false, true, false, true]);
    expect(refusal(ruleOf('selection:\n  f:\n    - a\n    - null\ncondition: selection'))).toMatchObject({ code: 'value-null-in-list', line: 8 });
  });

  it.each([
    [String.raw`a\*b`, 'a*b', true], [String.raw`a\*b`, 'axb', false], [String.raw`a\?b`, 'a?b', true], [String.raw`a\?b`, 'axb', false],
    [String.raw`a\\*b`, String.raw`a\xyzb`, true], [String.raw`a\\*b`, 'axb', false], [String.raw`a\\\*b`, String.raw`a\*b`, true], [String.raw`a\\\*b`, String.raw`a\xb`, false],
    [String.raw`C:\Windows\x`, String.raw`C:\Windows\x`, true], [String.raw`\\\\server`, String.raw`\\server`, true], [String.raw`\\server`, String.raw`\server`, true],
    ['a*c', 'a\nb\nc', true], ['a?c', 'a\u{1F600}c', true], ['a?c', 'ac', false], ['*', '', true], ['', '', true],
  ])('escapes: %s against %s is %s', (pattern, text, expected) => {
    expect(holds(`f: '${pattern.replaceAll("'", "''")}'`, { f: text })).toBe(expected);
  });

  it('a backslash at the end does not escape the wildcard that a modifier adds', () => {
    expect(holds(String.raw`f|contains: 'Temp\'`, { f: String.raw`C:\Temp\x` })).toBe(true);
    expect(holds(String.raw`f|startswith: 'C:\'`, { f: String.raw`C:\Temp` })).toBe(true);
    expect(holds(String.raw`f|startswith: 'C:\'`, { f: 'C:*' })).toBe(false);
  });

  it.each([
    ['İstanbul', 'i̇stanbul', true], ['K', 'k', true], ['k', 'K', true], ['ẞ', 'ß', true], ['ſ', 's', false], ['ΣΑΣ', 'σας', false], ['ΣΑΣ', 'σασ', true], ['Ä', 'ä', true], ['A', 'a', true],
  ])('case folds letter by letter: %s and %s: %s', (pattern, text, expected) => {
    expect(holds(`f: '${pattern}'`, { f: text })).toBe(expected);
    expect(holds(`f|contains: '${pattern}'`, { f: `x${text}y` })).toBe(expected);
    expect(judge(`selection:\n  - '${pattern}'\ncondition: selection`, { f: `x${text}y` })).toBe(expected);
  });

  it('"cased" compares as written', () => {
    expect(holds('f|cased: Abc', { f: 'Abc' })).toBe(true);
    expect(holds('f|cased: Abc', { f: 'abc' })).toBe(false);
    expect(holds('f|contains|cased: Abc', { f: 'xAbc' })).toBe(true);
    expect(holds('f|contains|cased: Abc', { f: 'xabc' })).toBe(false);
  });

  it('a regular expression is looked for anywhere, with case, without wildcards, and the dot ends at a line', () => {
    expect(holds('f|re: b+c', { f: 'xabbcx' })).toBe(true);
    expect(holds('f|re: b+c', { f: 'xABBCx' })).toBe(false);
    expect(holds('f|re|i: b+c', { f: 'xABBCx' })).toBe(true);
    expect(holds('f|re: (?i)b+c', { f: 'xABBCx' })).toBe(true);
    expect(holds('f|re: a.c', { f: 'a\nc' })).toBe(false);
    expect(holds('f|re|s: a.c', { f: 'a\nc' })).toBe(true);
    expect(holds('f|re: ^b', { f: 'a\nb' })).toBe(false);
    expect(holds('f|re|m: ^b', { f: 'a\nb' })).toBe(true);
    expect(holds('f|re|i|m|s: ^B.C', { f: 'a\nb\nc' })).toBe(true);
    expect(holds(String.raw`f|re: a\*`, { f: 'a*' })).toBe(true);
    expect(refusal(ruleOf('selection:\n  f|re: (?=a)b\ncondition: selection')).code).toBe('value-regex');
  });

  it('keywords are found anywhere in any value, whatever the case, with wildcards, numbers too', () => {
    const any = 'keywords:\n  - foo bar\n  - 4711\n  - a*z\ncondition: keywords';
    expect(judge(any, { x: { y: ['-FOO BAR-'] } })).toBe(true);
    expect(judge(any, { x: 14_711_0 })).toBe(true);
    expect(judge(any, { x: 'say abcz!' })).toBe(true);
    expect(judge(any, { 'foo bar': 1 })).toBe(false);
    const all = "keywords:\n  '|all':\n    - foo\n    - bar\ncondition: keywords";
    expect(judge(all, { a: 'foo', b: 'bar' })).toBe(true);
    expect(judge(all, { a: 'foo' })).toBe(false);
    expect(judge('keywords: single\ncondition: keywords', { m: 'a Single word' })).toBe(true);
    expect(judge("keywords:\n  '|re': fo+\ncondition: keywords", { m: 'xfoox' })).toBe(true);
  });

  it('numbers and texts compare as written; less and greater compare as numbers', () => {
    expect(holds('f: 11', { f: '11' })).toBe(true);
    expect(holds("f: '11'", { f: 11 })).toBe(true);
    expect(holds('f: true', { f: 'True' })).toBe(true);
    expect(holds('f|gt: 9', { f: '11' })).toBe(true);
    expect(holds('f|lte: 9.5', { f: 9.5 })).toBe(true);
    expect(holds('f|gt: 9', { f: 'abc' })).toBe(false);
    expect(holds('f|lt: 9', { f: '' })).toBe(false);
    expect(holds('f|gte: 9007199254740993', { f: 9007199254740993n })).toBe(true);
    expect(holds('f|gte: 9007199254740993', { f: '9007199254740992' })).toBe(false);
    expect(holds('f: 9007199254740993', { f: '9007199254740993' })).toBe(true);
    expect(holds('f: 9007199254740993', { f: '9007199254740992' })).toBe(false);
  });

  it('a list of maps is any of the maps, each of which is all of its items', () => {
    const detection = 'selection:\n  - a: 1\n    b: 2\n  - c: 3\n  - word\ncondition: selection';
    expect([{ a: 1 }, { a: 1, b: 2 }, { c: 3 }, { b: 2 }, { x: 'a word' }].map((event) => judge(detection, event))).toEqual([false, true, true, false, true]);
  });

  it('a pattern that fits no selection is refused, and names with "_" are hidden', () => {
    expect(refusal(ruleOf('selection:\n  a: 1\ncondition: 1 of other_*'))).toMatchObject({ code: 'condition-pattern', line: 7, column: 19 });
    const detection = (condition: string): string => `_hidden:\n  a: 1\nselection:\n  b: 1\ncondition: ${condition}`;
    expect(judge(detection('1 of them'), { a: 1 })).toBe(false);
    expect(judge(detection('all of *'), { b: 1 })).toBe(true);
    expect(judge(detection('1 of _*'), { a: 1 })).toBe(true);
    expect(judge('a_x_1:\n  a: 1\na_y_2:\n  a: 2\ncondition: 1 of a_*_2', { a: 1 })).toBe(false);
  });

  it.each([
    ['a or b and not c', { a: 1 }, true], ['a or b and not c', { b: 1, c: 1 }, false], ['(a or b) and not c', { a: 1, c: 1 }, false], ['not a and not b', {}, true],
    ['not not a', { a: 1 }, true], ['not (a or b)', { b: 1 }, false], ['1 of a* or b', { a: 1 }, true], ['not 1 of them', { c: 1 }, false], ['all of them', { a: 1, b: 1, c: 1, notable: 1 }, true], ['notable', { notable: 1 }, true], ['any of them', {}, false],
  ])('condition "%s" on %j is %s', (condition, event, expected) => {
    expect(judge(`a:\n  a: 1\nb:\n  b: 1\nc:\n  c: 1\nnotable:\n  notable: 1\ncondition: ${condition}`, event)).toBe(expected);
  });

  it('a list of conditions is any of them', () => {
    expect(judge('a:\n  a: 1\nb:\n  b: 1\ncondition:\n  - a\n  - b', { b: 1 })).toBe(true);
  });

  it.each([
    ['a | count() > 5', 'condition-aggregation', 16], ['a AND a', 'condition-unexpected', 16], ['NOT a', 'condition-case', 14], ['a and', 'condition-end', 19], ['(a', 'condition-parenthesis', 16], ['a)', 'condition-parenthesis', 15], ['a b', 'condition-unexpected', 16], ['2 of a*', 'condition-quantity', 14], ['x', 'condition-name', 14], ['1 of', 'condition-end', 18],
  ])('the condition "%s" is refused as %s at column %i', (condition, code, column) => {
    expect(refusal(ruleOf(`a:\n  a: 1\ncondition: ${condition}`))).toMatchObject({ code, line: 7, column });
  });

  it('"windash" takes any of the five dashes for any of them', () => {
    for (const dash of ['-', '/', '–', '—', '―']) {
      expect(holds("f|windash|contains: ' -s'", { f: `cmd ${dash}s` })).toBe(true);
      expect(holds("f|contains|windash: ' /s -t'", { f: `cmd -S ${dash}T` })).toBe(true);
    }
    expect(holds("f|windash|contains: ' -s'", { f: 'cmd +s' })).toBe(false);
    expect(holds("f|windash: '-a-b-c-d-e-f-g-h'", { f: '/a-b/c–d-e-f-g―h' })).toBe(true);
  });

  it('"base64offset" works on bytes, before it is looked for', () => {
    for (const prefix of ['', 'a', 'ab']) {
      const encoded = Buffer.from(`${prefix}grüße!${prefix}`).toString('base64');
      expect(holds("f|base64offset|contains: 'grüße'", { f: encoded })).toBe(true);
      expect(holds("f|wide|base64offset|contains: 'foo'", { f: Buffer.from(`${prefix}${'foo'.split('').join('\0')}\0`, 'latin1').toString('base64') })).toBe(true);
    }
    expect(holds("f|base64: 'foo'", { f: 'Zm9v' })).toBe(true);
    expect(holds("f|utf16le|base64: 'é'", { f: '6QA=' })).toBe(true);
    expect(holds("f|utf16be|base64: 'é'", { f: 'AOk=' })).toBe(true);
    expect(holds("f|utf16|base64: 'é'", { f: '//7pAA==' })).toBe(true);
    expect(refusal(ruleOf("selection:\n  f|base64: 'a*'\ncondition: selection")).code).toBe('value-encoded-wildcard');
  });

  it.each([
    ['10.0.0.0/8', '10.1.2.3', true], ['10.0.0.0/8', '11.1.2.3', false], ['10.9.9.9/8', '10.1.2.3', true], ['10.0.0.0/8', 'not an address', false], ['10.0.0.0/8', '', false], ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['2001:db8::/32', '2001:DB8:0:1::5', true], ['2001:db8::/32', '2001:db9::', false], ['::1', '0:0:0:0:0:0:0:1', true], ['0.0.0.0/0', '1.2.3.4', true], ['0.0.0.0/0', '2001:db8::1', false], ['192.168.1.1', '192.168.1.1', true], ['10.0.0.0/8', '010.1.2.3', false], ['fe80::/10', 'fe80::1:2:3:4:5', true], ['fe80::/10', '1::2::3', false],
  ])('cidr %s and %s: %s', (network, address, expected) => {
    expect(holds(`f|cidr: '${network}'`, { f: address })).toBe(expected);
  });

  it('"neq" is the negation of the whole item', () => {
    expect([{ f: 'a' }, { f: 'c' }, {}].map((event) => judge('selection:\n  f|neq:\n    - a\n    - b\ncondition: selection', event))).toEqual([false, true, true]);
    expect([{ f: 'ab' }, { f: 'a' }].map((event) => judge('selection:\n  f|contains|all|neq:\n    - a\n    - b\ncondition: selection', event))).toEqual([false, true]);
    expect(holds('f|neq: null', {})).toBe(false);
    expect(holds('f|neq: 5', { f: 6 })).toBe(true);
  });

  it('"exists" is whether the key is there, also with null', () => {
    expect([{}, { f: null }, { f: '' }, { f: [] }, { f: {} }].map((event) => holds('f|exists: true', event))).toEqual([false, true, true, true, true]);
    expect([{}, { f: null }].map((event) => holds('f|exists: false', event))).toEqual([true, false]);
    expect(refusal(ruleOf('selection:\n  f|exists: yes\ncondition: selection')).code).toBe('value-exists');
  });

  it('any member of a list, and a key with dots wins over the path', () => {
    expect(holds('f: b', { f: ['a', ['b']] })).toBe(true);
    expect(holds('a.b: 1', { a: { b: 1 } })).toBe(true);
    expect(holds('a.b: 1', { 'a.b': 2, a: { b: 1 } })).toBe(false);
    expect(holds('a.b: 1', { a: { b: 1 }, 'a.b': 2 })).toBe(false);
    expect(holds('a.b.c: 1', { a: { 'b.c': 1 } })).toBe(true);
    expect(holds('a.b: 2', { a: [{ b: 1 }, { b: 2 }, { c: 3 }] })).toBe(true);
    expect(holds('a.b: null', { a: [{ c: 3 }] })).toBe(true);
    expect(holds('constructor: x', {})).toBe(false);
    expect(holds('__proto__.x|exists: true', {})).toBe(false);
  });

  it('"fieldref" compares two fields', () => {
    expect(holds('a|fieldref: b', { a: 'X', b: 'x' })).toBe(true);
    expect(holds('a|fieldref: b', { a: 'x' })).toBe(false);
    expect(holds('a|fieldref|startswith: b', { a: 'xyz', b: 'xy' })).toBe(true);
    expect(holds('a|fieldref|endswith: b', { a: 'xyz', b: 'xy' })).toBe(false);
    expect(holds('a|fieldref|contains: b', { a: 'xyz', b: 'Y' })).toBe(true);
    expect(holds('a|fieldref|neq: b', { a: 'x' })).toBe(true);
    expect(holds('a|fieldref: b', { a: 'a*c', b: 'axc' })).toBe(false);
  });

  it.each([
    ['minute', 30, '2026-11-25T23:30:59+02:00'], ['hour', 23, '2026-11-25T23:30:59+02:00'], ['day', 25, '2026-11-25 23:30:59.123'], ['month', 11, '2026-11-25'], ['year', 2026, '2026-11-25T00:00:00Z'], ['week', 53, '2027-01-01T00:00:00Z'], ['week', 1, '2027-01-07T10:30:00Z'], ['week', 2, 1_767_571_200_000], ['hour', 1, 1_767_574_800],
  ])('%s is %i of %s, as written', (part, expected, value) => {
    expect(holds(`t|${part}: ${expected}`, { t: value })).toBe(true);
    expect(holds(`t|${part}|gte: ${expected}`, { t: value })).toBe(true);
    expect(holds(`t|${part}|gt: ${expected}`, { t: value })).toBe(false);
    expect(holds(`t|${part}: ${expected}`, { t: 'yesterday' })).toBe(false);
  });

  it('a placeholder without values refuses the rule; with values it is all of them', () => {
    const detection = 'selection:\n  f|contains|expand: x%names%y\ncondition: selection';
    expect(refusal(ruleOf(detection))).toMatchObject({ code: 'placeholder-unknown', line: 6 });
    expect(judge(detection, { f: '-xboby-' }, { names: ['alice', 'bob'] })).toBe(true);
    expect(judge(detection, { f: '-x%names%y-' }, { names: ['alice', 'bob'] })).toBe(false);
    expect(holds("f|contains: '%temp%'", { f: 'x%TEMP%y' })).toBe(true);
  });

  it.each([
    ['f|nonsense: 1', 'modifier-unknown'], ['f|: 1', 'modifier-unknown'], ['f|i: a', 'modifier-order'], ['f|contains|re: a', 'modifier-order'], ['f|lt: abc', 'value-number'], ['f|cidr: 10.0.0/33', 'value-cidr'], ['f: []', 'value-empty-list'], ['f|contains: null', 'value-null'], ['f: {a: 1}', 'value-type'], ['f|all|all: [a]', 'modifier-repeated'], ['f|contains|cidr: 10.0.0.0/8', 'modifier-order'], ['f|fieldref: 5', 'value-fieldref'],
  ])('"%s" is refused as %s', (item, code) => {
    expect(refusal(ruleOf(`selection:\n  ${item}\ncondition: selection`))).toMatchObject({ code, line: 6 });
  });
});

describe('filters', () => {
  const rule = 'title: r\nname: base\nlogsource: { category: test, product: x }\ndetection:\n  selection:\n    a: 1\n  condition: selection\n';
  const filter = (rules: string, condition: string, product = 'x'): string => `---\ntitle: f\nlogsource: { product: ${product} }\nfilter:\n  rules: ${rules}\n  selection:\n    user: admin\n  condition: ${condition}\n`;
  it.each([['[base]'], ['base'], ['any']])('rules: %s are joined with the condition as it is written', (rules) => {
    const { rules: [only], problems } = load(rule + filter(rules, 'not selection'));
    expect(problems).toEqual([]);
    expect(only!.condition).toMatchObject({ op: 'and', of: [{ label: 'selection' }, { op: 'not' }] });
  });

  it('a filter of another log source has no effect, and one without "not" is warned of', () => {
    expect(load(rule + filter('any', 'not selection', 'y')).problems.map(({ code }) => code)).toEqual(['filter-unused']);
    expect(load(rule + filter('any', 'selection')).problems.map(({ code }) => code)).toEqual(['filter-polarity']);
  });
});

describe('warnings', () => {
  const codes = (detection: string, heading = ''): string[] => load(ruleOf(detection, heading)).problems.map(({ code, severity }) => `${severity} ${code}`);
  it.each([
    ['a:\n  x: 1\ncondition: a and not a', ['warning condition-never']], ['a:\n  x|exists: false\n  x: 1\ncondition: a', ['warning selection-never', 'warning condition-never']], ['a:\n  x: "*"\ncondition: a', ['warning value-any']], ['a:\n  x|re: ".{1000,}"\ncondition: a', ['warning value-slow']], ["a:\n  x|re: '\\x{2060}'\ncondition: a", []], ['a:\n  x: 1\nb:\n  x: 2\ncondition: a', ['warning selection-unused']], ['a:\n  x: 1\ncondition: a', []],
  ])('%j: %j', (detection, expected) => {
    expect(codes(detection)).toEqual(expected);
  });

  it('metadata never stops a rule', () => {
    expect(codes('a:\n  x: 1\ncondition: a', 'status: done\nlevel: huge\ntags: [Attack.T1000, foo.bar, atlas.aml.t0024]\nrelated: 5\n')).toEqual(['warning metadata-tag', 'warning metadata-tag', 'warning metadata-value', 'warning metadata-value', 'warning metadata-type']);
  });
});
