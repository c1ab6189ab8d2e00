import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventReader } from './event-reader.js';
import { DEFAULT_INGEST_LIMITS } from './ingest-limits.js';

function read(text: string): { value: unknown; end: number } | undefined {
  const bytes = Buffer.from(text);
  const reader = new EventReader(bytes, true, DEFAULT_INGEST_LIMITS);
  const value = reader.read(0, bytes.length);
  return value === undefined ? undefined : { value, end: reader.end };
}
/** Without the known fields that are not there. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined).map(([key, inner]) => [key, plain(inner)]));
}

const name = fc.constantFrom('id', 'time', 'kind', 'actor', 'source', 'resource', 'gen_ai', 'attributes', 'roles', 'labels', 'type', 'ip', 'provider.name', 'input.messages', 'foo', '', 'x.y', 'a'.repeat(70), '1', '2');
const leaf = fc.oneof(fc.string({ maxLength: 80 }), fc.string({ unit: 'grapheme', maxLength: 20 }), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null), fc.constantFrom(0, -0, 0.1, 1.5, -12.25, 123456.789, 999999999999999, 0.000001, 5e-324));
const tree = fc.letrec((tie) => ({ node: fc.oneof({ maxDepth: 5, withCrossShrink: true }, leaf, fc.array(tie('node'), { maxLength: 4 }), fc.dictionary(name, tie('node'), { maxKeys: 6 })) })).node;

describe('EventReader', () => {
  it('reads what JSON.parse reads, or gives up', () => {
    let taken = 0;
    fc.assert(fc.property(fc.dictionary(name, tree, { maxKeys: 12 }), fc.constantFrom(0, 1, '\t'), (value, space) => {
      const text = JSON.stringify(value, null, space);
      const answer = read(text);
      if (answer === undefined) return;
      taken += 1;
      expect(answer.end).toBe(Buffer.byteLength(text));
      expect(plain(answer.value)).toEqual(JSON.parse(text));
    }), { numRuns: 1_500 });
    expect(taken).toBeGreaterThan(200);
  });

  it('reads every number of up to 15 digits as JSON.parse does', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 999_999_999_999_999n }), fc.nat({ max: 14 }), fc.boolean(), (digits, point, negative) => {
      const text = digits.toString().padStart(point + 1, '0');
      const number = `${negative ? '-' : ''}${text.slice(0, text.length - point)}${point === 0 ? '' : `.${text.slice(text.length - point)}`}`;
      const answer = read(`{"bytes":${number}}`)?.value as { bytes: number } | undefined;
      expect(answer === undefined ? JSON.parse(number) : answer.bytes).toBe(JSON.parse(number));
      if (digits >= 10n ** BigInt(point) || point === 0) expect(answer).toBeDefined();
    }), { numRuns: 2_000 });
  });

  it('is right or gives up on every damaged record', () => {
    const seed = '{"id":"x1","time":"2026-11-22T04:50:00.123Z","kind":"access","actor":{"id":"alice","roles":["a","b"],"mfa":true},"action":"read","bytes":-12.50,"gen_ai":{"provider.name":"openai","x":{"y":[1,{"z":null}]}},"attributes":{"e":"\\n\\"ü"}}';
    const piece = fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', '0', '-', '.', 'e', ' ', '\n', '\u0001', 'é', 'true', 'null', '\\u0041', '"a":1,', '"actor":{"id":"b"},', '"actor":null,', '"__proto__":1,');
    let taken = 0;
    fc.assert(fc.property(fc.nat({ max: seed.length }), fc.nat({ max: 6 }), piece, (at, cut, added) => {
      const text = seed.slice(0, at) + added + seed.slice(at + cut);
      const answer = read(text);
      if (answer === undefined) return;
      taken += 1;
      const head = Buffer.from(text).subarray(0, answer.end).toString();
      expect(plain(answer.value)).toEqual(JSON.parse(head));
      expect(head).not.toContain('__proto__":');
    }), { numRuns: 6_000 });
    expect(taken).toBeGreaterThan(300);
  });

  it.each([
    ['{"actor":{"id":"a","roles":["x"]},"actor":{"id":"b"}}', { actor: { id: 'b' } }], ['{"attributes":{"a":1,"a":2}}', { attributes: { a: 2 } }], ['{"foo":{"constructors":1}}', { foo: { constructors: 1 } }], ['{"actor":"alice","source":[]}', { actor: 'alice', source: [] }],
    ['{}', {}], ['{"actor":{"source":{"id":1}},"foo":{"actor":{"id":"x"}}}', { actor: { source: { id: 1 } }, foo: { actor: { id: 'x' } } }],
  ])('%s', (text, expected) => {
    expect(plain(read(text)?.value)).toEqual(expected);
  });

  it.each(['', '[]', '{', '{"a"', '{"a":', '{"a":1', '{"a":1,}', '{,}', '{"a":[1,]}', '{"a":01}', '{"a":1.}', '{"a":.5}', '{"a":-}', '{"a":1e5}', '{"a":tru}', '{"a" 1}', '{a:1}', '{"__proto__":1}', '{"a":{"constructor":1}}', '{"\\u0061":1}', '{"a":"\\ud800"}', '{"a":1234567890123456}', `{"a":${'['.repeat(40)}${']'.repeat(40)}}`])('gives up on %s', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('finds texts again, and never mistakes one for another', () => {
    const values = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '1'), minLength: 1, maxLength: 70 }), { minLength: 1, maxLength: 40 });
    fc.assert(fc.property(values, (texts) => {
      const text = JSON.stringify({ labels: texts });
      expect(plain(read(text)?.value)).toEqual({ labels: texts });
    }), { numRuns: 200 });
  });

  it('does not read beyond its limit', () => {
    const bytes = Buffer.from('{"bytes":12}');
    for (let limit = 0; limit < bytes.length; limit += 1) expect(new EventReader(bytes, true, DEFAULT_INGEST_LIMITS).read(0, limit)).toBeUndefined();
  });
});
