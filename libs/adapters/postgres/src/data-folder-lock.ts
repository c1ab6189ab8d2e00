import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

interface Holder { readonly token: string; readonly pid: number; readonly startedTicks: string; readonly bootId: string; readonly pidSpace: string }

/** Two processes that find the same stale lock replace it within this time of each other; the one that was replaced gives way. */
const TAKEOVER_WAIT_MS = 50;

/**
 * One process owns a data folder: PGlite itself does not notice a second one, and both would destroy the database.
 * The lock is a file that names its holder. A holder that was killed leaves it behind; it is replaced when no process with that
 * number and start time lives (a number alone would be mistaken after a restart, and is always 1 in a container).
 * Returns the release. Throws with the holder's number when somebody else has it.
 */
export async function lockDataFolder(path: string): Promise<() => void> {
  const own: Holder = { token: randomBytes(16).toString('hex'), pid: process.pid, startedTicks: startedTicks(process.pid), ...identity() };
  const draft = `${path}.${own.pid}.${own.token.slice(0, 8)}`;
  writeFileSync(draft, JSON.stringify(own));
  try {
    try {
      linkSync(draft, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = readHolder(path);
      if (holder !== null && isAlive(holder)) throw inUse(path, holder);
      renameSync(draft, path);
      await sleep(TAKEOVER_WAIT_MS);
      const winner = readHolder(path);
      if (winner?.token !== own.token) throw inUse(path, winner);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return () => { if (readHolder(path)?.token === own.token) rmSync(path, { force: true }); };
}

function inUse(path: string, holder: Holder | null): Error {
  return new Error(`the data folder is in use by another process${holder === null ? '' : ` (number ${holder.pid})`}: stop it, or set WARY_DATA_DIR to another folder [${path}]`);
}

function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

function isAlive(holder: Holder): boolean {
  const { bootId, pidSpace } = identity();
  if (holder.bootId !== bootId || holder.pidSpace !== pidSpace) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startedTicks(holder.pid) === holder.startedTicks;
}

/** Start of a process in clock ticks since boot (proc(5), stat, field 22); '' where there is no /proc. */
function startedTicks(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command in field 2 may hold spaces and brackets; what follows its last bracket begins with field 3.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function identity(): { bootId: string; pidSpace: string } {
  const read = (get: () => string): string => { try { return get().trim(); } catch { return ''; } };
  return { bootId: read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')), pidSpace: read(() => readlinkSync('/proc/self/ns/pid')) };
}
