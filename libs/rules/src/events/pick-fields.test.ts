import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookUp, type EventRecord } from './field-values.js';
import { FieldPicker } from './pick-fields.js';

const KEYS = ['a', 'b', 'a.b', 'b.c', 'a.b.c', '__proto__', 'constructor'];
const key = fc.constantFrom(...KEYS);
const { record } = fc.letrec<{ value: unknown; record: Record<string, unknown> }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, fc.constantFrom('x', 0, null, true), fc.array(tie('value'), { maxLength: 3 }), tie('record')),
  record: fc.uniqueArray(fc.tuple(key, tie('value')), { maxLength: 4, selector: ([name]) => name }).map((entries) => JSON.parse(`{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`) as Record<string, unknown>),
}));
const field = fc.array(key, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));

describe('the picked part of a record', () => {
  it('gives for every field asked for what the whole gives, also after a way as JSON', () => {
    fc.assert(fc.property(record, fc.array(field, { maxLength: 4 }), (whole, fields) => {
      const part = JSON.parse(JSON.stringify(new FieldPicker(fields).pick(whole as EventRecord))) as EventRecord;
      for (const each of fields) expect(lookUp(part, each)).toEqual(lookUp(whole as EventRecord, each));
    }), { numRuns: 500 });
  });

  it('has nothing that was not asked for', () => {
    expect(new FieldPicker(['actor.id', 'rows']).pick({ actor: { id: 'eva', roles: ['x'] }, rows: 3, bytes: 9, list: [1] })).toEqual({ actor: { id: 'eva' }, rows: 3 });
    expect(new FieldPicker(['parts.name']).pick({ parts: [{ name: 'a', size: 1 }, { name: 'b' }], other: [] })).toEqual({ parts: [{ name: 'a', size: 1 }, { name: 'b' }] });
  });
});
