import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../terminal/cli-error.js';

/** What a demo keeps beside its data, so that the next start goes on where this one stopped. */
export interface DemoState {
  readonly version: 1;
  readonly seed: number;
  readonly start: number;
  readonly days: number;
  readonly ingestKey: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
  registersSent: boolean;
  /** Time of the last event sent, 0 before the first. */
  sentUntil: number;
  /** Rounds of attacks played. */
  rounds: number;
}

const FILE = 'demo.json';
const DAY_MS = 86_400_000;
/** Words without letters and digits that look alike: it is typed by hand. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

export function openDemoState(dir: string, fresh: { readonly seed: number; readonly days: number; readonly now: number; readonly email: string | undefined; readonly password: string | undefined; readonly ingestKey: string | undefined }): DemoState {
  const file = join(dir, FILE);
  if (existsSync(file)) return readState(file);
  if (existsSync(dir) && readdirSync(dir).length > 0) throw new CliError(`${dir} holds data that is not of a demo; give another folder by --data-dir`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const state: DemoState = {
    version: 1, seed: fresh.seed, start: (Math.floor(fresh.now / DAY_MS) - fresh.days) * DAY_MS, days: fresh.days,
    ingestKey: fresh.ingestKey ?? `wary_${randomBytes(32).toString('base64url')}`, adminEmail: fresh.email ?? 'admin@wary.local', adminPassword: fresh.password ?? password(),
    registersSent: false, sentUntil: 0, rounds: 0,
  };
  saveDemoState(dir, state);
  return state;
}

/** Written beside and renamed, so that a crash leaves the old one or the new one. */
export function saveDemoState(dir: string, state: DemoState): void {
  const file = join(dir, FILE);
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 1)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function readState(file: string): DemoState {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as DemoState;
    if (state.version === 1 && Number.isSafeInteger(state.seed) && Number.isSafeInteger(state.start) && typeof state.ingestKey === 'string') return state;
  } catch {
    // Said below.
  }
  throw new CliError(`${file} cannot be read; delete the folder to begin the demo anew`);
}

/** Four groups of five from 31 characters: 99 bits. */
function password(): string {
  let text = '';
  while (text.length < 23) {
    if (text.length % 6 === 5) text += '-';
    const byte = randomBytes(1)[0]!;
    // 248 is the largest multiple of 31 below 256: no letter is likelier than another.
    if (byte < 248) text += ALPHABET[byte % 31]!;
  }
  return text;
}
