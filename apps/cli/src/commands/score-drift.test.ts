import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scoreDriftFile } from './score-drift.js';

let dir: string;
beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), 'wary-drift-'))));
afterAll(() => rmSync(dir, { recursive: true }));

async function drifts(text: string): Promise<string> {
  writeFileSync(join(dir, 'in.csv'), text);
  await scoreDriftFile({ in: join(dir, 'in.csv'), out: join(dir, 'out.csv') });
  return readFileSync(join(dir, 'out.csv'), 'utf8');
}
/** One error in five, then three. */
const errors = Array.from({ length: 3_000 }, (_, i) => (i < 2_000 ? (i * 7) % 5 === 0 : (i * 7) % 5 < 3) ? 1 : 0);

describe('wary score drift', () => {
  it('prints the 0-based indices and nothing else', async () => {
    const out = await drifts(`${errors.join('\n')}\n`);
    expect(out).toMatch(/^20\d\d\n$/);
    expect(await drifts(errors.map((each) => `${each}.0`).join('\r\n'))).toBe(out);
    // What comes later changes nothing.
    expect(await drifts(errors.slice(0, Number(out) + 1).join('\n'))).toBe(out);
    expect(await drifts(errors.slice(0, Number(out)).join('\n'))).toBe('');
  });

  it.each([
    ['1\n0\nno\n', /in\.csv, line 3: "no" is not a number/],
    ['1\n0,1\n', /line 2: "0,1" is not a number/],
    ['value\n1\n', /line 1: "value" is not a number/],
    ['1\nNaN\n', /line 2: "NaN" is not a number/],
    ['', /in\.csv is empty/],
  ])('%j is refused by its line', async (text, expected) => {
    await expect(drifts(text)).rejects.toThrow(expected);
  });
});
