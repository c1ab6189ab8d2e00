import { createHash, randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checksumOf } from '@wary/adapter-postgres/migrate.js';
import { MIGRATIONS } from '@wary/adapter-postgres/migrations/migration-list.js';
import { openPostgres } from '@wary/adapter-postgres/open-postgres.js';

/** Of the engine that made the template; a folder of another one would not open. */
const ENGINE = 'pglite-0.5';

/**
 * Puts a migrated, empty database into `<dataDir>/postgres`, so that opening it takes a third of a second instead of three (making a
 * database is most of the start of a test). The template is made once per machine and schema, and copied.
 */
export async function preparePostgresFolder(dataDir: string): Promise<void> {
  const key = createHash('sha256').update(JSON.stringify([ENGINE, MIGRATIONS.map(checksumOf)])).digest('hex').slice(0, 16);
  const template = join(tmpdir(), `wary-test-postgres-${key}`);
  if (!existsSync(template)) {
    const draft = mkdtempSync(join(tmpdir(), 'wary-test-postgres-draft-'));
    await (await openPostgres({ dataDir: draft })).close();
    try {
      renameSync(join(draft, 'postgres'), template);
    } catch (error) {
      // Another process was faster.
      if (!existsSync(template)) throw error;
    }
    rmSync(draft, { recursive: true, force: true });
  }
  mkdirSync(dataDir, { recursive: true });
  // Copied beside and renamed, so that nobody opens half a folder.
  const copy = join(dataDir, `postgres-${randomBytes(4).toString('hex')}`);
  cpSync(template, copy, { recursive: true });
  renameSync(copy, join(dataDir, 'postgres'));
}
