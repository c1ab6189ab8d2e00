import { BatchConsumer } from '@wary/adapter-kafka/batch-consumer.js';
import { createKafka } from '@wary/adapter-kafka/create-kafka.js';
import { leaveGroup } from '@wary/adapter-kafka/leave-group.js';
import { PartitionConsumer } from '@wary/adapter-kafka/partition-consumer.js';
import { TopicTail } from '@wary/adapter-kafka/topic-tail.js';
import type { SourceMessage } from '@wary/ports/event-source.port.js';
import type { PartitionHandler } from '@wary/ports/partition-source.port.js';
import { startKafkaBroker, type KafkaBroker } from '@wary/testkit/start-kafka-broker.js';
import type { Kafka } from 'kafkajs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild } from './support/child.js';

const HANGING = fileURLToPath(new URL('./support/hanging-consumer.mjs', import.meta.url));
const VANISHING = fileURLToPath(new URL('./support/vanishing-member.mjs', import.meta.url));
const log = { debug() {}, info() {}, warn() {}, error() {} };
async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 90_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise((resolve) => { setTimeout(resolve, 50); })) if (await holds()) return;
  throw new Error(`${what} did not happen in ${ms} ms`);
}

/** Takes everything and remembers it; `room` is what `take` answers. */
class Recorder implements PartitionHandler {
  readonly calls: string[] = [];
  readonly offsets = new Map<number, number[]>();
  room: Promise<void> | null = null;
  done = new Map<number, number>();
  constructor(private readonly from: (partition: number) => number | null) {}
  async assigned(partition: number): Promise<number | null> {
    this.calls.push(`assigned ${partition}`);
    this.offsets.set(partition, []);
    return this.from(partition);
  }
  revoked(partition: number): void { this.calls.push(`revoked ${partition}`); }
  take(partition: number, messages: readonly SourceMessage[]): Promise<void> | null {
    this.offsets.get(partition)!.push(...messages.map(({ offset }) => offset));
    this.done.set(partition, messages.at(-1)!.offset + 1);
    return this.room;
  }
  position(partition: number): number | null { return this.done.get(partition) ?? null; }
  lost(partition: number, from: number, to: number): void { this.calls.push(`lost ${partition} ${from}-${to}`); }
  taken(partition: number): number { return this.offsets.get(partition)?.length ?? 0; }
}
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

describe('consumers of the topics between the services', () => {
  let broker: KafkaBroker;
  let kafka: Kafka;
  const admin = async <T>(run: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> => {
    const client = kafka.admin();
    await client.connect();
    try {
      return await run(client);
    } finally {
      await client.disconnect();
    }
  };
  const make = (topic: string, numPartitions: number): Promise<boolean> => admin((client) => client.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions }] }));
  const produce = async (topic: string, partition: number, from: number, to: number): Promise<void> => {
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic, acks: -1, messages: numbers(from, to).map((number) => ({ partition, value: `${number}` })) });
    await producer.disconnect();
  };
  const committed = async (groupId: string, topic: string): Promise<number[]> =>
    (await admin((client) => client.fetchOffsets({ groupId, topics: [topic] })))[0]!.partitions.toSorted((a, b) => a.partition - b.partition).map(({ offset }) => Number(offset));

  beforeAll(async () => {
    broker = await startKafkaBroker();
    kafka = createKafka({ brokers: [broker.brokers], tls: null, sasl: null, clientId: 'test' }, log);
  }, 240_000);
  afterAll(() => broker?.stop());

  it('a batch whose taker is killed is handed over again with the same end, although more is there and batches are larger now', async () => {
    await make('ends', 1);
    await produce('ends', 0, 0, 1_000);
    const child = await startChild(HANGING, [broker.brokers, 'ends-group', 'ends', '300', '300'], {}, 60_000, (output) => output.includes('hangs 300-599'));
    child.process.kill('SIGKILL');
    await child.exited();
    await produce('ends', 0, 1_000, 1_500);
    const batches: string[] = [];
    const consumer = new BatchConsumer(kafka, { groupId: 'ends-group', topics: ['ends'], batchMessagesMax: 10_000, partitionsAtOnce: 1, log, recordEnds: true });
    await consumer.start(async ({ messages }) => { batches.push(`${messages[0]!.offset}-${messages.at(-1)!.offset}`); });
    await until('the rest is taken', () => batches.at(-1)?.endsWith('-1499') === true);
    await consumer.stop();
    expect(batches[0]).toBe('300-599');
    expect(batches.slice(1).map((batch) => batch.split('-').map(Number)).every(([from], index, all) => from === (index === 0 ? 600 : all[index - 1]![1]! + 1))).toBe(true);
    expect(await committed('ends-group', 'ends')).toEqual([1_500]);
  }, 180_000);

  it('a partition goes on from where its handler says, whatever was committed, and tells what is gone', async () => {
    await make('positions', 2);
    await produce('positions', 0, 0, 100);
    await produce('positions', 1, 0, 100);
    const first = new Recorder((partition) => (partition === 0 ? 40 : null));
    const consumer = new PartitionConsumer(kafka, { groupId: 'positions-group', topic: 'positions', log });
    await consumer.start(first);
    await until('both are read', () => first.taken(0) === 60 && first.taken(1) === 100);
    expect(first.offsets.get(0)).toEqual(numbers(40, 100));
    expect(first.offsets.get(1)).toEqual(numbers(0, 100));
    // Its state is lost: read again from the start, while the other one goes on.
    consumer.again(0);
    await until('it is read again', () => first.taken(0) === 60);
    await produce('positions', 0, 100, 110);
    await until('and on', () => first.taken(0) === 70);
    await until('positions are committed', async () => (await committed('positions-group', 'positions')).join() === '110,100');
    await consumer.stop();
    expect(first.calls.slice(0, 4)).toEqual(['assigned 0', 'assigned 1', 'revoked 0', 'assigned 0']);
    expect(first.calls.slice(4).sort()).toEqual(['revoked 0', 'revoked 1']);

    await admin(async (client) => { await client.fetchTopicOffsets('positions'); await client.deleteTopicRecords({ topic: 'positions', partitions: [{ partition: 0, offset: '50' }] }); });
    const second = new Recorder((partition) => (partition === 0 ? 20 : 100));
    const next = new PartitionConsumer(kafka, { groupId: 'positions-group', topic: 'positions', log });
    await next.start(second);
    await until('what is left is read', () => second.taken(0) === 60);
    expect(second.offsets.get(0)).toEqual(numbers(50, 110));
    expect(second.calls).toContain('lost 0 20-50');
    expect(second.taken(1)).toBe(0);
    await next.stop();
  }, 180_000);

  it('a handler that has no room gets nothing until it has, and others go on', async () => {
    await make('rooms', 2);
    const recorder = new Recorder(() => 0);
    let open = (): void => {};
    recorder.room = new Promise((resolve) => { open = resolve; });
    const consumer = new PartitionConsumer(kafka, { groupId: 'rooms-group', topic: 'rooms', log });
    await consumer.start(recorder);
    await produce('rooms', 0, 0, 10);
    await until('the first are taken', () => recorder.taken(0) === 10);
    recorder.room = null;
    await produce('rooms', 0, 10, 20);
    await produce('rooms', 1, 0, 10);
    await until('the other partition is read', () => recorder.taken(1) === 10);
    expect(recorder.taken(0)).toBe(10);
    open();
    await until('there is room', () => recorder.taken(0) === 20);
    await consumer.stop();
  }, 180_000);

  it('partitions that go to another process are revoked here and read there from where that one says; nothing is missed', async () => {
    await make('moves', 4);
    for (const partition of numbers(0, 4)) await produce('moves', partition, 0, 20);
    const [here, there] = [new Recorder(() => 0), new Recorder(() => 5)];
    const one = new PartitionConsumer(kafka, { groupId: 'moves-group', topic: 'moves', log });
    const other = new PartitionConsumer(kafka, { groupId: 'moves-group', topic: 'moves', log });
    await one.start(here);
    await until('all are read', () => numbers(0, 4).every((partition) => here.taken(partition) === 20));
    await other.start(there);
    await until('some have moved', () => there.offsets.size === 2 && [...there.offsets.values()].every((offsets) => offsets.length === 15));
    const moved = [...there.offsets.keys()];
    expect(here.calls.filter((call) => call.startsWith('revoked')).sort()).toEqual(moved.toSorted().map((partition) => `revoked ${partition}`));
    for (const partition of numbers(0, 4)) await produce('moves', partition, 20, 30);
    await until('all goes on', () => numbers(0, 4).every((partition) => (moved.includes(partition) ? there.taken(partition) === 25 : here.taken(partition) === 30)));
    await other.stop();
    await until('they come back', () => moved.every((partition) => here.taken(partition) === 30));
    for (const partition of numbers(0, 4)) expect(here.offsets.get(partition)).toEqual(numbers(0, 30));
    await one.stop();
  }, 180_000);

  it('a member that nobody is any more is taken out of its group, which else waits for the end of its session', async () => {
    await make('vanished', 1);
    await produce('vanished', 0, 0, 10);
    const child = await startChild(VANISHING, [broker.brokers, 'vanished-group', 'vanished'], {}, 60_000, (output) => /^member /m.test(output));
    const [, member] = /^member (\S+)$/m.exec(child.output())!;
    child.process.kill('SIGKILL');
    await child.exited();
    const taken: number[] = [];
    const consumer = new BatchConsumer(kafka, { groupId: 'vanished-group', topics: ['vanished'], batchMessagesMax: 10, partitionsAtOnce: 1, log });
    // It asks to join, and waits: the session of the one before is of 25 minutes.
    const started = consumer.start(async ({ messages }) => { taken.push(...messages.map(({ offset }) => offset)); });
    await until('it waits for the other', async () => (await admin((client) => client.describeGroups(['vanished-group']))).groups[0]!.state === 'PreparingRebalance');
    await leaveGroup(kafka, 'vanished-group', member!, 60_000, log);
    await started;
    await until('it has the partition', () => taken.length === 10);
    // Again: there is nothing left to be done, which is no fault.
    await leaveGroup(kafka, 'vanished-group', member!, 60_000, log);
    await consumer.stop();
    expect(taken).toEqual(numbers(0, 10));
  }, 180_000);

  it('a log is read whole, goes back when it is told to, and goes on', async () => {
    await make('log', 1);
    await produce('log', 0, 0, 50);
    const seen: number[] = [];
    const tail = new TopicTail(kafka, 'log', log);
    await tail.start((offset, value) => { seen.push(offset); expect(Buffer.from(value).toString()).toBe(String(offset)); });
    await until('all is read', () => seen.length === 50);
    expect(await tail.end()).toBe(50);
    tail.rewind(30);
    await until('it is read again', () => seen.length === 70);
    expect(seen.slice(50)).toEqual(numbers(30, 50));
    await produce('log', 0, 50, 60);
    await until('and on', () => seen.length === 80);
    expect(seen.slice(70)).toEqual(numbers(50, 60));
    await tail.stop();
  }, 180_000);
});
