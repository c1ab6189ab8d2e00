import type { SourceMessage } from '@wary/ports/event-source.port.js';
import fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import { signalOf } from './otlp-signal.js';
import { readMessages, type MessageContext } from './read-messages.js';

const message = (offset: number, value: string | Buffer | null, headers: Record<string, string> = {}): SourceMessage => ({ offset, time: 0, key: null, value: typeof value === 'string' ? Buffer.from(value) : value, headers });
const read = (messages: readonly SourceMessage[], context: Partial<MessageContext> = {}) => readMessages({ topic: 't', partition: 3, messages }, { tenant: 'default', receivedAt: 1, source: 'native', format: 'json', ...context });
const event = (fields: object = {}): string => JSON.stringify({ time: 1_700_000_000_000, kind: 'access', action: 'read', actor: { id: 'a' }, ...fields });

describe('messages of a raw topic', () => {
  it('are records; topic, partition and offset are the identity of those that have none', () => {
    const { records, rejected } = read([message(7, event()), message(8, `[${event({ id: 'own' })},${event()}]`), message(9, null), message(10, '')]);
    expect(records.map(({ transportId, line }) => [line, transportId])).toEqual([[7, 't/3/7:0'], [8, 't/3/8:1'], [8, expect.stringMatching(/^t\/3\/8:\d+$/)]]);
    expect(new Set(records.map(({ letterKey }) => letterKey)).size).toBe(3);
    expect(rejected).toEqual([{ line: 10, code: 'bad_request', message: expect.any(String) }]);
  });

  it('become dead letters with their offset, alone, and the same ones when they are delivered again', () => {
    const batch = [message(1, '{nonsense'), message(2, event()), message(3, Buffer.alloc(1024 * 1024 + 100, 0x61)), message(4, `${'['.repeat(100_000)}`)];
    const first = read(batch);
    expect(first.records.map(({ line }) => line)).toEqual([2]);
    expect(first.letters.map(({ offset, code }) => [offset, code])).toEqual([[1, 'malformed_json'], [3, expect.any(String)], [4, expect.any(String)]]);
    expect(read(batch).letters.map(({ key }) => key)).toEqual(first.letters.map(({ key }) => key));
  });

  it('are lines of text where the source writes lines', () => {
    const { records } = read([message(5, 'one\ntwo\n')], { source: 'nginx', format: 'text' });
    expect(records.map(({ value, transportId }) => [value, transportId])).toEqual([['one', 't/3/5:0'], ['two', 't/3/5:4']]);
  });

  it('never throw, whatever is in them', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(['native', 'json'], ['nginx', 'text'], ['otlp', 'otlp'], ['cloudtrail', 'json']), (bytes, [source, format]) => {
      const { records, letters, rejected } = read([message(1, Buffer.from(bytes))], { source, format } as Partial<MessageContext>);
      expect(letters).toHaveLength(rejected.length);
      for (const { line } of records) expect(line).toBe(1);
    }), { numRuns: 500 });
  });
});

describe('an OTLP request without an address', () => {
  const request = (record: (writer: protobuf.Writer) => void): Buffer => {
    const writer = protobuf.Writer.create();
    writer.uint32(10).fork().uint32(18).fork().uint32(18).fork();
    record(writer);
    writer.ldelim().ldelim().ldelim();
    return Buffer.from(writer.finish());
  };
  it('is told by its first record, by the name of its list, or by a header', () => {
    expect(signalOf(request((writer) => writer.uint32(10).bytes(Buffer.alloc(16, 1)).uint32(18).bytes(Buffer.alloc(8, 1))), {})).toEqual({ mediaType: 'application/x-protobuf', signal: 'traces' });
    expect(signalOf(request((writer) => writer.uint32(9).fixed64(1)), {})).toEqual({ mediaType: 'application/x-protobuf', signal: 'logs' });
    expect(signalOf(Buffer.from('{"resourceLogs":[]}'), {})).toEqual({ mediaType: 'application/json', signal: 'logs' });
    expect(signalOf(Buffer.from(' {"resourceSpans":[]}'), {})).toEqual({ mediaType: 'application/json', signal: 'traces' });
    expect(signalOf(Buffer.from('x'), { 'otlp-signal': 'logs' }).signal).toBe('logs');
  });
});
