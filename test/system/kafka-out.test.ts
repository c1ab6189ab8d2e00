import { createKafka } from '@wary/adapter-kafka/create-kafka.js';
import { createProducer } from '@wary/adapter-kafka/create-producer.js';
import { partitionOfKey } from '@wary/adapter-kafka/key-partitioner.js';
import { startKafkaBroker, type KafkaBroker } from '@wary/testkit/start-kafka-broker.js';
import type { Kafka } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const PARTITIONS = 3;

describe('messages to Kafka', () => {
  let broker: KafkaBroker;
  let kafka: Kafka;
  beforeAll(async () => {
    broker = await startKafkaBroker();
    kafka = createKafka({ brokers: [broker.brokers], tls: null, sasl: null, clientId: 'test' }, silent);
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ waitForLeaders: true, topics: [
      ...['keyed', 'large', 'crash'].map((topic) => ({ topic, numPartitions: PARTITIONS })),
      { topic: 'narrow', numPartitions: 1, configEntries: [{ name: 'max.message.bytes', value: '2000' }] },
    ] });
    await admin.disconnect();
  }, 180_000);
  afterAll(async () => { await broker?.stop(); });

  it('keeps the order of each key, takes a named partition, carries headers and tombstones', async () => {
    const producer = createProducer(kafka, silent);
    const sends: Array<Promise<void>> = [];
    for (let index = 0; index < 300; index += 1) sends.push(producer.send('keyed', [{ key: `k${index % 7}`, value: `${index}`, headers: { n: `${index}` } }, { key: 'fixed', value: `${index}`, partition: 2 }]));
    sends.push(producer.send('keyed', [{ key: 'k0', value: null }]));
    await Promise.all(sends);
    await producer.disconnect();
    await expect(producer.send('keyed', [{ key: 'k', value: '' }])).rejects.toMatchObject({ code: 'not_ready' });
    const read = await readAll(kafka, 'keyed', 601);
    for (let key = 0; key < 7; key += 1) {
      const mine = read.filter((message) => message.key === `k${key}`);
      expect(new Set(mine.map(({ partition }) => partition))).toEqual(new Set([partitionOfKey(`k${key}`, PARTITIONS)]));
      const values = mine.filter(({ value }) => value !== null).map(({ value }) => Number(value));
      expect(values).toEqual([...values].sort((a, b) => a - b));
      expect(mine.filter(({ value }) => value !== null).every(({ value, headers }) => headers['n'] === value)).toBe(true);
    }
    const fixed = read.filter(({ key }) => key === 'fixed');
    expect(fixed.every(({ partition }) => partition === 2)).toBe(true);
    expect(fixed.map(({ value }) => Number(value))).toEqual(Array.from({ length: 300 }, (_, index) => index));
    expect(read.filter(({ value }) => value === null)).toHaveLength(1);
  }, 60_000);

  it('sends more at once than a broker takes in one batch, and one message of nearly its limit', async () => {
    const producer = createProducer(kafka, silent);
    await producer.send('large', [...Array.from({ length: 40 }, (_, index) => ({ key: 'same', value: `${index}`.padEnd(100_000, '.') })), { key: 'same', value: 'x'.repeat(990_000) }]);
    await producer.disconnect();
    const read = await readAll(kafka, 'large', 41);
    expect(read.map(({ value }) => value!.replaceAll('.', '')).slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, index) => `${index}`));
    expect(read[40]!.value).toHaveLength(990_000);
  }, 60_000);

  it('refuses what the broker will never take, and that sender alone', async () => {
    const producer = createProducer(kafka, silent);
    const sends = [producer.send('narrow', [{ key: 'a', value: 'small' }]), producer.send('narrow', [{ key: 'b', value: 'x'.repeat(5_000) }]), producer.send('narrow', [{ key: 'c', value: 'small too' }])];
    expect((await Promise.allSettled(sends)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await expect(sends[1]).rejects.not.toMatchObject({ retryable: true });
    await producer.disconnect();
    expect((await readAll(kafka, 'narrow', 2)).map(({ key }) => key)).toEqual(['a', 'c']);
  }, 60_000);

  it('tells its sender in time while the brokers are away', async () => {
    const nobody = createProducer(createKafka({ brokers: ['127.0.0.1:1'], tls: null, sasl: null, clientId: 'test' }, silent, 1), silent, { sendMsMax: 1_500 });
    const waiting = [nobody.send('keyed', [{ key: 'a', value: 'a' }]), nobody.send('keyed', [{ key: 'b', value: 'b' }])];
    for (const send of waiting) await expect(send).rejects.toMatchObject({ code: 'store_unavailable', retryable: true });
    await nobody.disconnect();
  }, 60_000);

  it('a broker that is killed and comes back, again and again: every acknowledged message is there, in the order of its key', async () => {
    const producer = createProducer(kafka, silent, { sendMsMax: 60_000 });
    const acknowledged: string[] = [];
    let stopping = false;
    const send = async (key: string): Promise<void> => {
      for (let index = 0; !stopping; index += 1) {
        const value = `${key}-${index}`;
        for (;;) {
          try {
            await producer.send('crash', [{ key, value }]);
            break;
          } catch (error) {
            expect(error).toMatchObject({ retryable: true });
          }
        }
        acknowledged.push(value);
      }
    };
    const senders = Array.from({ length: 8 }, (_, index) => send(`s${index}`));
    for (let round = 0; round < 3; round += 1) {
      const before = acknowledged.length;
      await until(() => acknowledged.length > before + 200);
      await broker.kill();
      await broker.restart();
    }
    const before = acknowledged.length;
    await until(() => acknowledged.length > before + 200);
    stopping = true;
    await Promise.all(senders);
    await producer.disconnect();
    const read = await readAll(kafka, 'crash', acknowledged.length);
    const there = new Set(read.map(({ value }) => value));
    expect(acknowledged.filter((value) => !there.has(value))).toEqual([]);
    for (let index = 0; index < 8; index += 1) {
      // A message may be there twice after a crash, never after a later one of its key for the first time.
      const firsts = [...new Set(read.filter(({ key }) => key === `s${index}`).map(({ value }) => Number(value!.split('-')[1])))];
      expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
    }
  }, 240_000);
});

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 90_000; !holds();) {
    if (Date.now() > end) throw new Error('it did not happen in 90 s');
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}

/** Everything in a topic up to its present end, in the order of each partition. */
async function readAll(kafka: Kafka, topic: string, atLeast: number): Promise<Array<{ key: string; value: string | null; partition: number; headers: Record<string, string> }>> {
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const wanted = ends.reduce((sum, { high }) => sum + Number(high), 0);
  expect(wanted).toBeGreaterThanOrEqual(atLeast);
  const consumer = kafka.consumer({ groupId: `read-${topic}-${wanted}`, maxBytesPerPartition: 4_000_000 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const read: Array<{ key: string; value: string | null; partition: number; headers: Record<string, string> }> = [];
  await new Promise<void>((resolve, reject) => {
    consumer.run({ eachMessage: async ({ partition, message: { key, value, headers } }) => {
      read.push({ key: key!.toString(), value: value?.toString() ?? null, partition, headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, each]) => [name, String(each)])) });
      if (read.length === wanted) resolve();
    } }).catch(reject);
  });
  await consumer.disconnect();
  return read;
}
