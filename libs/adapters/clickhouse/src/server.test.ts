import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { splitServerUrl } from './engine/server-engine.js';
import { openClickHouse, type ClickHouseHandle } from './open-clickhouse.js';
import { startHttpEngine, type HttpEngine } from './testing/http-engine.js';
import { describeStore, orderedEvents } from './testing/store-contract.js';
import { storeOptions } from './testing/store-options.js';

// A real engine on a machine that others use too.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'wary-clickhouse-http-'));
let server: HttpEngine;
let store: ClickHouseHandle;

beforeAll(async () => {
  server = await startHttpEngine(folder);
  store = await openClickHouse(storeOptions({ dataDir: folder, url: server.url }));
  await store.events.insertEvents(orderedEvents, 'ordered');
});
afterAll(async () => {
  await store.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('over HTTP', () => {
  describeStore(() => store, { runs: 3 });

  it('says that the store is unavailable when the server is gone', async () => {
    await server.stop();
    await expect(store.events.insertEvents(orderedEvents, 'gone')).rejects.toMatchObject({ code: 'store_unavailable', retryable: true });
    await expect(store.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(openClickHouse(storeOptions({ dataDir: folder, url: server.url }))).rejects.toMatchObject({ code: 'store_unavailable' });
    server = await startHttpEngine(folder);
  });
});

describe('splitServerUrl', () => {
  it('takes the database from the path and refuses what is not a name', () => {
    expect(splitServerUrl('https://u:p@host:8443/mine')).toEqual({ url: 'https://u:p@host:8443/', database: 'mine' });
    expect(splitServerUrl('http://host:8123')).toEqual({ url: 'http://host:8123/', database: 'wary' });
    expect(() => splitServerUrl('http://host:8123/a-b;drop')).toThrow(/names the database/);
  });
});
