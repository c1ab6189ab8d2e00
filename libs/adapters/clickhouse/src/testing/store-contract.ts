import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpackEvents } from '../events/packed-events.js';
import { emptyEvent, type Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import type { ClickHouseHandle } from '../open-clickhouse.js';
import { accessEvent } from './access-event.js';
import { arbitraryEvent } from './arbitrary-event.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2026, 9, 5);
export const SEQ_BASE = 1_000_000;

/** What both ways to run promise. Each part has a tenant of its own, so that they share one engine start. */
export function describeStore(store: () => ClickHouseHandle, { runs }: { runs: number }): void {
  const insert = (events: readonly Event[], token: string): Promise<void> => store().events.insertEvents(events, token);

  it('gives any event back as it went in', async () => {
    let seq = 0;
    await fc.assert(fc.asyncProperty(fc.array(arbitraryEvent, { minLength: 1, maxLength: 60 }), async (drawn) => {
      const first = seq;
      const events = drawn.map((event) => ({ ...event, tenant: 'property', id: `p${seq += 1}`, seq }));
      await insert(events, `property-${first}`);
      const { items } = await store().events.find({ tenant: 'property', ids: events.map(({ id }) => id), limit: 200 });
      expect(items.sort((a, b) => a.seq - b.seq)).toEqual(events);
    }), { numRuns: runs });
  });

  it('finds by any text without reading it as SQL', async () => {
    const texts = ["'); DROP TABLE events --", '\\', "'", '\0x', '{q:String}', '100%_', 'tab\tnew\nline', '😀', '\\N', 'Zürich'];
    const events = texts.map((text, index) => ({ ...emptyEvent('native'), tenant: 'text', id: `t${index}${text}`, seq: 1000 + index, time: START + index, resource: { id: `<${text}>`, type: '', labels: [], owner: '' }, principal: { type: 'user' as const, id: `u${text}` } }));
    await insert(events, 'text');
    for (const [index, text] of texts.entries()) {
      const found = await store().events.find({ tenant: 'text', q: `<${text}>`, limit: 50 });
      expect(found.items.map(({ seq }) => seq), text).toEqual([1000 + index]);
      expect(await store().events.count({ tenant: 'text', entity: { type: 'user', id: `u${text}` } })).toBe(1);
      expect((await store().events.find({ tenant: 'text', ids: [`t${index}${text}`], limit: 5 })).items).toEqual([events[index]]);
    }
    expect((await store().events.find({ tenant: 'text', q: 'ZÜRICH', limit: 5 })).items).toHaveLength(1);
  });

  describe('idempotence', () => {
    const batch = Array.from({ length: 40 }, (_, index) => accessEvent({ ...emptyEvent('native'), tenant: 'twice' }, index, START + index));

    it('adds nothing when a batch is inserted again, with its token or with another', async () => {
      await insert(batch, 'twice-a');
      const before = await store().stats();
      await insert(batch, 'twice-a');
      expect((await store().stats()).rows).toBe(before.rows);
      await insert(batch.slice(10), 'twice-b');
      expect(await store().events.count({ tenant: 'twice' })).toBe(40);
      expect((await store().events.find({ tenant: 'twice', limit: 200 })).items).toHaveLength(40);
      expect((await store().events.entitySummary('twice', { type: 'user', id: 'person-1' }))?.events).toBe(batch.filter(({ actor }) => actor.id === 'person-1').length);
    });

    it('keeps the first copy: what is stored cannot be changed by sending its id again', async () => {
      await insert([{ ...batch[0]!, seq: SEQ_BASE, reason: 'forged' }], 'twice-c');
      expect((await store().events.find({ tenant: 'twice', ids: [batch[0]!.id], limit: 5 })).items).toEqual([batch[0]]);
    });

    it('takes a batch over more months than one insert may touch, each part once', async () => {
      const events = Array.from({ length: 104 }, (_, index) => accessEvent({ ...emptyEvent('native'), tenant: 'months' }, index, Date.UTC(2016, index, 3)));
      await insert(events, 'months');
      await insert(events, 'months');
      expect(await store().events.count({ tenant: 'months' })).toBe(104);
    });

    it('takes 400 days of history in one batch', async () => {
      const events = Array.from({ length: 400 }, (_, index) => accessEvent({ ...emptyEvent('native'), tenant: 'history' }, index, START - index * DAY_MS));
      await insert(events, 'history');
      expect(await store().events.count({ tenant: 'history', from: START - 399 * DAY_MS, to: START + 1 })).toBe(400);
    });
  });

  describe('pages', () => {
    it('walks newest first, stable while events come in', async () => {
      const events = Array.from({ length: 130 }, (_, index) => accessEvent({ ...emptyEvent('native'), tenant: 'pages' }, index, START + Math.floor(index / 3) * 1000));
      await insert(events, 'pages');
      const seen: string[] = [];
      let cursor: string | undefined;
      for (let page = 0; ; page += 1) {
        const { items, next } = await store().events.find({ tenant: 'pages', limit: 20, cursor });
        seen.push(...items.map(({ id }) => id));
        await insert([accessEvent({ ...emptyEvent('native'), tenant: 'pages' }, 1000 + page, START + DAY_MS)], `pages-${page}`);
        if (next === null) break;
        cursor = next;
      }
      const expected = [...events].sort((a, b) => b.time - a.time || (a.id < b.id ? 1 : -1)).map(({ id }) => id);
      expect(seen).toEqual(expected);
    });

    it('refuses a cursor that is not its own', async () => {
      for (const cursor of ['', 'x', Buffer.from('[1]').toString('base64url'), Buffer.from('["1","a"]').toString('base64url'), Buffer.from('[1.5,"a"]').toString('base64url')]) {
        await expect(store().events.find({ tenant: 'pages', limit: 5, cursor })).rejects.toMatchObject({ code: 'bad_request' });
      }
    });
  });

  describe('entities', () => {
    const base = { ...emptyEvent('native'), tenant: 'people' };
    const events = Array.from({ length: 210 }, (_, index) => accessEvent(base, index, START + index * HOUR_MS, index % 10 === 0 ? { outcome: 'denied' } : {}));

    it('says who they are and what they did', async () => {
      await insert(events, 'people');
      const { events: queries } = store();
      const mine = events.filter(({ principal }) => principal.id === 'person-2');
      const entity = { type: 'user', id: 'person-2' } as const;
      expect(await queries.entitySummary('people', entity)).toEqual({ entity, peerGroup: 'sales', events: mine.length, firstSeen: mine[0]!.time, lastSeen: mine.at(-1)!.time, risk: 0 });
      expect(await queries.entitySummary('people', { type: 'user', id: 'nobody' })).toBeNull();
      expect((await queries.entitySummary('people', { type: 'resource', id: 'ds/3' }))?.events).toBe(42);
      expect((await queries.entitySummary('people', { type: 'network', id: '10.1.1.0/24' }))?.events).toBe(70);
      expect((await queries.entitySummary('people', { type: 'network', id: 'AS3320' }))?.events).toBe(210);
      expect(await queries.totals('people')).toEqual({ events: 210, firstTime: START, lastTime: START + 209 * HOUR_MS, entities: 7 });
      const [from, to] = [START, START + 300 * HOUR_MS];
      const cells = await queries.heatMap('people', entity, from, to);
      expect(cells.reduce((sum, cell) => sum + cell.events, 0)).toBe(mine.length);
      // 5 October 2026 is a Monday.
      expect(cells[0]).toEqual({ weekday: 0, hour: 2, events: expect.any(Number) });
      const days = await queries.dailyActivity('people', entity, from, to);
      expect(days[0]).toEqual({ day: '2026-10-05', events: 4, bytes: 2 + 9 + 16 + 23, failures: 0 });
      expect(await queries.topValues('people', entity, 'action', from, to, 1)).toEqual([{ value: expect.any(String), events: 10, lastSeen: expect.any(Number) }]);
      expect((await queries.peers('people', 'sales', 10)).map((peer) => peer.entity.id)).toEqual(['person-0', 'person-1', 'person-2', 'person-3']);
      expect((await queries.peerHeatMap('people', 'research', from, to)).reduce((sum, cell) => sum + cell.events, 0)).toBe(90);
    });

    it('lists them by name, page by page', async () => {
      const first = await store().events.searchEntities('people', 'PERSON', 5);
      const second = await store().events.searchEntities('people', 'PERSON', 5, first.next!);
      expect([...first.items, ...second.items].map(({ entity, events: count }) => [entity.id, count])).toEqual(Array.from({ length: 7 }, (_, index) => [`person-${index}`, 30]));
      expect(second.next).toBeNull();
    });

    it('summarises those who are named, in their order, and those of whom there is nothing', async () => {
      const [known, unknown] = await store().events.entitySummaries('people', [{ type: 'user', id: 'person-6' }, { type: 'user', id: 'nobody' }]);
      expect(known).toEqual((await store().events.searchEntities('people', 'person-6', 5)).items[0]);
      expect(unknown).toEqual({ entity: { type: 'user', id: 'nobody' }, peerGroup: '', events: 0, firstSeen: 0, lastSeen: 0, risk: 0 });
      expect((await store().events.entitySummaries('people', [{ type: 'user', id: 'person-3' }, { type: 'user', id: 'person-1' }])).map(({ entity }) => entity.id)).toEqual(['person-3', 'person-1']);
      expect(await store().events.entitySummaries('people', [])).toEqual([]);
    });
  });

  describe('findings', () => {
    const finding = (id: string, revision: number, change: Partial<Finding> = {}): Finding => ({ ...FINDING, id, revision, time: START + Number(id.slice(1)) * 1000 + revision, ...change });

    it('appends revisions once, and answers with the latest of each', async () => {
      const all = Array.from({ length: 30 }, (_, index) => finding(`f${index}`, 0));
      await store().findings.insertFindings(all);
      await store().findings.insertFindings(all);
      await store().findings.insertFindings([finding('f3', 1, { strength: 9, historical: true }), finding('f3', 0)]);
      expect((await store().findings.findingRevisions('found', 'f3')).map(({ revision }) => revision)).toEqual([0, 1]);
      expect((await store().findings.findFindings({ tenant: 'found', ids: ['f3'], limit: 5 })).items).toEqual([finding('f3', 1, { strength: 9, historical: true })]);
      expect((await store().findings.findFindings({ tenant: 'found', historical: true, limit: 5 })).items.map(({ id }) => id)).toEqual(['f3']);
      const first = await store().findings.findFindings({ tenant: 'found', entity: FINDING.entity, detector: 'volume', limit: 20 });
      const second = await store().findings.findFindings({ tenant: 'found', entity: FINDING.entity, detector: 'volume', limit: 20, cursor: first.next! });
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(Array.from({ length: 30 }, (_, index) => `f${29 - index}`));
      expect((await store().findings.findFindings({ tenant: 'found', from: START + 28_000, to: START + 29_000, limit: 5 })).items.map(({ id }) => id)).toEqual(['f28']);
    });
  });

  describe('dead letters', () => {
    it('are sealed, listed, loaded and marked as replayed', async () => {
      const letters = Array.from({ length: 5 }, (_, index) => ({ id: `d${index}`, tenant: 'dead', source: 'nginx' as const, offset: index * 100, code: 'unparsable_line' as const, message: 'no "request"', receivedAt: START + index, payload: `line ${index} \0 €` }));
      await store().deadLetters.insertDeadLetters(letters);
      await store().deadLetters.insertDeadLetters(letters);
      const page = await store().deadLetters.listDeadLetters('dead', 3);
      expect(page.items.map(({ id, replayedAt, payloadBytes }) => [id, replayedAt, payloadBytes])).toEqual([['d4', null, 12], ['d3', null, 12], ['d2', null, 12]]);
      expect((await store().deadLetters.listDeadLetters('dead', 3, page.next!)).items.map(({ id }) => id)).toEqual(['d1', 'd0']);
      await store().deadLetters.markReplayed('dead', ['d3'], START + 99);
      expect((await store().deadLetters.listDeadLetters('dead', 3)).items.map(({ replayedAt }) => replayedAt)).toEqual([null, START + 99, null]);
      expect(await store().deadLetters.loadDeadLetters('dead', ['d1', 'd0'])).toEqual(letters.slice(0, 2));
      expect(await store().deadLetters.loadDeadLetters('other', ['d1'])).toEqual([]);
    });
  });

  describe('snapshots', () => {
    it('come back whole, the latest first, and three are kept', async () => {
      for (let index = 1; index <= 5; index += 1) {
        const bytes = Buffer.alloc(index === 5 ? 2_500_000 : 10, index);
        await store().snapshots.saveSnapshot('engine', { version: 7, seq: index * 100, takenAt: START + index, bytes });
      }
      const latest = await store().snapshots.latestSnapshot('engine');
      expect(latest).toMatchObject({ version: 7, seq: 500, takenAt: START + 5 });
      expect(Buffer.compare(Buffer.from(latest!.bytes), Buffer.alloc(2_500_000, 5))).toBe(0);
      expect(await store().snapshots.latestSnapshot('other')).toBeNull();
    });
  });

  it('gives everything again in the order of seq, from where it is asked', async () => {
    const last = await store().events.lastSeq();
    expect(last).toBe(SEQ_BASE + 500);
    const seqs: number[] = [];
    for await (const chunk of store().events.readAfter(SEQ_BASE, 64)) {
      expect(chunk.length).toBeLessThanOrEqual(64);
      seqs.push(...chunk.map(({ seq }) => seq));
    }
    expect(seqs).toEqual(Array.from({ length: 500 }, (_, index) => SEQ_BASE + 1 + index));
    expect(await store().events.recentIds(3)).toEqual([498, 499, 500].map((index) => ({ tenant: 'ordered', id: `o${index}` })));
    let all = 0;
    for await (const chunk of store().events.readAfter(0, 10_000)) all += chunk.length;
    expect(all).toBeGreaterThan(1400);
  });

  it('gives the events of one tenant and span of time packed, in the order asked for, as they were stored', async () => {
    const [from, to] = [START - 400 * HOUR_MS, START - 100 * HOUR_MS];
    const read = async (order: 'seq' | 'received'): Promise<Event[]> => {
      const all: Event[] = [];
      for await (const { bytes, rows } of store().events.readPacked({ tenant: 'ordered', from, to, order }, 64)) {
        const events = unpackEvents(bytes);
        expect(events).toHaveLength(rows);
        expect(rows).toBeLessThanOrEqual(64);
        all.push(...events);
      }
      return all;
    };
    const within = orderedEvents.filter(({ time }) => time >= from && time < to);
    expect(within).toHaveLength(300);
    expect(await read('seq')).toEqual(within);
    const byReceipt = [...within].sort((a, b) => a.receivedAt - b.receivedAt || a.seq - b.seq);
    expect(byReceipt).not.toEqual(within);
    expect(await read('received')).toEqual(byReceipt);
    for await (const piece of store().events.readPacked({ tenant: "or'dered", from, to, order: 'seq' }, 64)) expect(piece).toBeNull();
  });
}

/** Stored before the part that reads in order, scattered over principals and not in the order of time. */
export const orderedEvents: readonly Event[] = Array.from({ length: 500 }, (_, index) => accessEvent({ ...emptyEvent('native'), tenant: 'ordered' }, index, START - ((index * 7919) % 500) * HOUR_MS, { id: `o${index + 1}`, seq: SEQ_BASE + 1 + index }));

const FINDING: Finding = {
  id: '', revision: 0, tenant: 'found', entity: { type: 'user', id: "o'hara" }, detector: { id: 'volume', version: 1 }, reason: 'volume', title: 'More downloads than usual', window: { start: START, end: START + HOUR_MS },
  time: 0, historical: false, deterministic: false, strength: 4.5, p: 0.00003, criticality: 2, severity: 'high', seq: 12, closed: false,
  explanation: {
    summary: '412 downloads, usually 30–55', observed: 412, expected: { value: 41, low: 30, high: 55 }, unit: 'downloads', unlikely: 'about once in 4,000 weeks', contributions: [], counterfactual: null, peers: null, history: [],
    techniques: [], duties: [], calibration: 'model', baseline: null, eventIds: ['a'],
  },
};
