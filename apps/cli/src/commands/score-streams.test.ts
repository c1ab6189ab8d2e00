import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCli, type BuiltCli } from '../cli-process.test-data.js';

let cli: BuiltCli;
beforeAll(async () => void (cli = await buildCli()));
afterAll(() => cli.remove());
/** Less than the input and the output together would need. */
const SMALL = { NODE_OPTIONS: '--max-old-space-size=16' };

describe('wary score, from standard input to standard output', () => {
  it('timeseries: every row comes back, in memory that does not grow with them', async () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => `${1_700_000_000 + i * 300},${(i * 7_919) % 1_000}`);
    const { status, stdout, stderr } = await cli.run(['score', 'timeseries', '--in', '-', '--out', '-', '--json'], { input: `timestamp,value\n${rows.join('\n')}\n`, env: SMALL });
    expect(status, stderr).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBe(100_001);
    expect(lines.at(-1)!.startsWith(`${rows.at(-1)!},`)).toBe(true);
    expect(JSON.parse(stderr)).toMatchObject({ rows: 100_000 });
  }, 30_000);

  it('drift: indices alone; a bad line ends it with one clear line and a status', async () => {
    const values = Array.from({ length: 4_000 }, (_, i) => (i < 3_000 ? (i * 7) % 5 === 0 : (i * 7) % 5 < 3) ? 1 : 0);
    expect(await cli.run(['score', 'drift', '--in', '-'], { input: values.join('\n') })).toMatchObject({ status: 0, stdout: expect.stringMatching(/^30\d\d\n$/) as string, stderr: '' });
    const bad = await cli.run(['score', 'drift', '--in', '-'], { input: '1\n0\nx\n' });
    expect(bad.status).not.toBe(0);
    expect(bad.stderr).toBe('wary: standard input, line 3: "x" is not a number\n');
  });
});
