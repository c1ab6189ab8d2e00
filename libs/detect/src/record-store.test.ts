import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordStore } from './record-store.js';
import { RecordReader, RecordWriter } from './record-writer.js';
import { readSparse, sparseWordsMax, writeSparse } from './sparse-words.js';

const record = (words: number, fill: number): Uint32Array => Uint32Array.from({ length: words }, (_, at) => (at === 0 ? words : (fill * 31 + at) >>> 0));

describe('records', () => {
  it('of any size come back as they were put, whatever was released between', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 20_000 })), fc.nat(), fc.nat()), { maxLength: 60 }), (acts) => {
      const store = new RecordStore();
      const kept: { handle: number; words: number; fill: number }[] = [];
      for (const [words, fill, which] of acts) {
        if (which % 3 === 0 && kept.length > 0) store.release(kept.splice(fill % kept.length, 1)[0]!.handle);
        else kept.push({ handle: store.put(record(words, fill), 0), words, fill });
      }
      for (const { handle, words, fill } of kept) {
        store.find(handle);
        expect(Buffer.compare(Buffer.from(store.words.buffer, store.at * 4, words * 4), Buffer.from(record(words, fill).buffer))).toBe(0);
      }
    }), { numRuns: 40, seed: 2 });
  });

  it('that grow together leave nothing behind', () => {
    const store = new RecordStore();
    let handles = Array.from({ length: 500 }, (_, at) => store.put(record(40, at), 0));
    for (let words = 80; words <= 600; words += 40) {
      handles = handles.map((handle, at) => {
        store.release(handle);
        return store.put(record(words, at), 0);
      });
    }
    expect(store.bytes).toBeLessThan(500 * 640 * 4 * 1.2);
  });

  it('of words that are mostly zero come back, to the last bit', () => {
    fc.assert(fc.property(fc.array(fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 0xffffffff })), { maxLength: 2_200 }), (words) => {
      const from = Uint32Array.from(words);
      const written = new Uint32Array(sparseWordsMax(words.length) + 1);
      const end = writeSparse(from, 0, words.length, written, 1);
      const back = new Uint32Array(words.length);
      expect(readSparse(written, 1, back, 0, words.length)).toBe(end);
      expect(back).toEqual(from);
    }), { numRuns: 100, seed: 3 });
  });

  it('hold texts with any units, numbers with any bits, and blobs', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.double(), fc.uint8Array(), (text, number, blob) => {
      const writer = new RecordWriter();
      for (const each of [text, `\ud800${text}`, '\ufeffid']) writer.text(each);
      writer.double(number);
      writer.blob(blob);
      writer.text('after');
      const reader = new RecordReader().begin(writer.words, 0);
      expect(reader.text()).toBe(text);
      expect(reader.text()).toBe(`\ud800${text}`);
      expect(reader.text()).toBe('\ufeffid');
      expect(reader.double()).toBe(number);
      expect(reader.blob()).toEqual(blob);
      reader.at -= Math.ceil(blob.length / 4) + 1;
      reader.blob();
      expect(reader.text()).toBe('after');
    }), { numRuns: 60, seed: 5 });
  });
});
