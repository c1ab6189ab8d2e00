import { spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface TestServer { readonly url: string; stop(): Promise<void> }

const DEBIAN = '/usr/lib/postgresql';
const START_MS_MAX = 60_000;

/** A PostgreSQL server of Debian's package on a free port, in a folder of its own; it refuses root, so it runs as its own user then. */
export async function startPostgresServer(): Promise<TestServer> {
  const newest = readdirSync(DEBIAN).map(Number).sort((a, b) => b - a)[0];
  if (newest === undefined) throw new Error(`there is no PostgreSQL below ${DEBIAN}: install the package postgresql`);
  const bin = (name: string): string => join(DEBIAN, String(newest), 'bin', name);
  const folder = mkdtempSync(join(tmpdir(), 'wary-postgres-server-'));
  const who = userOf('postgres');
  if (who !== null) chownSync(folder, who.uid, who.gid);
  const data = join(folder, 'data');
  const made = spawnSync(bin('initdb'), ['-D', data, '-U', 'wary', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'], { ...who, cwd: folder, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const server = spawn(bin('postgres'), ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'], { ...who, cwd: folder, stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => { server.once('exit', () => { resolve(); }); });
  const stop = async (): Promise<void> => {
    // Fast shut-down: sessions are ended, nothing is lost.
    server.kill('SIGINT');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  for (const end = Date.now() + START_MS_MAX; ; await sleep(100)) {
    if (spawnSync(bin('pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]).status === 0) break;
    if (server.exitCode !== null || Date.now() > end) {
      await stop();
      throw new Error('the PostgreSQL server did not start');
    }
  }
  return { url: `postgres://wary@127.0.0.1:${port}/postgres`, stop };
}

function userOf(name: string): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string): number => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => { resolve(port); });
    });
  });
}
