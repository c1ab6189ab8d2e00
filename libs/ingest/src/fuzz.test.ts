import { gzipSync } from 'node:zlib';
import { WaryError } from '@wary/model/errors.js';
import { describe, expect, it } from 'vitest';
import { DEFAULT_INGEST_LIMITS } from './ingest-limits.js';
import { inflateBody } from './inflate-body.js';
import { readNativeBody } from './native-body.js';
import { countOtlpMetrics, readOtlpLogs, readOtlpTraces } from './otlp.js';
import { sampleLogs, sampleMetrics, sampleTraces } from '../fixtures/otlp-samples.js';
import type { ReadBody } from './read-body.js';
import { readDeadLetter } from './read-letter.js';
import { readTextBody } from './text-body.js';

const CONTEXT = { tenant: 'acme', receivedAt: 1_790_000_000_000 };
const RUNS_PER_DECODER = 2_000;

/** mulberry32: the same mutations in every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const TOKENS = ['{', '}', '[', ']', '"', ':', ',', '\\', '\\u', '\\ud800', '\\u0000', '\n', '1e999', '-', '.5', '12345678901234567890', '"__proto__":1,', '\ufeff', '\u0000', 'null', '{"Records":[', '"intValue":"x"'].map((token) => Buffer.from(token));

function mutate(seed: Buffer, random: () => number): Buffer {
  let out = Buffer.from(seed);
  const times = 1 + Math.floor(random() * 4);
  for (let i = 0; i < times; i += 1) {
    const at = Math.floor(random() * (out.length + 1));
    const length = Math.floor(random() * 12);
    switch (Math.floor(random() * 6)) {
      case 0: if (out.length > 0) out[at % out.length] = Math.floor(random() * 256); break;
      case 1: out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)]); break;
      case 2: out = Buffer.concat([out.subarray(0, at), TOKENS[Math.floor(random() * TOKENS.length)]!, out.subarray(at)]); break;
      case 3: out = Buffer.concat([out.subarray(0, at), out.subarray(Math.max(0, at - length)), out.subarray(at)]); break;
      case 4: out = Buffer.from(out.subarray(0, at)); break;
      default: if (out.length > 0) out[at % out.length]! ^= 1 << Math.floor(random() * 8);
    }
  }
  return out;
}

const NATIVE = [
  '{"id":"1","time":"2026-11-22T04:50:00.123Z","kind":"access","actor":{"id":"alice","roles":["a"]},"action":"read","bytes":12345678901234567890,"n":-1.5e3}\n{"time":1790000000000,"kind":"inference","gen_ai":{"input.messages":[{"role":"user","parts":[{"type":"text","content":"h\\u00e9llo \\ud83d\\ude00"}]}]}}',
  '[{"a":{"b":[1,2,{"c":null}]}},\n {"d":"é","e":true}]',
  '{"Records":[{"eventID":"1","userIdentity":{"type":"Root"}},{"eventID":"2"}]}',
].map((text) => Buffer.from(text));

const decoders: ReadonlyArray<readonly [string, readonly Buffer[], (body: Buffer) => ReadBody | number]> = [
  ['NDJSON', NATIVE, (body) => readNativeBody(body, 'application/x-ndjson', CONTEXT)],
  ['JSON and CloudTrail files', NATIVE, (body) => readNativeBody(body, 'application/json', { ...CONTEXT, source: 'cloudtrail' })],
  ['small limits', NATIVE, (body) => readNativeBody(body, 'application/x-ndjson', CONTEXT, { ...DEFAULT_INGEST_LIMITS, depthMax: 3, keysPerRecordMax: 8, stringCharsMax: 10, recordBytesMax: 120 })],
  ['lines of text', NATIVE, (body) => readTextBody(body, { ...CONTEXT, source: 'nginx' })],
  ['OTLP traces, protobuf', [sampleTraces.protobuf], (body) => readOtlpTraces(body, 'application/x-protobuf', CONTEXT)],
  ['OTLP traces, JSON', [sampleTraces.json], (body) => readOtlpTraces(body, 'application/json', CONTEXT)],
  ['OTLP logs, protobuf', [sampleLogs.protobuf], (body) => readOtlpLogs(body, 'application/x-protobuf', CONTEXT)],
  ['OTLP logs, JSON', [sampleLogs.json], (body) => readOtlpLogs(body, 'application/json', CONTEXT)],
  ['OTLP metrics, protobuf', [sampleMetrics.protobuf], (body) => countOtlpMetrics(body, 'application/x-protobuf')],
  ['OTLP metrics, JSON', [sampleMetrics.json], (body) => countOtlpMetrics(body, 'application/json')],
  ['dead letters', NATIVE, (body) => readDeadLetter({ id: 'x', tenant: 'acme', source: 'native', offset: 0, code: 'malformed_json', message: '', receivedAt: 1, payload: body.toString('utf8') }, 'json')],
];

describe('fuzz: whatever comes, decoders answer', () => {
  it.each(decoders)(`%s: ${RUNS_PER_DECODER} mutations, nothing uncaught, each rejection has its dead letter`, (_name, seeds, decode) => {
    const random = randomOf(7);
    let read = 0;
    let refused = 0;
    for (let run = 0; run < RUNS_PER_DECODER; run += 1) {
      const body = mutate(seeds[run % seeds.length]!, random);
      try {
        const answer = decode(body);
        if (typeof answer === 'number') continue;
        read += answer.records.length;
        refused += answer.rejected.length;
        if (answer.letters.length !== answer.rejected.length) expect.fail('a rejection without a dead letter');
        for (const { value } of answer.records) if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) !== Object.prototype && !Array.isArray(value)) expect.fail('a foreign prototype');
      } catch (error) {
        if (!(error instanceof WaryError)) throw new Error(`uncaught for ${JSON.stringify(body.toString('latin1'))}`, { cause: error });
        refused += 1;
      }
    }
    // A fuzzer whose inputs are all refused, or all taken, tests nothing.
    if (!_name.includes('metrics')) expect(Math.min(read, _name === 'lines of text' ? 1 : refused)).toBeGreaterThan(0);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('gzip: 300 mutations', async () => {
    const random = randomOf(11);
    const seed = gzipSync(NATIVE[0]!);
    for (let run = 0; run < 300; run += 1) {
      await inflateBody(mutate(seed, random), 'gzip').catch((error: unknown) => { if (!(error instanceof WaryError)) throw error; });
    }
  });
});
