import { arbitraryEvent } from '@wary/adapter-clickhouse/testing/arbitrary-event.js';
import { emptyEvent } from '@wary/model/event.js';
import { offsetOf, partitionOf, seqOf } from '@wary/model/topics.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEvent, encodeEvent, RecordError } from './event-record.js';

const message = (value: Buffer | null, offset = 0) => ({ offset, time: 0, key: null, value, headers: {} });

describe('an event in the log of record', () => {
  it('comes out as it went in, with the sequence of its place', () => {
    fc.assert(fc.property(fc.string(), fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 2 ** 45 - 2 }), fc.integer({ min: 0, max: 255 }), (id, text, offset, partition) => {
      const event = { ...emptyEvent('native'), id: `${id}x`, tenant: 't', time: 5, receivedAt: 6, reason: Buffer.from(text).toString(), bytes: null, seq: 77, principal: { type: 'user' as const, id: Buffer.from(text).toString() } };
      const back = decodeEvent(partition, message(encodeEvent(event), offset));
      expect(back).toEqual({ ...event, seq: seqOf(partition, offset) });
      expect([partitionOf(back.seq), offsetOf(back.seq)]).toEqual([partition, offset]);
    }));
  });

  it('whatever is in it, and in the version before, which had every field', () => {
    fc.assert(fc.property(arbitraryEvent, (some) => {
      const event = { ...some, id: `${some.id}x`, tenant: `${some.tenant}x` };
      const expected = JSON.stringify({ ...event, seq: seqOf(3, 7) });
      const sorted = (text: string): unknown => JSON.parse(text) as unknown;
      for (const value of [encodeEvent(event), Buffer.from(`{"v":1,"event":${JSON.stringify({ ...event, seq: 0 })}}`)]) expect(sorted(JSON.stringify(decodeEvent(3, message(value, 7))))).toEqual(sorted(expected));
    }), { numRuns: 200 });
  });

  it('has nothing in it that is neutral, and the events read from it share nothing that one may change', () => {
    const value = encodeEvent({ ...emptyEvent('nginx'), id: 'a', time: 5, receivedAt: 6, actor: { ...emptyEvent('nginx').actor, id: 'eva' } });
    expect(JSON.parse(value.toString())).toEqual({ v: 2, event: { id: 'a', time: 5, receivedAt: 6, source: 'nginx', actor: { id: 'eva' } } });
    const [one, other] = [decodeEvent(0, message(value)), decodeEvent(0, message(value))];
    for (const part of ['actor', 'client', 'resource', 'principal', 'attributes'] as const) expect(one[part]).not.toBe(other[part]);
  });

  it('keys of a stranger\'s are kept where they were, and change nothing else', () => {
    const attributes = JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as Record<string, never>;
    const back = decodeEvent(0, message(encodeEvent({ ...emptyEvent('native'), id: 'a', attributes })));
    expect(Object.keys(back.attributes)).toEqual(['__proto__', 'constructor']);
    const hostile = decodeEvent(0, message(Buffer.from('{"v":2,"event":{"id":"a","__proto__":{"tenant":"evil"},"actor":{"__proto__":{"id":"evil"},"id":"eva"}}}')));
    expect([hostile.tenant, hostile.actor.id, ({} as { polluted?: boolean }).polluted]).toEqual(['default', 'eva', undefined]);
  });

  it.each<[string, Buffer | null]>([
    ['nothing', null], ['no JSON', Buffer.from('{')], ['null', Buffer.from('null')], ['another version', Buffer.from('{"v":3,"event":{"id":"a"}}')], ['an event without an id', Buffer.from('{"v":2,"event":{"time":5}}')], ['a part that is none', Buffer.from('{"v":2,"event":{"id":"a","actor":"eva"}}')], ['no event', Buffer.from('{"v":1}')],
    ['an event without parts', Buffer.from('{"v":1,"event":{"id":"a","tenant":"t","time":1,"receivedAt":1,"flags":0,"kind":"access"}}')], ['a list', Buffer.from('{"v":1,"event":[]}')],
    ['a time that is no number', Buffer.from(JSON.stringify({ v: 1, event: { ...emptyEvent('native'), id: 'a', tenant: 't', time: '5' } }))],
  ])('%s is refused, and nothing else happens', (_, value) => {
    expect(() => decodeEvent(0, message(value))).toThrow(RecordError);
  });

  it('has a place in the order of its partition, and no other event has it', () => {
    expect(seqOf(3, 10)).toBeLessThan(seqOf(3, 11));
    expect(new Set([seqOf(0, 0), seqOf(255, 0), seqOf(0, 1), seqOf(255, 1)]).size).toBe(4);
    expect(seqOf(0, 0)).toBeGreaterThan(0);
    expect(() => seqOf(0, 2 ** 46)).toThrow(RangeError);
  });
});
