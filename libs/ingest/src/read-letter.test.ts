import type { DeadLetter } from '@wary/model/dead-letter.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleTraces } from '../fixtures/otlp-samples.js';
import { cutText, deadLetterOf } from './dead-letter.js';
import { readNativeBody } from './native-body.js';
import { readOtlpTraces } from './otlp.js';
import { readDeadLetter } from './read-letter.js';
import { readTextBody } from './text-body.js';

const CONTEXT = { tenant: 'acme', receivedAt: 1_790_000_000_000 };
const letterOf = (draft: Omit<DeadLetter, 'id'>): DeadLetter => ({ ...draft, id: 'l1' });

describe('a dead letter read again', () => {
  it('gives the record that it was made of, at the time of its first receipt', () => {
    const [native] = readNativeBody(Buffer.from('{"action":"read","actor":{"id":"é\\n"}}'), 'application/x-ndjson', CONTEXT).records;
    const [ocsf] = readNativeBody(Buffer.from('{"class_uid":4001}'), 'application/x-ndjson', { ...CONTEXT, source: 'ocsf' }).records;
    const [line] = readTextBody(Buffer.from('not a log line'), { ...CONTEXT, source: 'nginx' }).records;
    const [span] = readOtlpTraces(sampleTraces.protobuf, 'application/x-protobuf', CONTEXT).records;
    for (const [record, format] of [[native, 'json'], [ocsf, 'json'], [line, 'text'], [span, 'otlp']] as const) {
      const letter = letterOf(deadLetterOf(record!, 'invalid_event', 'why'));
      expect(letter).toMatchObject({ tenant: 'acme', source: record!.source, offset: record!.line, code: 'invalid_event', message: 'why', receivedAt: CONTEXT.receivedAt });
      const again = readDeadLetter(letter, format);
      expect(again.rejected).toEqual([]);
      expect(again.records).toMatchObject([{ source: record!.source, tenant: 'acme', receivedAt: CONTEXT.receivedAt, value: record!.value }]);
      expect(readDeadLetter(letter, format).records[0]!.transportId).toBe(again.records[0]!.transportId);
    }
  });

  it('is rejected again while nothing was put right', () => {
    for (const payload of ['{"a":', '[', '{"__proto__":1}', 'data:application/x-protobuf;base64,AAEC']) {
      for (const format of ['json', 'otlp'] as const) {
        const { records, rejected, letters } = readDeadLetter(letterOf({ ...CONTEXT, source: 'native', offset: 3, code: 'malformed_json', message: '', payload }), format);
        expect([records.length, rejected.length, letters.length]).toEqual([0, 1, 1]);
      }
    }
  });
});

it('cutText never ends inside of a character and never exceeds its bytes', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.nat({ max: 80 }), (text, bytesMax) => {
    const cut = cutText(text, bytesMax);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(bytesMax);
    expect(text.startsWith(cut)).toBe(true);
    if (Buffer.byteLength(text) <= bytesMax) expect(cut).toBe(text);
  }));
});
