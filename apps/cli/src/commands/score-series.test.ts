import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scoreSeriesFile } from './score-series.js';

let dir: string;
beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), 'wary-series-'))));
afterAll(() => rmSync(dir, { recursive: true }));

/** Two weeks of five minutes with a day in them, and a spike. */
function series(rows: number): string[] {
  return Array.from({ length: rows }, (_, i) => {
    const at = new Date(Date.UTC(2026, 0, 5) + i * 300_000).toISOString().slice(0, 19).replace('T', ' ');
    const value = 50 + 20 * Math.sin((i / 288) * 2 * Math.PI) + ((i * 7919) % 97) / 40 + (i === 3_000 ? 120 : 0);
    return `${at},${value.toFixed(4)}`;
  });
}
async function score(lines: readonly string[], header = 'timestamp,value'): Promise<string[]> {
  writeFileSync(join(dir, 'in.csv'), `${[header, ...lines].join('\n')}\n`);
  await scoreSeriesFile({ in: join(dir, 'in.csv'), out: join(dir, 'out.csv') });
  return readFileSync(join(dir, 'out.csv'), 'utf8').trimEnd().split('\n');
}

describe('wary score timeseries', () => {
  it('repeats every row with a score from 0 to 1, the spike highest', async () => {
    const rows = series(4_032);
    const [header, ...out] = await score(rows);
    expect(header).toBe('timestamp,value,anomaly_score');
    expect(out.map((line) => line.slice(0, line.lastIndexOf(',')))).toEqual(rows);
    const scores = out.map((line) => Number(line.slice(line.lastIndexOf(',') + 1)));
    for (const each of scores) expect(each >= 0 && each <= 1).toBe(true);
    expect(scores.indexOf(Math.max(...scores))).toBe(3_000);
  });

  it('looks at nothing that comes later, and says the same twice', async () => {
    const rows = series(3_200);
    const whole = await score(rows);
    for (const cut of [1, 400, 3_001]) expect(await score(rows.slice(0, cut))).toEqual(whole.slice(0, cut + 1));
    expect(await score(rows)).toEqual(whole);
  });

  it.each([
    [['2026-01-05 00:00:00,1'], 'time,value', /in\.csv, line 1: the header must be "timestamp,value"/],
    [['2026-01-05 00:00:00,1', '2026-01-05 00:05:00,many'], undefined, /line 3: "many" is not a number/],
    [['2026-01-05 00:00:00,'], undefined, /line 2: "" is not a number/],
    [['2026-01-05 00:00:00,0x10'], undefined, /line 2: "0x10" is not a number/],
    [['2026-02-31 00:00:00,1'], undefined, /line 2: "2026-02-31 00:00:00" is not a timestamp/],
    [['yesterday,1'], undefined, /line 2: "yesterday" is not a timestamp/],
    [['2026-01-05 00:00:00'], undefined, /line 2: two columns are needed/],
    [['2026-01-05 00:00:00,1,2'], undefined, /line 2: two columns are needed/],
  ])('%j is refused by its line', async (lines, header, expected) => {
    await expect(score(lines, header)).rejects.toThrow(expected);
  });
});
