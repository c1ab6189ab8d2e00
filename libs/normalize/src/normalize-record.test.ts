import { emptyEvent, EVENT_FLAG, hasFlag, type Event } from '@wary/model/event.js';
import type { RawRecord } from '@wary/model/raw-record.js';
import { SOURCE_NAMES, SUPPORTED_SOURCES } from '@wary/model/sources.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeRecord, recordFormat } from './normalize-record.js';

const RECEIVED_AT = Date.UTC(2026, 10, 22, 5, 0, 0);
const SETTINGS = { retentionDays: 400 };
const MINUTE = 60_000;
const DAY = 86_400_000;
const recordOf = (value: unknown, more: Partial<RawRecord> = {}): RawRecord => ({ source: 'native', tenant: 'acme', receivedAt: RECEIVED_AT, value, text: '', line: 0, transportId: '', ...more });
const VALID = { time: RECEIVED_AT, kind: 'access', actor: { id: 'alice' }, action: 'read' };
function eventOf(value: unknown, more: Partial<RawRecord> = {}): Event {
  const step = normalizeRecord(recordOf(value, more), SETTINGS);
  if (step.kind !== 'ok') throw new Error(JSON.stringify(step));
  return step.value;
}

/** The same value with the keys of each object in another order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, shuffled(inner)]));
}

describe('identity', () => {
  it('the id of the sender wins, then the transport, then the content', () => {
    expect(eventOf({ ...VALID, id: 'x1' }, { transportId: 'f:7' }).id).toBe('x1');
    expect(eventOf({ ...VALID, id: 42 }).id).toBe('42');
    expect(eventOf({ ...VALID, id: 12345678901234567000 }, { notes: { repairedText: false, bigIntegers: { id: '12345678901234567890' } } }).id).toBe('12345678901234567890');
    expect(eventOf(VALID, { transportId: 'f:7' }).id).toBe('f:7');
    expect(eventOf(VALID).id).toMatch(/^h:[0-9a-f]{32}$/);
  });

  it('does not depend on the order of keys, and on nothing that is not content', () => {
    const content = fc.record({ time: fc.constant(RECEIVED_AT), kind: fc.constant('access'), actor: fc.constant({ id: 'alice', type: 'user' }), action: fc.constant('read'), attributes: fc.dictionary(fc.string().filter((key) => key !== '__proto__'), fc.jsonValue()), foo: fc.jsonValue() });
    fc.assert(fc.property(content, (value) => {
      const id = eventOf(structuredClone(value)).id;
      expect(eventOf(shuffled(value)).id).toBe(id);
      expect(eventOf(structuredClone(value), { receivedAt: RECEIVED_AT + 1000, line: 9, tenant: 'acme' }).id).toBe(id);
    }), { numRuns: 50 });
  });

  it('tells ten requests within a second apart by their milliseconds, and long integers by their digits', () => {
    const ids = Array.from({ length: 10 }, (_, i) => eventOf({ ...VALID, time: RECEIVED_AT + i }).id);
    expect(new Set(ids).size).toBe(10);
    const digits = ['9007199254740992', '9007199254740993'].map((order) => eventOf({ ...VALID, order: Number(order) }, { notes: { repairedText: false, bigIntegers: { order } } }).id);
    expect(digits[0]).not.toBe(digits[1]);
  });
});

describe('time', () => {
  it.each([
    ['an hour ago', -60 * MINUTE, []], ['a moment longer ago', -60 * MINUTE - 1, ['historical']], ['at the end of the retention', -400 * DAY, ['historical']], ['now', 0, []],
    ['five minutes ahead', 5 * MINUTE, []], ['a moment more ahead', 5 * MINUTE + 1, ['future']], ['a year ahead', 365 * DAY, ['future']],
  ] as const)('%s', (_name, offsetMs, flags) => {
    const event = eventOf({ ...VALID, time: RECEIVED_AT + offsetMs });
    expect(event.time).toBe(RECEIVED_AT + offsetMs);
    expect((['historical', 'future'] as const).filter((name) => hasFlag(event, EVENT_FLAG[name]))).toEqual(flags);
  });
  it.each([[-400 * DAY - 1], [400 * DAY + 1]])('%d ms away is outside of the retention', (offsetMs) => {
    expect(normalizeRecord(recordOf({ ...VALID, time: RECEIVED_AT + offsetMs }), SETTINGS)).toMatchObject({ kind: 'deadLetter', code: 'time_out_of_retention' });
  });
});

describe('native', () => {
  it.each([
    ['actor.id', { ...VALID, actor: { id: 'x'.repeat(513) } }, 'string_too_long'], ['resource.id', { ...VALID, resource: { id: true } }, 'invalid_event'], ['source', { ...VALID, source: [] }, 'invalid_event'],
    ['gen_ai["usage.input_tokens"]', { ...VALID, gen_ai: { 'usage.input_tokens': 'many' } }, 'invalid_event'], ['ml.features', { ...VALID, ml: { features: 7 } }, 'invalid_event'], ['lifecycle.parents', { ...VALID, lifecycle: { parents: {} } }, 'invalid_event'],
    ['attributes', { ...VALID, attributes: 'x' }, 'invalid_event'], ['actor.mfa', { ...VALID, actor: { id: 'a', mfa: 'yes' } }, 'invalid_event'], ['action', { ...VALID, action: 7 }, 'invalid_event'], ['rows', { ...VALID, rows: '7' }, 'invalid_event'],
    ['resource.labels[1]', { ...VALID, resource: { id: 'x', labels: ['a', 1] } }, 'invalid_event'], ['id', { ...VALID, id: {} }, 'invalid_event'],
  ])('a wrong %s is named in the message', (field, value, code) => {
    const step = normalizeRecord(recordOf(value), SETTINGS);
    expect(step).toMatchObject({ kind: 'deadLetter', code });
    expect(step.kind === 'deadLetter' ? step.message : '').toContain(field);
  });

  it('never drops a key: each leaf of a record is somewhere on its event', () => {
    const leaf = fc.uuid();
    const tree = fc.letrec((tie) => ({ node: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('node'), { maxLength: 3 }), fc.dictionary(fc.stringMatching(/^[a-z_.]{1,9}$/), tie('node'), { maxKeys: 4 })) })).node;
    const unknown = fc.dictionary(fc.stringMatching(/^[a-z_.]{1,9}$/).map((key) => `x${key}`), tree, { maxKeys: 4 });
    fc.assert(fc.property(fc.tuple(unknown, unknown, unknown, unknown, unknown), ([top, actor, source, genAi, attributes]) => {
      const value = { ...top, ...VALID, actor: { ...actor, id: 'alice' }, source, gen_ai: genAi, attributes: { ...attributes, xa: 'mine' } };
      const text = JSON.stringify(eventOf(structuredClone(value)));
      for (const [uuid] of JSON.stringify(value).matchAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g)) expect(text).toContain(uuid);
    }), { numRuns: 50 });
  });

  it('leaves the record as it was', () => {
    const value = { ...VALID, foo: 1, attributes: { foo: 2 }, big: 9007199254740992 };
    const before = structuredClone(value);
    eventOf(value, { notes: { repairedText: true, bigIntegers: { big: '9007199254740993' } } });
    expect(value).toEqual(before);
  });

  it('has every field of an event, in the shape that the store and the detectors know', () => {
    const keys = (value: object): string[] => Object.keys(value);
    const event = eventOf({ ...VALID, actor: { id: 'a', x: 1 }, gen_ai: {}, ml: {}, lifecycle: {} });
    expect(keys(event)).toEqual(keys(emptyEvent('native')));
    expect(keys(event.actor)).toEqual(keys(emptyEvent('native').actor));
    expect(keys(event.client)).toEqual(keys(emptyEvent('native').client));
  });
});

describe('any record of any source', () => {
  it('recordFormat knows the supported sources and no others', () => {
    for (const source of SOURCE_NAMES) expect(recordFormat(source) !== null).toBe((SUPPORTED_SOURCES as readonly string[]).includes(source));
    expect(normalizeRecord(recordOf({}, { source: 'okta' }), SETTINGS)).toMatchObject({ kind: 'deadLetter', code: 'unsupported_record' });
  });

  it('gets an answer, never a throw, and an event of it is whole', () => {
    fc.assert(fc.property(fc.constantFrom(...SUPPORTED_SOURCES), fc.anything({ withNullPrototype: false, maxDepth: 4 }), (source, value) => {
      const step = normalizeRecord(recordOf(value, { source }), SETTINGS);
      if (step.kind === 'ok') expect([step.value.id === '', step.value.actor.id === '', step.value.action === '']).toEqual([false, false, false]);
      else expect(['drop', 'deadLetter']).toContain(step.kind);
    }), { numRuns: 1_000 });
  });
});
