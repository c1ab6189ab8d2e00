import { WaryError } from '@wary/model/errors.js';
import { grownMemoryMib } from '@wary/testkit/grown-memory.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_INGEST_LIMITS } from './ingest-limits.js';
import { readNativeBody } from './native-body.js';
import type { ReadBody } from './read-body.js';

const CONTEXT = { tenant: 'acme', receivedAt: 1_790_000_000_000 };
const NDJSON = 'application/x-ndjson';
const JSON_TYPE = 'application/json; charset=utf-8';
const read = (text: string | Buffer, type = NDJSON, source: 'native' | 'cloudtrail' = 'native'): ReadBody => readNativeBody(Buffer.from(text), type, { ...CONTEXT, source });
const shape = ({ records, rejected }: ReadBody): unknown => ({ values: records.map(({ value }) => value), lines: records.map(({ line }) => line), rejected: rejected.map(({ line, code }) => [line, code]) });
const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'none';
  } catch (error) {
    return error instanceof WaryError ? error.code : String(error);
  }
};

describe('readNativeBody', () => {
  it('reads NDJSON line by line, passes over empty lines, and rejects a bad line alone', () => {
    expect(shape(read('\uFEFF\n{"a":1}\r\n\r\n  {"b":2} \n{"c":\n[]x\n{"d":4}'))).toEqual({ values: [{ a: 1 }, { b: 2 }, { d: 4 }], lines: [1, 3, 6], rejected: [[4, 'malformed_json'], [5, 'malformed_json']] });
  });

  it('reads an array, pretty-printed or not, and rejects a bad element alone', () => {
    const text = '[ {"a":[1,{"x":"]}"}]} ,\n\t{"b":tru}, 3, {"c":"\\"},{"} ]\n';
    const expected = { values: [{ a: [1, { x: ']}' }] }, 3, { c: '"},{' }], lines: [0, 2, 3], rejected: [[1, 'malformed_json']] };
    expect(shape(read(text, JSON_TYPE))).toEqual(expected);
    // The bracket decides: no record is an array.
    expect(shape(read(text, NDJSON))).toEqual(expected);
    expect(shape(read('[]', JSON_TYPE))).toEqual({ values: [], lines: [], rejected: [] });
  });

  it('reads one pretty-printed object, and objects one after the other', () => {
    expect(shape(read('{\n "a": 1\n}', JSON_TYPE))).toEqual({ values: [{ a: 1 }], lines: [0], rejected: [] });
    expect(shape(read('{"a":1}\n{"b":2}{"c":3}', JSON_TYPE))).toEqual({ values: [{ a: 1 }, { b: 2 }, { c: 3 }], lines: [0, 1, 2], rejected: [] });
  });

  it.each([
    ['[{"a":1},{"b":2', [[1, 'malformed_json']]],
    ['[{"a":1} {"b":2}]', [[1, 'malformed_json']]],
    ['[{"a":1},]', [[1, 'malformed_json']]],
    ['[{"a":1}', [[1, 'malformed_json']]],
    ['[{"a":1}] trailing', [[1, 'malformed_json']]],
    ['[{"a":1},"x', [[1, 'malformed_json']]],
  ])('keeps what stands before the break of %s, and says what was not read', (text, rejected) => {
    expect(shape(read(text, JSON_TYPE))).toEqual({ values: [{ a: 1 }], lines: [0], rejected });
  });

  it("takes CloudTrail's files apart, also several in a row, and only CloudTrail's", () => {
    const file = '{"Records":[{"eventID":"1"},{"eventID":"2"}]}';
    for (const type of [NDJSON, JSON_TYPE]) {
      expect(shape(read(`${file}\n{"eventID":"3"}\n${file}`, type, 'cloudtrail'))).toMatchObject({ values: [{ eventID: '1' }, { eventID: '2' }, { eventID: '3' }, { eventID: '1' }, { eventID: '2' }], rejected: [] });
    }
    expect(shape(read('{ "Records" : [ ] }', JSON_TYPE, 'cloudtrail'))).toEqual({ values: [], lines: [], rejected: [] });
    expect(shape(read('{"Records":[1]}'))).toMatchObject({ values: [{ Records: [1] }] });
  });

  it('answers for the whole request only when nothing can be read or it is too much', () => {
    expect(codeOf(() => read(' \n '))).toBe('bad_request');
    expect(codeOf(() => read('{}', 'text/html'))).toBe('unsupported_media_type');
    const limits = { ...DEFAULT_INGEST_LIMITS, batchRecordsMax: 3 };
    expect(codeOf(() => readNativeBody(Buffer.from('{}\n{}\n{}'), NDJSON, CONTEXT, limits))).toBe('none');
    expect(codeOf(() => readNativeBody(Buffer.from('{}\nx\n{}\n{}'), NDJSON, CONTEXT, limits))).toBe('batch_too_large');
  });

  it('keeps each rejection as a dead letter with its reason, the payload cut at the limit', () => {
    const limits = { ...DEFAULT_INGEST_LIMITS, recordBytesMax: 50 };
    const long = JSON.stringify({ a: 'é'.repeat(40) });
    const { records, rejected, letters } = readNativeBody(Buffer.from(`{"a":1}\n${long}\n{"b":"\\ud800"}\n{"__proto__":1}`), NDJSON, { ...CONTEXT, source: 'ocsf' }, limits);
    expect(records).toHaveLength(2);
    expect(records[1]).toMatchObject({ value: { b: '\uFFFD' }, notes: { repairedText: true }, source: 'ocsf', tenant: 'acme', text: '{"b":"\\ufffd"}' });
    expect(rejected.map(({ line, code }) => [line, code])).toEqual([[1, 'record_too_large'], [3, 'forbidden_key']]);
    expect(letters).toMatchObject([{ tenant: 'acme', source: 'ocsf', offset: 1, code: 'record_too_large', receivedAt: CONTEXT.receivedAt }, { offset: 3, code: 'forbidden_key', payload: '{"__proto__":1}' }]);
    expect(Buffer.byteLength(letters[0]!.payload)).toBeLessThanOrEqual(52);
  });

  it('marks invalid UTF-8 as repaired, on its own line only', () => {
    const body = Buffer.concat([Buffer.from('{"a":"é"}\n{"a":"'), Buffer.from([0xff, 0xed, 0xa0, 0x80]), Buffer.from('"}\n')]);
    const { records } = read(body);
    expect(records.map(({ notes }) => notes?.repairedText ?? false)).toEqual([false, true]);
    expect((records[1]!.value as { a: string }).a).toMatch(/^\uFFFD+$/);
  });

  it('gives file and byte offset as identity when the body is a piece of a file', () => {
    const { records } = readNativeBody(Buffer.from('{"a":1}\n{"b":2}'), NDJSON, { ...CONTEXT, file: 'f00d', offset: 100 });
    expect(records.map(({ transportId }) => transportId)).toEqual(['f00d:100', 'f00d:108']);
    expect(read('{"a":1}').records[0]!.transportId).toBe('');
  });

  it('finds every poisoned record among good ones, and loses none of those', () => {
    const kinds = ['{"a":', 'x', '{"__proto__":1}', '{"n":1e999}', `{"s":"${'x'.repeat(300 * 1024)}"}`, '['.repeat(40), '{"a":"\u0001"}'];
    const lines = Array.from({ length: 20_000 }, (_, i) => (i % 100 === 7 ? kinds[(i / 100) % kinds.length | 0]! : `{"id":"${i}","action":"read"}`));
    const { records, rejected, letters } = read(lines.join('\n'));
    expect(rejected.map(({ line }) => line)).toEqual(lines.flatMap((_, i) => (i % 100 === 7 ? [i] : [])));
    expect(records.map(({ value }) => (value as { id: string }).id)).toEqual(lines.flatMap((_, i) => (i % 100 === 7 ? [] : [String(i)])));
    expect(letters.map(({ payload }) => payload)).toEqual(rejected.map(({ line }) => lines[line]));
  });

  it('does not grow with 100,000 brackets, keys or records that are refused', async () => {
    const poison = `${'['.repeat(100_000)}\n${'{"a":'.repeat(100_000)}\n{${'"k":1,'.repeat(100_000)}"z":1}\n{"n":1e400}`;
    expect(await grownMemoryMib(() => {
      expect(shape(read(` {"ok":1}\n${poison}`))).toEqual({ values: [{ ok: 1 }], lines: [0], rejected: [[1, 'too_deep'], [2, 'too_deep'], [3, 'too_many_keys'], [4, 'number_out_of_range']] });
    }, 50)).toBeLessThan(50);
  });

  it('reads the same records from NDJSON, an array and a pretty-printed array', () => {
    const record = fc.dictionary(fc.string({ maxLength: 8 }).filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key)), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 8 });
    fc.assert(fc.property(fc.array(record, { minLength: 1, maxLength: 8 }), (values) => {
      const forms = [read(values.map((value) => JSON.stringify(value)).join('\n')), read(JSON.stringify(values), JSON_TYPE), read(JSON.stringify(values, null, 2), JSON_TYPE)];
      for (const form of forms.slice(1)) expect(shape(form)).toEqual(shape(forms[0]!));
      expect(forms[0]!.records.length + forms[0]!.rejected.length).toBe(values.length);
    }), { numRuns: 200 });
  });
});
