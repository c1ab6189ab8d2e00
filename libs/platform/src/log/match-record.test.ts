import type { ForwardedRecord } from '@wary/detect/forwarded-record.js';
import { TOPICS } from '@wary/model/topics.js';
import type { SinkMessage } from '@wary/ports/message-sink.port.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordError } from './event-record.js';
import { decodeMatch, sendMatches, type MatchMessage, type MatchRecord } from './match-record.js';

const message = (value: SinkMessage['value'] | null) => ({ offset: 0, time: 0, key: null, value: value === null ? null : Buffer.from(value), headers: {} });
const recordOf = (tenant: string, seq: number, rules: readonly string[], more: object = {}): ForwardedRecord => ({ partition: 3, seq, rules, event: { id: `e${seq}`, tenant, time: 5, seq, kind: 'access', source: 'native', flags: 0, principal: { type: 'user', id: 'eva' }, criticality: 2, ...more } });

async function sent(records: readonly MatchRecord[], partitions = 4): Promise<SinkMessage[]> {
  const messages: SinkMessage[] = [];
  await sendMatches({ send: (topic, of) => { expect(topic).toBe(TOPICS.matches); messages.push(...of); return Promise.resolve(); } }, partitions, records);
  return messages;
}

describe('what partitions tell the correlations', () => {
  it('comes out as it went in, in order, the events of a tenant together', async () => {
    const piece = fc.record({ tenant: fc.constantFrom('t', 'acme "and" sons', '__proto__'), rules: fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 3 }), text: fc.string({ unit: 'binary' }), isFrontier: fc.integer({ min: 0, max: 5 }), again: fc.boolean() });
    await fc.assert(fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
      const records = pieces.map(({ tenant, rules, text, isFrontier, again }, at): MatchRecord => (isFrontier === 0
        ? { frontier: { tenant, partition: 3, seq: at, time: null, historyTime: 7, reachedTime: 8 } } : { record: recordOf(tenant, at + 1, rules, { reason: Buffer.from(text).toString() }), again }));
      const back = (await sent(records)).map(({ value }) => decodeMatch(message(value)));
      expect(back.flatMap((each): unknown[] => ('records' in each ? each.records.map((record) => ({ record, again: each.again })) : [each]))).toEqual(records);
      // As many messages as the tenant changes, or whether it was judged before.
      const tenants = records.map((each) => ('record' in each ? `${each.again} ${each.record.event.tenant}` : null));
      const changes = tenants.filter((tenant, at) => at === 0 || tenant === null || tenant !== tenants[at - 1]).length;
      expect(back).toHaveLength(changes);
    }));
  });

  it('is cut into messages of a bounded size', async () => {
    const many = await sent(Array.from({ length: 1_201 }, (_, at) => ({ record: recordOf('t', at + 1, ['r']) })));
    expect(many.map(({ value }) => (decodeMatch(message(value)) as Extract<MatchMessage, { records: unknown }>).records.length)).toEqual([500, 500, 201]);
    const large = await sent(Array.from({ length: 10 }, (_, at) => ({ record: recordOf('t', at + 1, ['r'], { reason: 'x'.repeat(100_000) }) })));
    expect(Math.max(...large.map(({ value }) => value!.length))).toBeLessThan(500_000);
  });

  it('of one tenant lies in one partition; that a partition rests all of them hear', async () => {
    const messages = await sent([{ record: recordOf('t', 1, ['r']) }, { frontier: { tenant: 't', partition: 0, seq: 1, time: 1, historyTime: null, reachedTime: 0 } }]);
    expect(new Set(messages.map(({ partition }) => partition)).size).toBe(1);
    const rests = await sent([{ caughtUp: 2, read: [5, 6, 7] }], 3);
    expect(rests.map(({ partition, value }) => [partition, decodeMatch(message(value))])).toEqual([0, 1, 2].map((partition) => [partition, { caughtUp: 2, read: [5, 6, 7] }]));
  });

  it.each<[string, string | null]>([
    ['nothing', null], ['no JSON', '{'], ['null', 'null'], ['another version', '{"v":1,"record":{}}'], ['no part', '{"v":2}'], ['a rule that is not there', '{"v":2,"tenant":"t","partition":0,"rules":[],"events":[[[0],{"id":"e","tenant":"t","seq":1,"time":1,"principal":{"id":"p"}}]]}'],
    ['an event without an id', '{"v":2,"tenant":"t","partition":0,"rules":[],"events":[[[],{"tenant":"t","seq":1,"time":1,"principal":{"id":"p"}}]]}'], ['no sequence', '{"v":2,"tenant":"t","partition":0,"rules":[],"events":[[[],{"id":"e","tenant":"t","time":1,"principal":{"id":"p"}}]]}'],
    ['another tenant\'s event', '{"v":2,"tenant":"t","partition":0,"rules":[],"events":[[[],{"id":"e","tenant":"u","seq":1,"time":1,"principal":{"id":"p"}}]]}'],
  ])('of %s says that it is none', (_name, value) => {
    expect(() => decodeMatch(message(value))).toThrow(RecordError);
  });
});
