import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@wary/testkit/free-port.js';
import { ADMIN, newKey } from '../e2e/support/start-for-test.js';

const root = join(import.meta.dirname, '../..');
/** As the image has it. */
const USER = 10001;
const READY_MS_MAX = 120_000;

/** Where root may make mounts of its own, the product runs as in the image: another user, and nothing to write on but its data folder. */
const canMount = process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'true']).status === 0 && spawnSync('setpriv', ['--version']).status === 0;

describe('what the image is made of', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wary-image-'));
  const app = join(folder, 'app');
  const data = join(folder, 'data');
  const key = newKey();
  let child: ChildProcess | undefined;
  let output = '';

  beforeAll(() => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/assemble.mjs'), app], { cwd: root, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
  }, 300_000);
  afterAll(() => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('has what runs, and nothing that builds or tests', () => {
    const packages = readdirSync(join(app, 'node_modules')).flatMap((name) => (name.startsWith('@') ? readdirSync(join(app, 'node_modules', name)).map((each) => `${name}/${each}`) : [name]));
    expect(packages.length).toBeGreaterThan(50);
    expect(packages).toEqual(expect.arrayContaining(['kafkajs', 'pg', '@clickhouse/client', '@wary/platform']));
    expect(packages.filter((name) => /^(vitest|vite|esbuild|typescript7?|oxlint|react|playwright-core|fast-check|dependency-cruiser|@wary\/testkit)$/.test(name))).toEqual([]);
    const files = ['apps', 'libs'].flatMap((top) => readdirSync(join(app, top), { recursive: true, encoding: 'utf8' }));
    expect(files.filter((file) => !file.includes('node_modules') && /\.test\.|\.map$|\/src\/|\/testing\//.test(file))).toEqual([]);
    expect(existsSync(join(app, 'apps/dashboard/dist/index.html'))).toBe(true);
  });

  it.each(['api', 'ingest', 'store', 'detect', 'respond'])('%s is whole: it starts as far as its configuration, which it says is missing', (name) => {
    const { status, stderr } = spawnSync(process.execPath, [`apps/${name}/dist/main.js`], { cwd: app, env: { PATH: process.env['PATH'], HOME: process.env['HOME'] }, encoding: 'utf8' });
    expect(stderr).toMatch(/^wary: WARY_SECRET_KEY must be set/m);
    expect(status).toBe(78);
  }, 60_000);

  it('migrate says which server does not answer', () => {
    const { status, stderr } = spawnSync(process.execPath, ['apps/cli/dist/main.js', 'migrate'], { cwd: app, env: { PATH: process.env['PATH'], HOME: process.env['HOME'], WARY_DATA_DIR: folder, WARY_POSTGRES_URL: 'postgres://wary@127.0.0.1:1/wary', WARY_CLICKHOUSE_URL: 'http://127.0.0.1:1/wary' }, encoding: 'utf8' });
    expect(stderr).toMatch(/^wary: PostgreSQL: .*ECONNREFUSED/);
    expect(status).toBe(1);
  }, 60_000);

  it('runs on the Node of the image, for a user of its own on a file system that is read-only, and raises an alert there', async () => {
    const lts = spawnSync(process.execPath, [join(root, 'scripts/node-lts.mjs')], { encoding: 'utf8' });
    expect(lts.stderr).toBe('');
    const { path: node, version } = JSON.parse(lts.stdout) as { path: string; version: string };
    const [port, opsPort] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${port}`;
    spawnSync('mkdir', [data]);
    const env = {
      PATH: process.env['PATH']!, HOME: '/nonexistent', NODE_ENV: 'production', UV_THREADPOOL_SIZE: '8', WARY_DATA_DIR: data, WARY_PORT: String(port), WARY_OPS_PORT: String(opsPort), WARY_ADMIN_EMAIL: ADMIN.email, WARY_ADMIN_PASSWORD: ADMIN.password, WARY_INGEST_KEY: key,
    };
    if (canMount) {
      chownSync(data, USER, USER);
      spawnSync('chmod', ['0755', folder]);
      // The root of the mount namespace is read-only for everybody; the data folder alone is let out.
      const locked = `mount --make-rprivate / && mount --bind "${data}" "${data}" && mount -o remount,bind,ro / && ! touch "${app}/x" 2> /dev/null && exec setpriv --reuid ${USER} --regid ${USER} --clear-groups --no-new-privs --bounding-set -all "${node}" apps/wary/dist/main.js`;
      child = spawn('unshare', ['--mount', 'sh', '-c', locked], { cwd: app, env, stdio: ['ignore', 'pipe', 'pipe'] });
    } else {
      console.log('no mounts of our own here: started without the read-only file system');
      child = spawn(node, ['apps/wary/dist/main.js'], { cwd: app, env, stdio: ['ignore', 'pipe', 'pipe'] });
    }
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => { output += chunk.toString(); });
    const ended = new Promise<number | null>((resolve) => { child!.on('exit', resolve); });
    const health = (what: string): number | null => spawnSync(node, ['deploy/docker/healthcheck.mjs', what], { cwd: app, env }).status;
    for (const end = Date.now() + READY_MS_MAX; health('readyz') !== 0;) {
      if (Date.now() > end || child.exitCode !== null) throw new Error(`not ready on Node ${version}:\n${output}`);
      await new Promise((resolve) => { setTimeout(resolve, 250); });
    }
    expect(health('healthz')).toBe(0);

    const login = await fetch(`${url}/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json', origin: url }, body: JSON.stringify(ADMIN) });
    expect(login.status).toBe(200);
    const cookie = login.headers.get('set-cookie')!.split(';')[0]!;
    const register = await fetch(`${url}/v1/registers/canaries`, { method: 'PATCH', headers: { cookie, origin: url, 'content-type': 'application/json' }, body: JSON.stringify([{ id: 'pot', kind: 'resource', value: 'honey/pot' }]) });
    expect(register.status).toBe(200);
    const sent = await fetch(`${url}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' }, body: JSON.stringify({ id: 'one', time: Date.now(), kind: 'access', action: 'read', actor: { id: 'eve' }, resource: { id: 'honey/pot', type: 'file' } }) });
    expect(sent.status).toBe(202);
    let alerts: Array<{ entity: { id: string } }> = [];
    for (const end = Date.now() + READY_MS_MAX; alerts.length === 0 && Date.now() < end;) {
      alerts = ((await (await fetch(`${url}/v1/alerts`, { headers: { cookie } })).json()) as { items: typeof alerts }).items;
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
    expect(new Set(alerts.map(({ entity }) => entity.id))).toEqual(new Set(['eve']));
    expect((await fetch(url, { headers: { accept: 'text/html' } })).status).toBe(200);

    child.kill('SIGTERM');
    expect(await ended, output).toBe(0);
    expect(health('healthz')).toBe(1);
    // What it says is JSON, one line each, but for the lines to a person at the start.
    expect(output.split('\n').filter((line) => line !== '' && !line.startsWith('{') && !line.startsWith('wary: '))).toEqual([]);
  }, 300_000);
});
