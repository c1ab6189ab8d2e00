import { tmpdir } from 'node:os';
import { openPostgres, type PostgresHandle } from '@wary/adapter-postgres/open-postgres.js';
import { createWorkflowStore } from '@wary/adapter-postgres/workflow-store.js';
import { LIVE_CHANNEL } from '@wary/adapter-postgres/notices.js';
import { MIGRATIONS } from '@wary/adapter-postgres/migrations/migration-list.js';
import { createProcessRegistry } from '@wary/adapter-postgres/process-registry.js';
import type { LiveChange } from '@wary/model/live.js';
import { TableBus } from '@wary/platform/live/table-bus.js';
import { ProcessHeartbeat } from '@wary/platform/ops/process-heartbeat.js';
import { sharedLoad } from '@wary/platform/ops/shared-load.js';
import { PROCESS_EXPIRES_MS, PROCESS_KEPT_MS } from '@wary/ports/process-registry.port.js';
import { makeFinding } from '@wary/testkit/make-finding.js';
import { startPostgresServer, type TestServer } from '@wary/testkit/start-postgres-server.js';
import { createWorkflow, type WorkflowService } from '@wary/workflow/create-workflow.js';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const NOW = 1_764_000_000_000;
async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> {
  for (const end = Date.now() + ms; !await holds(); await new Promise((resolve) => { setTimeout(resolve, 20); })) if (Date.now() > end) throw new Error(`${what} did not happen in ${ms} ms`);
}

/** What each process of an installation has of its own: a pool, a workflow, a bus. */
interface Node { readonly postgres: PostgresHandle; readonly workflow: WorkflowService; readonly bus: TableBus; readonly heard: LiveChange[]; readonly gaps: number[]; readonly trouble: unknown[] }

describe('several processes over one PostgreSQL', () => {
  let server: TestServer;
  const nodes: Node[] = [];
  let ids = 0;

  async function open(pollMs?: number): Promise<Node> {
    const postgres = await openPostgres({ url: server.url, dataDir: tmpdir(), connectionsMax: 6 });
    const prefix = `n${nodes.length}`;
    const workflow = createWorkflow({ db: createWorkflowStore(postgres), random: { next: () => 0.5, id: () => `${String((ids += 1)).padStart(9, '0')}-${prefix}` } });
    const trouble: unknown[] = [];
    const bus = new TableBus({
      read: (after, limit) => workflow.everyChangeAfter(after, limit), lastSeq: () => workflow.lastChangeSeq(), onTrouble: (error) => { trouble.push(error); }, ...(pollMs === undefined ? {} : { pollMs }),
      onWake: (wake) => postgres.notices.listen(LIVE_CHANNEL, { onNotice: wake, onGap: wake }),
    });
    const heard: LiveChange[] = [];
    const gaps: number[] = [];
    bus.subscribe((changes) => { heard.push(...changes); }, (seq) => { gaps.push(seq); });
    await bus.start();
    const node = { postgres, workflow, bus, heard, gaps, trouble };
    nodes.push(node);
    return node;
  }
  const apply = (node: Node, tenant: string, name: string): Promise<void> => node.workflow.applyFindings([{ ...makeFinding({ id: name, reason: name, severity: 'low' }), tenant }], NOW);
  const relayAll = async (node: Node): Promise<void> => { while ((await node.workflow.relay(NOW)).length > 0); };

  beforeAll(async () => {
    server = await startPostgresServer();
    // A notice that comes is what wakes these: their own look at the table comes too late for the test.
    await open(600_000);
    await open(600_000);
    await open(600_000);
  }, 180_000);
  afterAll(async () => {
    for (const { bus, postgres } of nodes) {
      await bus.stop();
      await postgres.close();
    }
    await server?.stop();
  });

  it('that start at the same moment migrate once', async () => {
    await sql`create database fresh`.execute(nodes[0]!.postgres.db);
    const applied: string[] = [];
    const opened = await Promise.all(Array.from({ length: 10 }, () => openPostgres({
      url: server.url.replace(/\/postgres$/, '/fresh'), dataDir: tmpdir(), connectionsMax: 2, log: (_level, message, detail) => { if (message === 'postgres.migration.applied') applied.push((detail as { name: string }).name); },
    })));
    expect(applied).toEqual(MIGRATIONS.map(({ name }) => name));
    for (const { close } of opened) await close();
  }, 60_000);

  it('number what they commit beside each other, one at a time; who has seen a number never meets a smaller one', async () => {
    const start = await nodes[0]!.workflow.lastChangeSeq();
    const views: number[][] = [];
    let done = false;
    // A reader of the table that looks as often as it can.
    const reader = (async () => {
      for (let after = start; !done || (await nodes[2]!.workflow.lastChangeSeq()) > after;) {
        const { changes, last } = await nodes[2]!.workflow.everyChangeAfter(after, 1_000);
        if (changes.length > 0) views.push(changes.map(({ seq }) => seq));
        after = last;
      }
    })();
    const relayed: number[] = [];
    await Promise.all([0, 1, 2, 3, 4, 5].map(async (worker) => {
      const node = nodes[worker % 3]!;
      for (let index = 0; index < 25; index += 1) {
        await apply(node, `tenant-${worker % 4}`, `w${worker}-${index}`);
        relayed.push(...(await node.workflow.relay(NOW)).map(({ seq }) => seq));
      }
    }));
    await relayAll(nodes[1]!);
    done = true;
    await reader;
    const expected = Array.from({ length: 150 }, (_, index) => start + 1 + index);
    expect(views.flat()).toEqual(expected);
    expect([...relayed].sort((a, b) => a - b)).toEqual(expected.slice(0, relayed.length));
    expect(relayed.length).toBeGreaterThan(100);
    await until('every node has heard all', () => nodes.every(({ bus }) => bus.seq === start + 150));
    for (const { heard } of nodes) expect(heard.map(({ seq }) => seq)).toEqual(expected);
    // All tenants, each thing as it stands.
    expect(new Set(nodes[2]!.heard.map((change) => (change.kind === 'alert' ? change.alert.tenant : '')))).toEqual(new Set(['tenant-0', 'tenant-1', 'tenant-2', 'tenant-3']));
  }, 120_000);

  it('wait for a number while another commits, and give none twice', async () => {
    const start = await nodes[0]!.workflow.lastChangeSeq();
    await apply(nodes[0]!, 'held', 'one');
    let free: (() => void) | null = null;
    const held = nodes[1]!.postgres.db.transaction().execute(async (trx) => {
      // As a relay that numbers and has not committed yet.
      await sql`select value from counters where name = 'changes.seq' for update`.execute(trx);
      await new Promise<void>((resolve) => { free = resolve; });
    });
    await until('the counter is held', () => free !== null);
    const relays = Promise.all([nodes[0]!.workflow.relay(NOW), nodes[2]!.workflow.relay(NOW)]);
    expect((await nodes[2]!.workflow.everyChangeAfter(start, 10)).first).toBeNull();
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    free!();
    await held;
    expect((await relays).flat().map(({ seq }) => seq)).toEqual([start + 1]);
    await until('every node has heard it', () => nodes.every(({ bus }) => bus.seq === start + 1));
  }, 60_000);

  it('hear everything once, in order, when connections break, the server stalls, and is killed', async () => {
    // These look now and then too, as they do in service.
    const late = [await open(), await open()];
    const start = await late[0]!.workflow.lastChangeSeq();
    let committed = 0;
    let stopping = false;
    const writer = (async () => {
      for (let index = 0; !stopping; index += 1) {
        for (let done = false; !done;) {
          try {
            await apply(late[index % 2]!, 'storm', `s${index}`);
            await late[index % 2]!.workflow.relay(NOW);
            done = true;
          } catch (error) {
            expect(error).toMatchObject({ code: 'store_unavailable' });
            await new Promise((resolve) => { setTimeout(resolve, 50); });
          }
        }
        committed += 1;
      }
    })();
    const more = async (count: number): Promise<void> => { const before = committed; await until(`${count} more commits`, () => committed >= before + count); };
    await more(30);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'wary notices'`.execute(nodes[0]!.postgres.db);
    await more(30);
    server.stall();
    await new Promise((resolve) => { setTimeout(resolve, 3_000); });
    server.resume();
    await more(30);
    await server.kill();
    await new Promise((resolve) => { setTimeout(resolve, 500); });
    await server.restart();
    await more(30);
    stopping = true;
    await writer;
    await relayAll(late[0]!);
    const end = await late[0]!.workflow.lastChangeSeq();
    expect(end - start).toBeGreaterThanOrEqual(committed);
    await until('both have heard all', () => late.every(({ bus }) => bus.seq === end));
    for (const { heard, gaps } of late) {
      expect(heard.map(({ seq }) => seq)).toEqual(Array.from({ length: end - start }, (_, index) => start + 1 + index));
      expect(gaps).toEqual([]);
    }
    // And the connection that listens is there again: a notice alone wakes the nodes that do not look by themselves.
    await until('those that only listen have heard all', () => nodes.slice(0, 3).every(({ bus }) => bus.seq === end));
    await apply(nodes[0]!, 'storm', 'last');
    await relayAll(nodes[0]!);
    await until('they hear the next', () => nodes.slice(0, 3).every(({ bus }) => bus.seq === end + 1), 10_000);
  }, 180_000);

  it('tell of themselves: who is there, what it owns, and who has not been heard of', async () => {
    const [one, other] = [createProcessRegistry(nodes[0]!.postgres.db), createProcessRegistry(nodes[1]!.postgres.db)];
    const process = { id: 'p1', kind: 'detect', host: 'h1', internalUrl: 'http://h1:7431', version: '0.1.0', topicPartitions: 4 };
    const load = { eventsPerSecond: 1_200, lagMs: 40 };
    await one.report({ ...process, partitions: [0, 2], load });
    await other.report({ ...process, id: 'p2', kind: 'api', topicPartitions: null, partitions: [], load: { eventsPerSecond: 30, lagMs: 90 } });
    expect(await one.list()).toMatchObject([{ id: 'p2', kind: 'api', alive: true, partitions: [] }, { ...process, partitions: [0, 2], load, alive: true }]);
    expect(await sharedLoad(other)).toEqual({ eventsPerSecond: 1_230, lagMs: 90 });
    const { startedAt } = (await one.list())[1]!;
    await one.report({ ...process, partitions: [3], load });
    expect(await other.list()).toMatchObject([{ id: 'p2' }, { id: 'p1', partitions: [3], startedAt }]);
    await sql`update processes set heartbeat_at = heartbeat_at - ${PROCESS_EXPIRES_MS + 1_000}::bigint where id = 'p1'`.execute(nodes[2]!.postgres.db);
    expect(await other.list()).toMatchObject([{ id: 'p2', alive: true }, { id: 'p1', alive: false }]);
    expect(await sharedLoad(other)).toEqual({ eventsPerSecond: 30, lagMs: 90 });
    await sql`update processes set heartbeat_at = heartbeat_at - ${PROCESS_KEPT_MS}::bigint where id = 'p1'`.execute(nodes[2]!.postgres.db);
    await other.report({ ...process, id: 'p2', kind: 'api', topicPartitions: null, partitions: [], load: null });
    expect(await one.list()).toMatchObject([{ id: 'p2' }]);
    await other.leave('p2');
    expect(await one.list()).toEqual([]);

    let owned = [1];
    const heartbeat = new ProcessHeartbeat({ registry: one, process, partitions: () => owned, load: () => load, onTrouble: () => {} });
    heartbeat.start();
    await until('it has told', async () => (await other.list())[0]?.partitions.join() === '1');
    owned = [1, 2];
    await until('what it owns now is told before the next beat', async () => (await other.list())[0]?.partitions.join() === '1,2', 4_000);
    await heartbeat.stop();
    expect(await other.list()).toEqual([]);
  });

  it('are told of what was removed before they read it', async () => {
    const node = await open();
    await node.bus.stop();
    const { seq } = node.bus;
    for (let index = 0; index < 5; index += 1) await apply(node, 'gap', `g${index}`);
    await relayAll(node);
    await sql`delete from changes where seq <= ${seq + 3}`.execute(node.postgres.db);
    const { first, last, changes } = await node.workflow.everyChangeAfter(seq, 100);
    expect({ first, last, changes: changes.map((change) => change.seq) }).toEqual({ first: seq + 4, last: seq + 5, changes: [seq + 4, seq + 5] });
    const behind = new TableBus({ read: (after, limit) => node.workflow.everyChangeAfter(after, limit), lastSeq: () => Promise.resolve(seq), onWake: () => () => {}, onTrouble: () => {} });
    const told: Array<number | string> = [];
    behind.subscribe((all) => { told.push(...all.map((change) => change.seq)); }, (gap) => { told.push(`gap ${gap}`); });
    await behind.start();
    await until('it has caught up', () => behind.seq === seq + 5);
    await behind.stop();
    expect(told).toEqual([`gap ${seq + 3}`, seq + 4, seq + 5]);
  }, 60_000);
});
