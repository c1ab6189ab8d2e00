import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyEvent, type Event } from '@wary/model/event.js';
import { openClickHouse, type ClickHouseHandle } from './open-clickhouse.js';
import { arbitraryEvent } from './testing/arbitrary-event.js';

const dataDir = mkdtempSync(join(tmpdir(), 'wary-clickhouse-'));
const cipher = { encrypt: (text: string) => `v1.${Buffer.from(text).toString('base64url')}`, decrypt: (text: string) => Buffer.from(text.slice(3), 'base64url').toString() };
const options = { dataDir, cipher, retentionDays: 30_000, contentRetentionDays: 30_000, fsync: false, now: () => Date.UTC(2026, 10, 24) };
let store: ClickHouseHandle;
beforeAll(async () => { store = await openClickHouse(options); });
afterAll(async () => { await store.close(); rmSync(dataDir, { recursive: true, force: true }); });

describe('smoke', () => {
  it('any event comes back as it went in', async () => {
    let seq = 0;
    await fc.assert(fc.asyncProperty(fc.array(arbitraryEvent, { minLength: 1, maxLength: 60 }), async (drawn) => {
      const first = seq;
      const events: Event[] = drawn.map((event) => { seq += 1; return { ...event, id: `p${seq}`, seq }; });
      await store.events.insertEvents(events, `property-${first}`);
      const { items } = await store.events.find({ tenant: 'default', ids: events.map(({ id }) => id), limit: 200 });
      expect(items.sort((a, b) => a.seq - b.seq)).toEqual(events);
    }), { numRuns: 12 });
    expect(await store.events.lastSeq()).toBe(seq);
    const all: Event[] = [];
    for await (const chunk of store.events.readAfter(0, 7)) { expect(chunk.length).toBeLessThanOrEqual(7); all.push(...chunk); }
    expect(all.map((event) => event.seq)).toEqual(Array.from({ length: seq }, (_, i) => i + 1));
    expect(emptyEvent('native').seq).toBe(0);
  });
});
