import { Buffer } from 'node:buffer';
import { WaryError } from '@wary/model/errors.js';
import type { EventSource, SourceBatch, SourceMessage } from '@wary/ports/event-source.port.js';
import type { LogTail } from '@wary/ports/log-tail.port.js';
import type { MessageSink, SinkMessage } from '@wary/ports/message-sink.port.js';
import type { PartitionHandler, PartitionSource } from '@wary/ports/partition-source.port.js';
import type { Life, World } from './world.js';

const unavailable = (): Error => new WaryError('store_unavailable');

interface Committed { offset: number; end: number | null }
interface Member { readonly name: string; readonly life: Life; readonly topics: readonly string[]; assigned: Map<string, number[]>; onAssigned(generation: number): void }
interface Group { readonly members: Member[]; readonly committed: Map<string, Committed>; generation: number }
/** The group has been formed anew since: what is committed under the old generation is refused. */
class StaleGeneration extends Error {}

/** Topics with partitions and consumer groups with generations, as a broker keeps them. */
export class Bus {
  private readonly topics = new Map<string, SourceMessage[][]>();
  private readonly groups = new Map<string, Group>();
  /** Every message in the order in which it was appended, over all topics. */
  readonly appended: Array<{ topic: string; partition: number; message: SourceMessage }> = [];

  private readonly waiters = new Map<string, Array<() => void>>();

  constructor(readonly world: World, topics: Readonly<Record<string, number>>) {
    for (const [topic, partitions] of Object.entries(topics)) this.topics.set(topic, Array.from({ length: partitions }, () => []));
  }

  log(topic: string, partition: number): readonly SourceMessage[] { return this.topics.get(topic)![partition]!; }
  partitions(topic: string): number { return this.topics.get(topic)!.length; }

  append(topic: string, { key, value, partition }: SinkMessage): void {
    const logs = this.topics.get(topic)!;
    const to = partition ?? hash(String(key)) % logs.length;
    const message: SourceMessage = { offset: logs[to]!.length, time: this.world.clock.now(), key: Buffer.from(key), value: value === null ? null : Buffer.from(value), headers: {} };
    logs[to]!.push(message);
    this.appended.push({ topic, partition: to, message });
    for (const wake of this.waiters.get(`${topic}/${to}`)?.splice(0) ?? []) wake();
  }

  /** Resolves some moments after something is appended: a fetch that waited. */
  private async more(life: Life, topic: string, partition: number): Promise<void> {
    const key = `${topic}/${partition}`;
    if (!this.waiters.has(key)) this.waiters.set(key, []);
    await new Promise<void>((resolve) => { this.waiters.get(key)!.push(resolve); });
    await life.timers.sleep(this.world.random.exponential(10));
  }

  /** A process's producer: a send that fails may have written all, some partitions' part, or nothing. */
  sink(life: Life): MessageSink {
    let tail: Promise<unknown> = Promise.resolve();
    const send = async (topic: string, messages: readonly SinkMessage[]): Promise<void> => {
      if (this.world.happens('failAfter')) {
        // What goes to one partition is written whole or not at all.
        const lucky = this.world.random.below(2);
        const logs = this.partitions(topic);
        const part = messages.filter(({ key, partition }) => ((partition ?? hash(String(key)) % logs) + lucky) % 2 === 0);
        this.world.count(part.length === messages.length || part.length === 0 ? `a send to ${topic} failed whole` : `a send to ${topic} written in part`);
        await life.call(`a part of a send to ${topic}`, () => { for (const message of part) this.append(topic, message); }, unavailable);
        throw unavailable();
      }
      await life.call(`a send to ${topic}`, () => { for (const message of messages) this.append(topic, message); }, unavailable);
    };
    // One request at a time, in the order of the calls.
    return { send: (topic, messages) => { const sent = tail.then(() => send(topic, messages)); tail = sent.catch(() => {}); return sent; } };
  }

  private group(id: string): Group {
    let group = this.groups.get(id);
    if (group === undefined) this.groups.set(id, (group = { members: [], committed: new Map(), generation: 0 }));
    return group;
  }

  private join(id: string, member: Member): void {
    const group = this.group(id);
    group.members.push(member);
    // A dead member is found out after its session.
    member.life.whenDead(() => { this.world.at(this.world.elapsed + 5_000 + this.world.random.below(5_000), () => { this.leave(id, member); }); });
    this.rebalance(id);
  }

  private leave(id: string, member: Member): void {
    const group = this.group(id);
    const index = group.members.indexOf(member);
    if (index < 0) return;
    group.members.splice(index, 1);
    this.rebalance(id);
  }

  rebalance(id: string): void {
    const group = this.group(id);
    group.generation += 1;
    this.world.count(`${id}: partitions dealt anew`);
    const { members } = group;
    for (const member of members) member.assigned = new Map();
    for (const [topic, logs] of this.topics) {
      const takers = members.filter((member) => member.topics.includes(topic));
      if (takers.length === 0) continue;
      const first = this.world.random.below(takers.length);
      logs.forEach((_, partition) => {
        const { assigned } = takers[(first + partition) % takers.length]!;
        assigned.set(topic, [...(assigned.get(topic) ?? []), partition]);
      });
    }
    this.world.say(`${id} generation ${group.generation}: ${members.map(({ name, assigned }) => `${name} ${JSON.stringify([...assigned])}`).join(', ')}`);
    const { generation } = group;
    // Members hear of it at different times; until then the old owner goes on, and its commits are refused.
    for (const member of members) this.world.at(this.world.elapsed + this.world.random.exponential(20), () => { if (member.life.alive && group.generation === generation) member.onAssigned(generation); });
  }

  readonly groupIds = (): string[] => [...this.groups.keys()];

  private async commit(life: Life, id: string, generation: number, topic: string, partition: number, offset: number, end: number | null): Promise<void> {
    await life.call(`a commit of ${topic}`, () => {
      const group = this.group(id);
      if (group.generation !== generation) {
        this.world.count(`${id}: commit of an old generation refused`);
        throw new StaleGeneration();
      }
      group.committed.set(`${topic}/${partition}`, { offset, end });
    }, () => new StaleGeneration(), `/${partition}`);
  }

  committed(id: string, topic: string, partition: number): Committed {
    return this.group(id).committed.get(`${topic}/${partition}`) ?? { offset: 0, end: null };
  }

  /** Batches with recorded ends, as `BatchConsumer` hands them over. */
  batches(life: Life, id: string, topics: readonly string[], batchMax: number): EventSource {
    const { world } = this;
    let stopped = false;
    const run = async (take: (batch: SourceBatch) => Promise<void>, topic: string, partition: number, generation: number, isMine: () => boolean): Promise<void> => {
      while (life.alive && !stopped && isMine()) {
        const { offset, end } = this.committed(id, topic, partition);
        const log = this.log(topic, partition);
        if (log.length <= offset) { await this.more(life, topic, partition); continue; }
        const last = end ?? Math.min(log.length, offset + 1 + world.random.below(batchMax)) - 1;
        if (end === null) await this.commit(life, id, generation, topic, partition, offset, last);
        else world.count(`${id}: batch begun by another, taken with its recorded end`);
        for (;;) {
          try {
            await take({ topic, partition, messages: log.slice(offset, last + 1) });
            break;
          } catch (error) {
            if (!(error instanceof WaryError && error.retryable)) throw error;
            // The batch is handed over again as long as it is ours.
            world.count(`${id}: batch handed over again`);
            await life.timers.sleep(50 + world.random.below(200));
            if (!isMine()) return;
          }
        }
        await this.commit(life, id, generation, topic, partition, last + 1, null);
      }
    };
    return {
      start: (take) => {
        const running = new Map<string, Promise<void>>();
        let current = -1;
        this.join(id, {
          name: life.name, life, topics, assigned: new Map(),
          onAssigned(generation) {
            current = generation;
            for (const [topic, partitions] of this.assigned) {
              for (const partition of partitions) {
                const key = `${topic}/${partition}`;
                // What this process still has in hand of it is finished first.
                const before = running.get(key) ?? Promise.resolve();
                running.set(key, before.then(async () => {
                  while (life.alive && !stopped && current === generation) {
                    try {
                      await run(take, topic, partition, generation, () => current === generation);
                    } catch (error) {
                      // A commit that was refused drops the batch; whoever has the partition then begins with it.
                      if (!(error instanceof StaleGeneration)) throw error;
                      await life.timers.sleep(100);
                    }
                  }
                }));
              }
            }
          },
        });
        return Promise.resolve();
      },
      async stop() { stopped = true; },
    };
  }

  /** Partitions whose handler says where they go on, as `PartitionConsumer` does. */
  partitionSource(life: Life, id: string, topic: string): PartitionSource {
    const { world } = this;
    const owned = new Map<number, object>();
    let handler: PartitionHandler;
    const own = (partition: number): void => {
      const token = {};
      owned.set(partition, token);
      const isMine = (): boolean => life.alive && owned.get(partition) === token;
      void (async () => {
        let wants = (await handler.assigned(partition)) ?? this.committed(id, topic, partition).offset;
        while (isMine()) {
          const log = this.log(topic, partition);
          if (log.length <= wants) { await this.more(life, topic, partition); continue; }
          const messages = log.slice(wants, wants + 1 + world.random.below(40));
          await life.call('a fetch', () => {}, unavailable).catch(() => {});
          if (!isMine()) return;
          const room = handler.take(partition, messages, log.length);
          wants = messages.at(-1)!.offset + 1;
          if (room !== null) await room;
        }
      })();
    };
    const release = (partition: number): void => {
      owned.delete(partition);
      handler.revoked(partition);
    };
    return {
      start: (given) => {
        handler = given;
        this.join(id, {
          name: life.name, life, topics: [topic], assigned: new Map(),
          onAssigned() {
            const mine = this.assigned.get(topic) ?? [];
            for (const partition of owned.keys()) if (!mine.includes(partition)) release(partition);
            for (const partition of mine) if (!owned.has(partition)) own(partition);
          },
        });
        return Promise.resolve();
      },
      again(partition) {
        if (!owned.has(partition)) return;
        world.count(`${id}: partition read anew after another had closed its hour`);
        release(partition);
        own(partition);
      },
      stop: () => Promise.resolve(),
    };
  }

  /** A log of one partition as one process reads it. */
  tail(life: Life, topic: string): LogTail {
    const { world } = this;
    let next = 0;
    let stopped = false;
    return {
      start: (onMessage) => {
        void (async () => {
          while (life.alive && !stopped) {
            const message = this.log(topic, 0)[next];
            if (message === undefined) { await this.more(life, topic, 0); continue; }
            next += 1;
            onMessage(message.offset, message.value!);
            if (world.random.next() < 0.3) await life.timers.sleep(world.random.exponential(5));
          }
        })();
        return Promise.resolve();
      },
      rewind: (offset) => {
        next = Math.min(next, offset);
        for (const wake of this.waiters.get(`${topic}/0`)?.splice(0) ?? []) wake();
      },
      end: () => life.call('the end of a log', () => this.log(topic, 0).length, unavailable),
      async stop() { stopped = true; },
    };
  }
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
