import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checksumOf } from '@wary/adapter-postgres/migrate.js';
import { MIGRATIONS } from '@wary/adapter-postgres/migrations/migration-list.js';
import { openPostgres } from '@wary/adapter-postgres/open-postgres.js';

/**
 * A data folder of its own with a migrated, empty database in it. Making a database takes seconds, copying one a moment:
 * the first test of a machine makes it, under a name that says of which migrations and engine, and all others copy it.
 */
export async function preparedDataDir(prefix: string): Promise<string> {
  // Pins the engine.
  const manifest = readFileSync(new URL('../../../adapters/postgres/package.json', import.meta.url), 'utf8');
  const name = createHash('sha256').update([manifest, process.version, ...MIGRATIONS.map(checksumOf)].join()).digest('hex').slice(0, 16);
  const template = join(tmpdir(), `wary-test-database-${name}`);
  if (!existsSync(template)) {
    const draft = mkdtempSync(join(tmpdir(), 'wary-test-database-draft-'));
    await (await openPostgres({ dataDir: draft })).close();
    try {
      renameSync(draft, template);
    } catch {
      // Another process was faster; its template is as good.
      rmSync(draft, { recursive: true });
    }
  }
  const dataDir = mkdtempSync(join(tmpdir(), prefix));
  cpSync(template, dataDir, { recursive: true });
  return dataDir;
}
