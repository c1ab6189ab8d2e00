import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeState, encodeState } from './state-codec.js';

const tree = fc.record({
  doubles: fc.float64Array({ maxLength: 20 }), words: fc.uint32Array({ maxLength: 20 }), bytes: fc.uint8Array({ maxLength: 40 }),
  map: fc.array(fc.tuple(fc.string(), fc.double())).map((entries) => new Map(entries)), text: fc.string(), list: fc.array(fc.option(fc.double())), odd: fc.constantFrom(Infinity, -Infinity, 0.1, 5e-324),
});

describe('state codec', () => {
  it('gives back what went in, exactly', () => {
    fc.assert(fc.property(tree, (state) => { expect(decodeState(3, encodeState(3, state))).toEqual(state); }), { numRuns: 200 });
  });

  it('reads the same from a Buffer that lies inside a larger one, as stores hand them out', () => {
    fc.assert(fc.property(tree, fc.nat({ max: 64 }), (state, offset) => {
      const bytes = encodeState(3, state);
      const pool = Buffer.alloc(bytes.length + offset + 8, 0xee);
      pool.set(bytes, offset);
      expect(decodeState(3, pool.subarray(offset, offset + bytes.length))).toEqual(state);
    }), { numRuns: 200 });
  });

  it('takes a Buffer for the bytes that it is, and refuses what it could not give back', () => {
    expect(decodeState(1, encodeState(1, { bytes: Buffer.from('abc') }))).toEqual({ bytes: Uint8Array.from(Buffer.from('abc')) });
    expect(() => encodeState(1, { bytes: new DataView(new ArrayBuffer(4)) })).toThrow('a state cannot hold a DataView');
  });

  it('answers null to another version and to what is no state', () => {
    const bytes = encodeState(3, { a: 1 });
    expect(decodeState(4, bytes)).toBeNull();
    expect(decodeState(3, bytes.subarray(0, 10))).toBeNull();
    expect(decodeState(3, new Uint8Array(64))).toBeNull();
  });
});
