import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { massDownload, officeHistory } from './support/office-week.js';
import { startForTest } from './support/start-for-test.js';

const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'];

describe('backup and restore of the data folder', () => {
  const copies = mkdtempSync(join(tmpdir(), 'wary-backup-'));
  afterAll(() => { rmSync(copies, { recursive: true, force: true }); });

  it('a copy of the stopped folder, put elsewhere, is the same installation', async () => {
    const first = await startForTest();
    const now = Date.now();
    const history = officeHistory(now, 7, PEOPLE);
    for (let start = 0; start < history.length; start += 2_000) await first.send(history.slice(start, start + 2_000));
    await first.send(massDownload(now, 'alice', 300));
    await first.send([{ time: now, kind: 'access', action: 'read', actor: {} }]).catch(() => {});
    await first.scoreLane.drain();
    const read = async (agent: typeof first.admin): Promise<unknown[]> => Promise.all(['/v1/alerts?limit=200', '/v1/incidents?limit=200', '/v1/stats', '/v1/dead-letters', '/v1/entities/user/alice', '/v1/findings?limit=200'].map(async (path) => {
      const { body } = await agent.get(path).expect(200);
      return path.includes('entities') ? (body as { baselines: unknown }).baselines : (body as unknown);
    }));
    const before = await read(first.admin);
    expect((before[0] as { items: unknown[] }).items.length).toBeGreaterThan(0);
    expect(await first.stop()).toBe(true);
    const copy = join(copies, 'copy');
    cpSync(first.dataDir, copy, { recursive: true });
    rmSync(first.dataDir, { recursive: true, force: true });

    const second = await startForTest({ WARY_INGEST_KEY: first.ingestKey }, copy);
    expect(second.caughtUpEvents).toBe(0);
    expect(second.generated).toMatchObject({ adminPassword: null, ingestKey: null });
    expect(await read(second.admin)).toEqual(before);
    // What was sent before the backup is known after the restore.
    expect(await second.send(massDownload(now, 'alice', 300))).toMatchObject({ accepted: 0, duplicates: 300 });
    await second.dispose();
  }, 120_000);
});
