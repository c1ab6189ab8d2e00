import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OtlpSpanRecord } from '@wary/model/otlp-record.js';
import { SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { expect, it } from 'vitest';
import { inflateBody } from './inflate-body.js';
import { otlpResponse, readOtlpTraces } from './otlp.js';
import type { ReadBody } from './read-body.js';

it('the real SDK sends what we read, gzip and protobuf, and takes our answer', async () => {
  const received: ReadBody[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const type = request.headers['content-type'] ?? '';
      inflateBody(Buffer.concat(pieces), request.headers['content-encoding']).then((body) => {
        received.push(readOtlpTraces(body, type, { tenant: 'acme', receivedAt: Date.now() }));
        const answer = otlpResponse(type, 'traces', 0, '');
        response.writeHead(200, { 'content-type': answer.contentType }).end(answer.body);
      }, (error: unknown) => response.writeHead(400).end(String(error)));
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  const sdk = new NodeSDK({ serviceName: 'support-bot', autoDetectResources: false, instrumentations: [], traceExporter: new OTLPTraceExporter({ url: `http://127.0.0.1:${port}/v1/traces`, compression: 'gzip' as never }) });
  sdk.start();
  const before = Date.now();
  const span = trace.getTracer('test', '1.2.3').startSpan('chat gpt-4o', { kind: SpanKind.CLIENT, attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 11, 'gen_ai.response.finish_reasons': ['stop'], ratio: 0.5, flag: true } });
  span.addEvent('gen_ai.content.prompt', { 'gen_ai.prompt': 'Grüße 😀' });
  span.setStatus({ code: 2, message: 'boom' });
  span.end();
  await sdk.shutdown();
  await new Promise((resolve) => { server.close(resolve); });

  const [record] = received.flatMap(({ records }) => records);
  const { traceId, spanId } = span.spanContext();
  expect(record!.value as OtlpSpanRecord).toMatchObject({
    signal: 'span', traceId, spanId, name: 'chat gpt-4o', kind: 3, statusCode: 2, statusMessage: 'boom', scopeName: 'test', scopeVersion: '1.2.3', resource: { 'service.name': 'support-bot' },
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 11, 'gen_ai.response.finish_reasons': ['stop'], ratio: 0.5, flag: true },
    events: [{ name: 'gen_ai.content.prompt', attributes: { 'gen_ai.prompt': 'Grüße 😀' } }],
  });
  const { startMs, durationMs } = record!.value as OtlpSpanRecord;
  expect(startMs).toBeGreaterThanOrEqual(before - 1);
  expect(startMs).toBeLessThanOrEqual(Date.now());
  expect(durationMs).toBeGreaterThanOrEqual(0);
  expect(received.flatMap(({ rejected }) => rejected)).toEqual([]);
});
