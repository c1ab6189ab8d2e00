import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Pseudonyms } from './pseudonym.js';

const pseudonyms = new Pseudonyms(new Uint8Array(32).fill(1));
const id = fc.string({ minLength: 1, maxLength: 40 });

test('stable, of one form, recognised, and different for each id, tenant and key', () => {
  const other = new Pseudonyms(new Uint8Array(32).fill(2));
  fc.assert(fc.property(id, id, (a, b) => {
    const pseudonym = pseudonyms.of('t', a);
    expect(pseudonym).toMatch(/^p_[a-z2-7]{20}$/);
    expect(pseudonyms.of('t', a)).toBe(pseudonym);
    expect(pseudonyms.of('t', pseudonym)).toBe(pseudonym);
    if (a !== b) expect(pseudonyms.of('t', b)).not.toBe(pseudonym);
    expect(pseudonyms.of('u', a)).not.toBe(pseudonym);
    expect(other.of('t', a)).not.toBe(pseudonym);
  }), { numRuns: 200 });
});

test('what only looks like one is pseudonymised, so that nobody can choose whom to be', () => {
  const real = pseudonyms.of('t', 'alice');
  const forged = `${real.slice(0, -1)}${real.endsWith('a') ? 'b' : 'a'}`;
  expect(pseudonyms.of('t', forged)).not.toBe(forged);
  expect(pseudonyms.of('u', real)).not.toBe(real);
});

test('tenant and id do not run into each other', () => {
  expect(pseudonyms.of('a', 'b\0c')).not.toBe(pseudonyms.of('a\0b', 'c'));
});
