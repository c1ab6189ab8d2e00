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

  it.each<[string, Buffer | null]>([
    ['nothing', null], ['no JSON', Buffer.from('{')], ['null', Buffer.from('null')], ['another version', Buffer.from('{"v":2,"event":{}}')], ['no event', Buffer.from('{"v":1}')],
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
