import { emptyEvent, type Event } from '@wary/model/event.js';
import { WaryError } from '@wary/model/errors.js';
import type { DeadLetter } from '@wary/model/dead-letter.js';
import type { Finding } from '@wary/model/finding.js';
import { seqOf, TOPICS } from '@wary/model/topics.js';
import { FakeClock } from '@wary/testkit/fake-clock.js';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { PathMetrics } from '../path/path-metrics.js';
import { encodeEvent } from './event-record.js';
import { createStoreIntake } from './store-intake.js';

const plain = { encrypt: (text: string) => `<${text}>`, decrypt: (text: string) => text.slice(1, -1) };
const messageOf = (value: Buffer | string, offset: number) => ({ offset, time: 0, key: null, value: Buffer.from(value), headers: {} });
const eventOf = (id: string): Event => ({ ...emptyEvent('native'), id, tenant: 't', time: 1, receivedAt: 2, principal: { type: 'user', id: 'alice' } });

function intake(fail: Array<'before' | 'after' | undefined> = []) {
  const rows: Array<{ id: string; seq: number }> = [];
  const tokens: string[] = [];
  const letters: DeadLetter[] = [];
  const findings: Finding[] = [];
  const take = createStoreIntake({
    events: {
      insertEvents: async (events, token) => {
        const how = fail.shift();
        if (how === 'before') throw new WaryError('store_unavailable');
        if (!tokens.includes(token)) rows.push(...events.map(({ id, seq }) => ({ id, seq })));
        tokens.push(token);
        if (how === 'after') throw new WaryError('store_unavailable');
      },
    },
    findings: { insertFindings: async (found) => { findings.push(...found); } },
    deadLetters: { insertDeadLetters: async (found) => { letters.push(...found); } },
    cipher: plain, clock: new FakeClock(1_000), metrics: new PathMetrics(new Registry(), () => 0), onTaken: () => {},
  });
  return { take, rows, tokens, letters, findings };
}
const eventsAt = (from: number, ...ids: string[]) => ({ topic: TOPICS.events, partition: 2, messages: ids.map((id, index) => messageOf(encodeEvent(eventOf(id)), from + index)) });

describe('from the topics into the store', () => {
  it('names a batch by its messages, and gives every event the sequence of its place', async () => {
    const { take, rows, tokens } = intake();
    await take(eventsAt(10, 'a', 'b'));
    expect(tokens).toEqual(['wary.events/2/10-11']);
    expect(rows).toEqual([{ id: 'a', seq: seqOf(2, 10) }, { id: 'b', seq: seqOf(2, 11) }]);
  });

  it('the same batch again adds nothing, whether the first try went through or not', async () => {
    for (const how of ['before', 'after'] as const) {
      const { take, rows } = intake([how]);
      await expect(take(eventsAt(0, 'a', 'b'))).rejects.toMatchObject({ retryable: true });
      await take(eventsAt(0, 'a', 'b'));
      expect(rows.map(({ id }) => id)).toEqual(['a', 'b']);
    }
  });

  it('stores what is twice in a batch once; whatever came before, the same batch is the same rows', async () => {
    const { take, rows, tokens } = intake(['after']);
    await expect(take(eventsAt(3, 'b', 'b', 'c'))).rejects.toMatchObject({ retryable: true });
    await take(eventsAt(0, 'a', 'b'));
    await take(eventsAt(3, 'b', 'b', 'c'));
    expect(rows.map(({ id }) => id)).toEqual(['b', 'c', 'a', 'b']);
    expect(tokens).toEqual(['wary.events/2/3-5', 'wary.events/2/0-1', 'wary.events/2/3-5']);
  });

  it('keeps what is no record as a dead letter, once however often it comes, and the rest is stored', async () => {
    const { take, rows, letters } = intake();
    const batch = eventsAt(0, 'a');
    batch.messages.push(messageOf('{broken', 1), messageOf(encodeEvent(eventOf('b')), 2));
    await take(batch);
    await take(batch);
    expect(rows.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(new Set(letters.map(({ id }) => id)).size).toBe(1);
    expect(letters[0]).toMatchObject({ offset: 1, code: 'malformed_json', payload: '{broken', message: 'Message 1 of partition 2 of wary.events cannot be used: it is not JSON' });
  });

  it('stores findings and dead letters, and refuses those of another key or release by name', async () => {
    const { take, findings, letters } = intake();
    await take({ topic: TOPICS.findings, partition: 0, messages: [messageOf(JSON.stringify({ v: 1, finding: { id: 'f', tenant: 't', revision: 0, explanation: {} } }), 0), messageOf('{"v":9}', 1)] });
    await take({ topic: TOPICS.deadLetters, partition: 0, messages: [messageOf(JSON.stringify({ v: 1, letter: { id: 'l', tenant: 't', payload: '<clear>' } }), 0)] });
    expect(findings.map(({ id }) => id)).toEqual(['f']);
    expect(letters.map(({ message, payload }) => message ?? payload)).toEqual([expect.stringContaining('another release'), 'clear']);
  });
});
