import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_INGEST_LIMITS } from './ingest-limits.js';
import { parseJsonRecord, type ParsedRecord } from './parse-json.js';

const { depthMax, keysPerRecordMax, stringCharsMax, recordBytesMax } = DEFAULT_INGEST_LIMITS;
const codeOf = (parsed: ParsedRecord): string => (parsed.ok ? 'ok' : parsed.code);
const valueOf = (text: string): unknown => {
  const parsed = parseJsonRecord(text);
  if (!parsed.ok) throw new Error(`${parsed.code}: ${parsed.message}`);
  return parsed.value;
};
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const keys = (count: number): string => `{${Array.from({ length: count }, (_, i) => `"k${i}":1`).join(',')}}`;

describe('parseJsonRecord: limits before parsing', () => {
  it.each([
    ['the deepest allowed', nested(depthMax), 'ok'],
    ['one deeper', nested(depthMax + 1), 'too_deep'],
    ['100,000 deep', nested(100_000), 'too_deep'],
    ['objects 100,000 deep, never closed', '{"a":'.repeat(100_000), 'too_deep'],
    ['brackets in a string are no depth', JSON.stringify({ a: '['.repeat(1000) }), 'ok'],
    ['the most keys', keys(keysPerRecordMax), 'ok'],
    ['one key more', keys(keysPerRecordMax + 1), 'too_many_keys'],
    ['100,000 keys', `{${'"k":1,'.repeat(100_000)}"z":1}`, 'too_many_keys'],
    ['colons in strings are no keys', JSON.stringify({ a: ':'.repeat(5000) }), 'ok'],
    ['the longest string', JSON.stringify({ a: 'x'.repeat(stringCharsMax) }), 'ok'],
    ['one character more', JSON.stringify({ a: 'x'.repeat(stringCharsMax + 1) }), 'string_too_long'],
    ['the longest string in three-byte characters', JSON.stringify({ a: '語'.repeat(stringCharsMax) }), 'ok'],
    ['one of them more', JSON.stringify({ a: '語'.repeat(stringCharsMax + 1) }), 'string_too_long'],
    ['the longest string in escapes', `{"a":"${'\\u0041'.repeat(Math.floor((recordBytesMax - 100) / 6))}"}`, 'ok'],
    ['a key can be too long, too', `{"${'x'.repeat(stringCharsMax + 1)}":1}`, 'string_too_long'],
    ['the largest record', `{"a":[${'1,'.repeat(recordBytesMax / 2 - 5)}1]}`.padEnd(recordBytesMax, ' '), 'ok'],
    ['one byte more', '{}'.padEnd(recordBytesMax + 1, ' '), 'record_too_large'],
  ])('%s', (_name, text, code) => {
    expect(codeOf(parseJsonRecord(text))).toBe(code);
  });

  it.each([
    ['{"__proto__":{"polluted":1}}'], ['{"a":{"b":[{"__proto__":1}]}}'], ['{"constructor":{"prototype":{"polluted":1}}}'], ['{"prototype":1}'],
    ['{"\\u005f_proto__":1}'], ['{"__proto\\u005f_" :1}'], ['{"\\u0063onstructor":1}'], [`{"${[...'constructor'].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join('')}":1}`],
  ])('refuses the key of %s', (text) => {
    expect(codeOf(parseJsonRecord(text))).toBe('forbidden_key');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
  it('takes the same names as values, and keys that only look like them', () => {
    expect(valueOf('{"a":"__proto__","b":["constructor"],"__proto_":1,"constructors":2,"a\\"b":3}')).toEqual({ a: '__proto__', b: ['constructor'], __proto_: 1, constructors: 2, 'a"b': 3 });
  });

  it.each([
    ['1e400', 'number_out_of_range'], ['-1e400', 'number_out_of_range'], ['1E+0400', 'number_out_of_range'], ['1e308', 'ok'], ['1e-400', 'ok'], ['1.5e10', 'ok'],
    ['9'.repeat(308), 'ok'], ['9'.repeat(400), 'number_out_of_range'], ['"1e400"', 'ok'], ['1e99999999999', 'number_out_of_range'],
  ])('number %s: %s', (number, code) => {
    expect(codeOf(parseJsonRecord(`{"n":[${number}]}`))).toBe(code);
  });

  it.each([['{"a":1'], ['{"a":"x'], ['{"a":01}'], ['{a:1}'], ["{'a':1}"], ['{"a":1}}'], ['{"a":1} x'], ['{"a":"\u0001"}'], ['{"a":"\\x"}'], [''], ['nul'], ['{"a":1,}'], ['{"a":NaN}'], ['[1 2]']])('%s is malformed', (text) => {
    expect(codeOf(parseJsonRecord(text))).toBe('malformed_json');
  });
  it('never repeats the record in a message', () => {
    const parsed = parseJsonRecord('{"password":"hunter2-secret" oops}');
    expect(parsed.ok ? '' : parsed.message).not.toMatch(/hunter2|password|oops/);
  });
});

describe('parseJsonRecord: decided answers', () => {
  it('the last of two equal keys wins', () => {
    expect(valueOf('{"actor":{"id":"alice"},"actor":{"id":"mallory"},"a":1,"\\u0061":2}')).toEqual({ actor: { id: 'mallory' }, a: 2 });
  });

  it.each([
    ['a lone high surrogate', '{"a":"x\\ud83dy"}', 'x\uFFFDy', true],
    ['a lone low surrogate', '{"a":"x\\udE00"}', 'x\uFFFD', true],
    ['two high ones and a pair', '{"a":"\\ud83d\\ud83d\\ude00"}', '\uFFFD😀', true],
    ['a high one before another escape', '{"a":"\\ud83d\\u0041"}', '\uFFFDA', true],
    ['a pair', '{"a":"\\ud83d\\ude00"}', '😀', false],
    ['an escaped backslash before ud83d', '{"a":"\\\\ud83d"}', '\\ud83d', false],
    ['an escaped backslash and then a lone one', '{"a":"\\\\\\ud83d"}', '\\\uFFFD', true],
    ['U+0000', '{"a":"x\\u0000y"}', 'x\uFFFDy', true],
    ['a lone surrogate in the text itself', '{"a":"\ud83d"}', '\uFFFD', true],
  ])('%s', (_name, text, value, repaired) => {
    const parsed = parseJsonRecord(text);
    expect(parsed).toMatchObject({ ok: true, value: { a: value }, repaired });
  });

  it('keeps the digits of integers beyond 2^53, by path', () => {
    const parsed = parseJsonRecord('{"id":12345678901234567890,"a":{"b c":[1,{"x":-9007199254740993}],"safe":9007199254740991,"f":1234567890.12345678901,"s":"12345678901234567890","e":12345678901234567890e2},"k\\"q":9007199254740992}');
    expect(parsed).toMatchObject({ ok: true, bigIntegers: { id: '12345678901234567890', 'a.b c[1].x': '-9007199254740993', 'k"q': '9007199254740992' } });
    expect(Object.keys(parsed.ok ? parsed.bigIntegers ?? {} : {})).toHaveLength(3);
    expect(codeOf(parseJsonRecord(`[${'12345678901234567890,'.repeat(keysPerRecordMax)}12345678901234567890]`))).toBe('too_many_keys');
  });

  it('agrees with JSON.parse on every value within the limits', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'grapheme' }), (value) => {
      const text = JSON.stringify(value);
      const parsed = parseJsonRecord(text);
      if (!parsed.ok) expect(parsed.code).toBe('forbidden_key');
      else expect(parsed.value).toEqual(JSON.parse(text.replaceAll('\\u0000', '\\ufffd')));
    }), { numRuns: 500 });
  });
});
