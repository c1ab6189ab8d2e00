import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';

export interface TestServer {
  readonly url: string;
  /** SIGKILL, as when the machine takes it away; `restart` takes the same folder and port again. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Connections stay open and nobody answers, until `resume`. */
  stall(): void;
  resume(): void;
  stop(): Promise<void>;
}

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
  let server: ChildProcess;
  const open = async (): Promise<void> => {
    server = spawn(bin('postgres'), ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'], { ...who, cwd: folder, stdio: 'ignore' });
    for (const end = Date.now() + START_MS_MAX; ; await sleep(100)) {
      if (spawnSync(bin('pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]).status === 0) return;
      if (server.exitCode === null && Date.now() < end) continue;
      server.kill('SIGKILL');
      throw new Error('the PostgreSQL server did not start');
    }
  };
  /** The sessions are processes of their own. */
  const family = (): number[] => [server.pid!, ...spawnSync('ps', ['-o', 'pid=', '--ppid', String(server.pid)], { encoding: 'utf8' }).stdout.split(/\s+/).filter((word) => word !== '').map(Number)];
  const signal = (pids: readonly number[], name: NodeJS.Signals): void => { for (const pid of pids) try { process.kill(pid, name); } catch { /* it has ended */ } };
  const end = async (name: NodeJS.Signals): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => { server.once('exit', () => { resolve(); }); });
    server.kill(name);
    await exited;
  };
  const stop = async (): Promise<void> => {
    // Fast shut-down: sessions are ended, nothing is lost.
    await end('SIGINT');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await open();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `postgres://wary@127.0.0.1:${port}/postgres`, stop, restart: open,
    stall() { signal(family(), 'SIGSTOP'); },
    resume() { signal(family(), 'SIGCONT'); },
    async kill() {
      const pids = family();
      const exited = end('SIGKILL');
      signal(pids, 'SIGKILL');
      await exited;
    },
  };
}

function userOf(name: string): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string): number => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}
