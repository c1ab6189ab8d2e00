import { describe, expect, it } from 'vitest';
import { remembering } from './remembering.js';

describe('remembering', () => {
  it('asks once for what comes again, answers the same, and gives up where nothing does', () => {
    let asked = 0;
    const even = (text: string): boolean => { asked += 1; return text.length % 2 === 0; };
    const test = remembering(even);
    for (let n = 0; n < 10_000; n += 1) expect(test('x'.repeat(n % 7))).toBe((n % 7) % 2 === 0);
    expect(asked).toBe(7);
    asked = 0;
    const rare = remembering(even);
    for (let n = 0; n < 5_000; n += 1) rare(`text ${n}`);
    for (let n = 0; n < 100; n += 1) rare('text 1');
    expect(asked).toBe(5_100);
    asked = 0;
    for (let n = 0; n < 3; n += 1) remembering(even)('y'.repeat(300));
    expect(asked).toBe(3);
  });
});
