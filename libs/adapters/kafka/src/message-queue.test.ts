import { describe, expect, it } from 'vitest';
import { MESSAGE_BYTES_MAX, MessageQueue } from './message-queue.js';

const message = (key: string, bytes: number, partition?: number) => ({ key, value: 'x'.repeat(bytes), ...(partition === undefined ? {} : { partition }) });
const LATE = Number.MAX_SAFE_INTEGER;
const keysOf = (queue: MessageQueue): string[] | undefined => queue.next()?.topics.flatMap(({ topic, messages }) => messages.map(({ key }) => `${topic}:${key.toString()}`));

describe('the queue of messages', () => {
  it('takes what waits into one round, in order, until a batch of a partition is full', () => {
    const queue = new MessageQueue(64 * 1024 * 1024);
    void queue.add('a', [message('1', 300_000, 0), message('2', 300_000, 1)], LATE);
    void queue.add('a', [message('3', 100_000, 0), message('4', 300_000, 0), message('5', 1, 1)], LATE);
    expect(keysOf(queue)).toEqual(['a:1', 'a:2', 'a:3']);
    expect(keysOf(queue)).toEqual(['a:4', 'a:5']);
    expect(queue.next()).toBeNull();
  });

  it('sends a large message alone, refuses one that no broker takes, and more than it may hold', async () => {
    const queue = new MessageQueue(1_500_000);
    await expect(queue.add('a', [message('1', MESSAGE_BYTES_MAX)], LATE)).rejects.toMatchObject({ code: 'record_too_large' });
    void queue.add('a', [message('1', 10), message('2', 900_000), message('3', 10)], LATE);
    await expect(queue.add('a', [message('4', 700_000)], LATE)).rejects.toMatchObject({ code: 'overloaded', retryable: true });
    expect(keysOf(queue)).toEqual(['a:1']);
    expect(keysOf(queue)).toEqual(['a:2']);
    expect(keysOf(queue)).toEqual(['a:3']);
  });

  it('settles a sender when all of its messages are, once', async () => {
    const queue = new MessageQueue(64 * 1024 * 1024);
    let done = 0;
    const sent = queue.add('a', [message('1', 400_000, 0), message('2', 400_000, 0)], LATE).then(() => { done += 1; });
    queue.settle(queue.next()!, null);
    await Promise.resolve();
    expect(done).toBe(0);
    queue.settle(queue.next()!, null);
    await sent;
    expect(done).toBe(1);
    const failing = queue.add('a', [message('1', 400_000, 0), message('2', 400_000, 0)], LATE);
    queue.settle(queue.next()!, new Error('refused'));
    await expect(failing).rejects.toThrow('refused');
    expect(queue.next()).toBeNull();
  });

  it('gives each sender rounds of its own after one that was refused', () => {
    const queue = new MessageQueue(64 * 1024 * 1024);
    void queue.add('a', [message('1', 1), message('2', 1)], LATE);
    void queue.add('b', [message('3', 1)], LATE);
    const both = queue.next()!;
    void queue.add('a', [message('4', 1)], LATE);
    expect(both.senders).toBe(2);
    queue.returnOneByOne(both);
    expect(keysOf(queue)).toEqual(['a:1', 'a:2']);
    expect(keysOf(queue)).toEqual(['b:3']);
    expect(keysOf(queue)).toEqual(['a:4']);
  });
});
