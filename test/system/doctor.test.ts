import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@wary/testkit/free-port.js';
import { ADMIN, newKey } from '../e2e/support/start-for-test.js';
import { startChild, stopChild, type Child } from './support/child.js';

const CLI = join(import.meta.dirname, '../../apps/cli/dist/main.js');
interface Report { ok: boolean; checks: Array<{ name: string; ok: boolean; found: string; advice?: string }> }

function doctor(env: Readonly<Record<string, string>>): Promise<{ status: number | null; report: Report; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [CLI, 'doctor', '--json'], { env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env } });
    let stdout = '';
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString(); output += chunk.toString(); });
    child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString(); });
    child.on('exit', (status) => { resolve({ status, output, report: JSON.parse(stdout) as Report }); });
  });
}
const found = ({ checks }: Report, name: string): string[] => checks.filter((check) => check.name === name).map((check) => `${check.ok ? 'ok' : 'FAIL'} ${check.found}`);

describe('wary doctor', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wary-doctor-'));
  let services: Child;
  let wary: Child;
  let env: Record<string, string>;
  beforeAll(async () => {
    services = await startChild(join(import.meta.dirname, '../../scripts/services.mjs'), [], {}, 120_000, (output) => /^WARY_SECRET_KEY=\S+\n/m.test(output));
    const servers = Object.fromEntries([...services.output().matchAll(/^(WARY_\w+)=(\S+)$/gm)].map(([, name, value]) => [name!, value!]));
    expect(Object.keys(servers).sort()).toEqual(['WARY_CLICKHOUSE_URL', 'WARY_KAFKA_BROKERS', 'WARY_POSTGRES_URL', 'WARY_SECRET_KEY']);
    env = {
      ...servers, WARY_DATA_DIR: folder, WARY_PORT: String(await freePort()), WARY_OPS_PORT: String(await freePort()), WARY_ADMIN_EMAIL: ADMIN.email, WARY_ADMIN_PASSWORD: ADMIN.password, WARY_INGEST_KEY: newKey(), WARY_LOG_LEVEL: 'error', UV_THREADPOOL_SIZE: '8',
    };
    wary = await startChild(CLI, ['start'], env, 120_000, (output) => output.includes('Wary is ready'));
  }, 300_000);
  afterAll(async () => {
    if (wary !== undefined) expect(await stopChild(wary)).toBe(0);
    if (services !== undefined) expect(await stopChild(services)).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('looks at every server that the environment names', async () => {
    const { report, output } = await doctor(env);
    expect(found(report, 'kafka')).toEqual(['ok 1 broker']);
    expect(found(report, 'topics')).toEqual(['ok all are there']);
    expect(found(report, 'lag')[0]).toMatch(/^ok (the group wary has read nothing yet|\d+ messages wait, 1 member in the group)$/);
    expect(found(report, 'clickhouse')[0]).toMatch(/^ok version \d+\.\d+.*, database over_http has \d+ tables$/);
    expect(found(report, 'postgresql')[0]).toMatch(/^ok version 15.*, not encrypted, schema \d+$/);
    expect(found(report, 'clock')).toEqual(expect.arrayContaining(['ok clickhouse: agrees', 'ok postgresql: agrees']));
    expect(report.checks.filter(({ ok, name }) => !ok && name !== 'disk'), output).toEqual([]);
  }, 60_000);

  it('says what is wrong and what to do, and never a password', async () => {
    const nobody = await freePort();
    const { status, report, output } = await doctor({ ...env, WARY_KAFKA_BROKERS: `127.0.0.1:${nobody}`, WARY_POSTGRES_URL: `postgres://wary:hunter2secret@127.0.0.1:${nobody}/x`, WARY_CLICKHOUSE_URL: `http://u:hunter2secret@127.0.0.1:${nobody}/x`, WARY_PUBLIC_URL: `https://127.0.0.1:${nobody}` });
    expect(status).toBe(1);
    for (const name of ['kafka', 'postgresql', 'clickhouse', 'certificate']) expect(found(report, name)[0], name).toMatch(/^FAIL /);
    expect(report.checks.filter(({ ok }) => !ok).every(({ advice }) => (advice ?? '') !== '')).toBe(true);
    expect(output).not.toContain('hunter2');
    const missing = await doctor({ ...env, WARY_KAFKA_TOPICS: 'no.such=native' });
    expect(found(missing.report, 'topics')).toEqual(['FAIL not there: no.such']);
    const wrong = await doctor({ ...env, WARY_RETENTION_DAYS: '0' });
    expect(found(wrong.report, 'settings')[0]).toMatch(/^FAIL WARY_RETENTION_DAYS/);
  }, 120_000);
});
