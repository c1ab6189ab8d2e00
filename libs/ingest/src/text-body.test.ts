import { describe, expect, it } from 'vitest';
import { DEFAULT_INGEST_LIMITS } from './ingest-limits.js';
import { readTextBody } from './text-body.js';

const CONTEXT = { tenant: 'acme', receivedAt: 1, source: 'nginx' as const };

describe('readTextBody', () => {
  it('gives one record a line, with the file and offset as identity', () => {
    const { records } = readTextBody(Buffer.from('one\r\n\n  two \nthree'), { ...CONTEXT, file: 'f1', offset: 1000 });
    expect(records.map(({ value, line, transportId }) => [value, line, transportId])).toEqual([['one', 0, 'f1:1000'], ['  two', 2, 'f1:1006'], ['three', 3, 'f1:1013']]);
  });

  it('stands for a file by its own hash: sent again it is the same, and equal lines are two', () => {
    const first = readTextBody(Buffer.from('GET /\nGET /\n'), CONTEXT);
    const again = readTextBody(Buffer.from('GET /\nGET /\n'), CONTEXT);
    const ids = first.records.map(({ transportId }) => transportId);
    expect(new Set(ids).size).toBe(2);
    expect(again.records.map(({ transportId }) => transportId)).toEqual(ids);
    expect(readTextBody(Buffer.from('GET /\nGET /x\n'), CONTEXT).records[0]!.transportId).not.toBe(ids[0]);
  });

  it('repairs invalid UTF-8 and U+0000, and says so on that line', () => {
    const { records } = readTextBody(Buffer.concat([Buffer.from('fine é\na\0b\n'), Buffer.from([0x61, 0xff])]), CONTEXT);
    expect(records.map(({ value, notes }) => [value, notes?.repairedText ?? false])).toEqual([['fine é', false], ['a\uFFFDb', true], ['a\uFFFD', true]]);
  });

  it('rejects a line beyond the limit alone', () => {
    const { records, rejected, letters } = readTextBody(Buffer.from(`${'x'.repeat(60)}\nok`), CONTEXT, { ...DEFAULT_INGEST_LIMITS, recordBytesMax: 50 });
    expect(records.map(({ value }) => value)).toEqual(['ok']);
    expect(rejected).toMatchObject([{ line: 0, code: 'record_too_large' }]);
    expect(letters[0]!.payload).toBe('x'.repeat(50));
  });
});
