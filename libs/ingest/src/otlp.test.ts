import { WaryError } from '@wary/model/errors.js';
import type { OtlpLogRecord, OtlpSpanRecord } from '@wary/model/otlp-record.js';
import { describe, expect, it } from 'vitest';
import { encodeOtlp, otlpRoot, sampleLogs, sampleMetrics, sampleTraces } from '../fixtures/otlp-samples.js';
import { DEFAULT_INGEST_LIMITS } from './ingest-limits.js';
import { countOtlpMetrics, otlpResponse, readOtlpLogs, readOtlpTraces } from './otlp.js';

const CONTEXT = { tenant: 'acme', receivedAt: 1_790_000_001_000 };
const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';
const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'none';
  } catch (error) {
    return error instanceof WaryError ? error.code : String(error);
  }
};
/** The same request with each name as protobuf's own JSON mapping allows it, and 64-bit integers as numbers. */
const snakeCased = (text: string): string => text.replace(/"(\w+)":/g, (_, key: string) => `"${key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)}":`).replace(/("(?:int_value|\w+_unix_nano)"):"(-?\d+)"/g, '$1:$2');

describe('OTLP traces', () => {
  it.each([
    ['protobuf', sampleTraces.protobuf, PROTOBUF], ['JSON', sampleTraces.json, JSON_TYPE], ['JSON in snake_case with integers as numbers', Buffer.from(snakeCased(sampleTraces.json.toString())), 'application/json; charset=utf-8'],
    ['pretty-printed JSON', Buffer.from(JSON.stringify(sampleTraces.value, null, 2)), JSON_TYPE],
  ])('reads each span with what it stands in: %s', (_name, body, type) => {
    const { records, rejected } = readOtlpTraces(body, type, CONTEXT);
    expect(rejected).toEqual([]);
    expect(records.map(({ line, source, tenant, receivedAt }) => ({ line, source, tenant, receivedAt }))).toEqual([0, 1].map((line) => ({ line, source: 'otlp', ...CONTEXT })));
    const [first, second] = records.map(({ value }) => value as OtlpSpanRecord);
    expect(first).toEqual({
      signal: 'span', traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', parentSpanId: 'eee19b7ec3c1b173', name: 'chat gpt-4o', kind: 3, startMs: 1_790_000_000_123,
      durationMs: expect.closeTo(500.5, 3) as number, statusCode: 1, statusMessage: '',
      attributes: {
        'gen_ai.operation.name': 'chat', 'gen_ai.system': 'openai', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.usage.input_tokens': 36, big: 9007199254740992, negative: -5, 'gen_ai.request.temperature': 0.5,
        'gen_ai.response.finish_reasons': ['stop'], nested: { a: 'b', list: [9007199254740996, null] }, blob: 'AAEC', flag: true, empty: null,
      },
      events: [{ name: 'gen_ai.content.prompt', timeMs: 1_790_000_000_200, attributes: { 'gen_ai.prompt': '[{"role":"user","content":"Grüße 😀"}]' } }],
      resource: { 'service.name': 'support-bot', 'telemetry.sdk.language': 'nodejs', 'process.command_args': ['node', 'app.js'] },
      scopeName: '@opentelemetry/instrumentation-openai', scopeVersion: '0.22.0', scope: { 'scope.team': 'ml' },
    });
    expect(records[0]!.notes).toEqual({ repairedText: false, bigIntegers: { big: '9007199254740993', 'nested.list[0]': '9007199254740995' } });
    expect(second).toMatchObject({ spanId: 'eee19b7ec3c1b175', kind: 2, statusCode: 2, statusMessage: 'refused', attributes: {}, events: [] });
    // 1 µs; both times are doubles apart by up to 256 ns.
    expect(second!.durationMs).toBeCloseTo(0.001, 3);
    expect(second!.resource).toBe(first!.resource);
  });

  it('rejects one bad span alone, with its dead letter, in both encodings', () => {
    const value = JSON.parse(sampleTraces.json.toString()) as { resourceSpans: Array<{ scopeSpans: Array<{ spans: Array<{ name: string; attributes: object[] }> }> }> };
    const { spans } = value.resourceSpans[0]!.scopeSpans[0]!;
    spans[0]!.attributes = Array.from({ length: 1_001 }, (_, i) => ({ key: `k${i}`, value: { intValue: '1' } }));
    spans.push({ ...spans[1]!, name: 'x'.repeat(DEFAULT_INGEST_LIMITS.stringCharsMax + 1) }, { ...spans[1]!, attributes: [{ key: '__proto__', value: { stringValue: 'x' } }] });
    let deep: object = { stringValue: 'x' };
    for (let i = 0; i < 40; i += 1) deep = { arrayValue: { values: [deep] } };
    spans.push({ ...spans[1]!, attributes: [{ key: 'deep', value: deep }] });
    for (const [body, type] of [[Buffer.from(JSON.stringify(value)), JSON_TYPE], [encodeOtlp('ExportTraceServiceRequest', value), PROTOBUF]] as const) {
      const { records, rejected, letters } = readOtlpTraces(body, type, CONTEXT);
      expect(records.map(({ line }) => line)).toEqual([1]);
      expect(rejected.map(({ line, code }) => [line, code])).toEqual([[0, 'too_many_keys'], [2, 'string_too_long'], [3, 'forbidden_key'], [4, 'too_deep']]);
      expect(letters.map(({ offset, source }) => [offset, source])).toEqual([[0, 'otlp'], [2, 'otlp'], [3, 'otlp'], [4, 'otlp']]);
      expect(letters[2]!.payload).toMatch(type === JSON_TYPE ? /__proto__/ : /^data:application\/x-protobuf;base64,/);
    }
  });

  it('finds resource and scope behind what stands in them', () => {
    const [one] = (sampleTraces.value as { resourceSpans: Array<{ resource: object; scopeSpans: Array<{ scope: object; spans: object[] }> }> }).resourceSpans;
    const { scope, spans } = one!.scopeSpans[0]!;
    const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans, scope }], resource: one!.resource }] }));
    expect(readOtlpTraces(body, JSON_TYPE, CONTEXT).records.map(({ value }) => value)).toEqual(readOtlpTraces(sampleTraces.json, JSON_TYPE, CONTEXT).records.map(({ value }) => value));
  });

  it('rejects the spans of a resource that cannot be read, and no others', () => {
    const value = JSON.parse(sampleTraces.json.toString()) as { resourceSpans: unknown[] };
    value.resourceSpans.push({ resource: { attributes: [{ key: 'constructor', value: {} }] }, scopeSpans: [{ spans: [{}, {}] }] });
    expect(readOtlpTraces(Buffer.from(JSON.stringify(value)), JSON_TYPE, CONTEXT).rejected.map(({ line, code }) => [line, code])).toEqual([[2, 'forbidden_key'], [3, 'forbidden_key']]);
  });

  it.each([['{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"x"'], ['{"resourceSpans":[]}x'], ['[]'], [''], ['{"resourceSpans":{}}']])('refuses the request %s', (text) => {
    expect(codeOf(() => readOtlpTraces(Buffer.from(text), JSON_TYPE, CONTEXT))).toBe('bad_request');
  });
  it('refuses a protobuf request that breaks off, and other media types; takes an empty one', () => {
    expect(codeOf(() => readOtlpTraces(sampleTraces.protobuf.subarray(0, 100), PROTOBUF, CONTEXT))).toBe('bad_request');
    expect(codeOf(() => readOtlpTraces(sampleTraces.protobuf, 'text/plain', CONTEXT))).toBe('unsupported_media_type');
    expect(readOtlpTraces(Buffer.alloc(0), PROTOBUF, CONTEXT).records).toEqual([]);
    expect(codeOf(() => readOtlpTraces(sampleTraces.protobuf, PROTOBUF, CONTEXT, { ...DEFAULT_INGEST_LIMITS, batchRecordsMax: 1 }))).toBe('batch_too_large');
  });
  it('does not grow with a protobuf bomb: empty spans, two bytes each', () => {
    const empty = Buffer.alloc(200_000, Buffer.from([0x12, 0]));
    const wrap = (bytes: Buffer, tag: number): Buffer => {
      const length: number[] = [];
      for (let rest = bytes.length; ; rest >>>= 7) {
        length.push(rest > 127 ? (rest & 127) | 128 : rest);
        if (rest <= 127) break;
      }
      return Buffer.concat([Buffer.from([tag, ...length]), bytes]);
    };
    expect(codeOf(() => readOtlpTraces(wrap(wrap(empty, 0x12), 0x0a), PROTOBUF, CONTEXT))).toBe('batch_too_large');
  });
});

describe('OTLP logs and metrics', () => {
  it.each([['protobuf', sampleLogs.protobuf, PROTOBUF], ['JSON', sampleLogs.json, JSON_TYPE], ['snake_case', Buffer.from(snakeCased(sampleLogs.json.toString())), JSON_TYPE]])('reads log records: %s', (_name, body, type) => {
    const { records } = readOtlpLogs(body, type, CONTEXT);
    expect(records.map(({ value }) => value as OtlpLogRecord)).toMatchObject([
      { signal: 'log', traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', eventName: '', timeMs: 1_790_000_000_123, observedMs: 1_790_000_000_123, observedNanos: '1790000000123999999', severity: 9, body: { content: 'What is the capital of France?' }, attributes: { 'event.name': 'gen_ai.user.message', 'gen_ai.system': 'openai' }, scopeName: 'openai' },
      { traceId: '', spanId: '', eventName: 'gen_ai.client.inference.operation.details', timeMs: 0, observedMs: 1_790_000_000_200, body: 'plain' },
    ]);
  });

  it('counts the data points of metrics', () => {
    expect([countOtlpMetrics(sampleMetrics.protobuf, PROTOBUF), countOtlpMetrics(sampleMetrics.json, JSON_TYPE)]).toEqual([4, 4]);
    expect(codeOf(() => countOtlpMetrics(Buffer.from('x'), JSON_TYPE))).toBe('bad_request');
  });
});

describe('otlpResponse', () => {
  it('answers in the media type of the request, with partial success only when there is something to say', () => {
    expect(otlpResponse(PROTOBUF, 'traces', 0, '')).toEqual({ contentType: PROTOBUF, body: Buffer.alloc(0) });
    expect(otlpResponse('application/json;charset=utf-8', 'traces', 0, '').body.toString()).toBe('{}');
    expect(JSON.parse(otlpResponse(JSON_TYPE, 'logs', 3, 'why').body.toString())).toEqual({ partialSuccess: { rejectedLogRecords: '3', errorMessage: 'why' } });
    const decoded = otlpRoot.lookupType('ExportTraceServiceResponse').decode(otlpResponse(PROTOBUF, 'traces', 70_000, 'record 3: too_deep').body).toJSON();
    expect(decoded).toEqual({ partialSuccess: { rejectedSpans: '70000', errorMessage: 'record 3: too_deep' } });
  });
});
