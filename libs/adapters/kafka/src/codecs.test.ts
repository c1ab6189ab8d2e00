import kafkajs from 'kafkajs';
import lz4 from 'lz4js';
import snappy from 'snappyjs';
import { describe, expect, it } from 'vitest';
import { inflateSnappy, takeInCodecs } from './codecs.js';
import { isRefusal } from './ensure-topics.js';
import { createKafkaLogger } from './kafka-log.js';

const text = Buffer.from('wary '.repeat(20_000));

describe('codecs', () => {
  it('inflate snappy with and without the framing of the Java library', () => {
    expect(Buffer.from(inflateSnappy(snappy.compress(text))).equals(text)).toBe(true);
    const pieces = [text.subarray(0, 32_768), text.subarray(32_768, 65_536), text.subarray(65_536)].map((piece) => snappy.compress(piece));
    const framed = Buffer.concat([Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]), ...pieces.flatMap((piece) => {
      const size = Buffer.alloc(4);
      size.writeUInt32BE(piece.length);
      return [size, piece];
    })]);
    expect(Buffer.from(inflateSnappy(framed)).equals(text)).toBe(true);
  });

  it('stop a batch that inflates without end', async () => {
    takeInCodecs();
    const bomb = Buffer.alloc(80 * 1024 * 1024, 0x20);
    expect(() => inflateSnappy(snappy.compress(bomb))).toThrow();
    const codec = (kafkajs.CompressionCodecs[kafkajs.CompressionTypes.LZ4] as () => { decompress(bytes: Buffer): Promise<Buffer> })();
    const outcome = await (async () => codec.decompress(Buffer.from(lz4.compress(bomb))))().then(({ length }) => `inflated to ${length}`, (error: Error) => error.message);
    expect(outcome).toMatch(/inflates beyond/);
    expect((await codec.decompress(Buffer.from(lz4.compress(text)))).equals(text)).toBe(true);
  });
});

describe('a refusal', () => {
  it('is told by the kind of error, not by the name of a broker', () => {
    const of = (name: string, message: string, cause?: Error): Error => Object.assign(new Error(message), { name, cause });
    expect(isRefusal(of('KafkaJSNumberOfRetriesExceeded', 'gave up', of('KafkaJSSASLAuthenticationError', 'SASL SCRAM failed')))).toBe(true);
    expect(isRefusal(of('KafkaJSConnectionError', 'Connection error: self-signed certificate in certificate chain'))).toBe(true);
    expect(isRefusal(Object.assign(new Error('Not authorized to access topics'), { type: 'TOPIC_AUTHORIZATION_FAILED' }))).toBe(true);
    expect(isRefusal(of('KafkaJSConnectionError', 'Connection error: getaddrinfo ENOTFOUND ssl-sasl-broker.tls.example'))).toBe(false);
  });
});

describe('the client\'s log', () => {
  const said: Array<[string, string]> = [];
  const log = Object.fromEntries((['debug', 'info', 'warn', 'error'] as const).map((level) => [level, (_facts: object, message: string) => { said.push([level, message]); }])) as unknown as Parameters<typeof createKafkaLogger>[0];
  const write = createKafkaLogger(log)();
  const entry = (level: number, message: string, facts: object = {}) => ({ namespace: 'Consumer', level, label: 'ERROR', log: { timestamp: '', message, ...facts } }) as unknown as Parameters<typeof write>[0];

  it('repeats of what will pass are no warnings; what will not is one', () => {
    said.length = 0;
    write(entry(1, 'Response GroupCoordinator(key: 10, version: 2)', { error: 'The group coordinator is not available' }));
    write(entry(2, 'The group is rebalancing, re-joining'));
    write(entry(4, 'Consumer has joined the group'));
    write(entry(1, 'Error when calling eachBatch', { error: 'a bug' }));
    expect(said.map(([level]) => level)).toEqual(['debug', 'debug', 'debug', 'warn']);
  });
});
