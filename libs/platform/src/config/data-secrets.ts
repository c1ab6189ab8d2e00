import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, openSync, closeSync, fsyncSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Reads the root secret of an embedded installation, or makes it. The file is readable by its owner alone; losing it loses the encrypted data. */
export function readOrMakeSecretKey(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  chmodSync(dataDir, 0o700);
  const file = join(dataDir, 'secret.key');
  const known = readIfThere(file);
  if (known !== null) {
    if (known.length < 32) throw new Error(`${file} is damaged (shorter than 32 characters); restore it from the backup of the data folder`);
    return known;
  }
  const secret = randomBytes(48).toString('base64url');
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeSync(descriptor, `${secret}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return secret;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
