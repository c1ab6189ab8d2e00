import { REGISTER_NAMES, REGISTER_SCHEMAS } from '@wary/model/registers.js';
import { describe, expect, it } from 'vitest';
import { cellText, cellValue, REGISTER_LIST, REGISTERS } from './register-columns.js';

describe('register columns', () => {
  it('are those of the model', () => {
    expect([...REGISTER_LIST].sort()).toEqual([...REGISTER_NAMES].sort());
    for (const name of REGISTER_NAMES) expect(REGISTERS[name].columns.map(([column]) => column).sort()).toEqual(Object.keys(REGISTER_SCHEMAS[name].shape).sort());
  });
  it('give rows that the model takes', () => {
    const texts: Record<string, string> = { id: 'x', value: 'long enough', resource: 'ds/*', date: '2026-12-25', network: '10.0.0.0/8', allowed: 'a; b ;', keys: '', required: 'true', approved: 'false' };
    for (const name of REGISTER_NAMES) {
      const row = Object.fromEntries(REGISTERS[name].columns.map(([column, kind]) => [column, cellValue(kind, texts[column] ?? (Array.isArray(kind) ? kind[0] : ''))]));
      expect(REGISTER_SCHEMAS[name].safeParse(row).error?.issues).toBeUndefined();
    }
  });
  it('turn lists into text and back', () => {
    expect(cellText(['a', 'b'])).toBe('a; b');
    expect(cellValue('list', 'a; b;;')).toEqual(['a', 'b']);
    expect([cellText(null), cellText(true)]).toEqual(['', 'true']);
  });
});
