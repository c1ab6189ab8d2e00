import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packRecord, unpackRecord } from './packed-record.js';
import { RecordWriter } from './record-writer.js';

const word = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 2 ** 16 }).map((high) => high * 65_536));

describe('packed records', () => {
  it('come back as they were, from any place, and small numbers take little room', () => {
    const packed = new RecordWriter();
    const back = new RecordWriter();
    fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 200 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 40 }), (rest, head, before) => {
      const record = new RecordWriter();
      const all = [0, ...Array.from({ length: head - 1 }, (_, at) => at * 7), ...rest];
      all[0] = all.length;
      for (const each of all) record.word(each);
      packRecord(record, head, packed);
      expect(packed.words[0]).toBe(packed.at);
      const somewhere = new Uint32Array(before + packed.at);
      somewhere.set(packed.words.subarray(0, packed.at), before);
      unpackRecord(somewhere, before, head, back);
      expect([...back.words.subarray(0, back.at)]).toEqual(all);
      const bytes = rest.reduce((sum, each) => sum + [0, 8, 16, 24].filter((shift) => ((each >>> shift) & 0xff) !== 0).length, 0);
      expect(packed.at).toBe(head + 1 + Math.ceil((bytes + Math.ceil(rest.length / 2)) / 4));
    }));
  });
});
