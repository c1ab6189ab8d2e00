import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataFolder } from './data-folder-lock.js';

describe('the lock of a data folder', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wary-lock-'));
    path = join(folder, 'postgres.lock');
  });
  afterEach(() => { rmSync(folder, { recursive: true }); });

  /** The lock file as a process with this number would leave it. */
  async function heldBy(pid: number): Promise<void> {
    const release = await lockDataFolder(path);
    const own = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    release();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    writeFileSync(path, JSON.stringify({ ...own, token: 'theirs', pid, startedTicks: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] }));
  }

  it('is for one, leaves nothing behind, and can be taken again', async () => {
    const release = await lockDataFolder(path);
    await expect(lockDataFolder(path)).rejects.toThrow(`in use by another process (number ${process.pid})`);
    release();
    expect(readdirSync(folder)).toEqual([]);
    (await lockDataFolder(path))();
  });

  it('holds as long as its process lives, and is taken over when that was killed', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const gone = new Promise((resolve) => { other.once('exit', resolve); });
    await new Promise((resolve) => { other.once('spawn', resolve); });
    await heldBy(other.pid!);
    await expect(lockDataFolder(path)).rejects.toThrow(`number ${other.pid}`);
    other.kill('SIGKILL');
    await gone;
    (await lockDataFolder(path))();
  });

  it('is not held by a process that only got the same number, nor by one before a restart of the machine', async () => {
    for (const change of [{ startedTicks: '1' }, { bootId: 'another' }]) {
      await heldBy(process.pid);
      writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')) as object, ...change }));
      (await lockDataFolder(path))();
    }
  });

  it('a torn lock file does not lock for ever', async () => {
    writeFileSync(path, '{"tok');
    (await lockDataFolder(path))();
  });

  it('of several that find a dead one\'s lock at the same time one wins', async () => {
    writeFileSync(path, 'x');
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => lockDataFolder(path)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    // Who lost does not release what the winner holds.
    expect(readdirSync(folder)).toEqual(['postgres.lock']);
  });
});
