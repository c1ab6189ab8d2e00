import type { Finding } from '@wary/model/finding.js';
import type { KnownProcess } from '@wary/ports/process-registry.port.js';
import { FakeClock } from '@wary/testkit/fake-clock.js';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { internalToken } from '../ops/internal-routes.js';
import { startOpsServer, type OpsServer } from '../ops/ops-server.js';
import { heardRoute, SilenceCheck, type LookedAt } from './silence-check.js';

const TOKEN = internalToken(Buffer.alloc(32, 7));
const PARTITIONS = 3;
const ENDS = [{ low: 0, high: 10 }, { low: 0, high: 20 }, { low: 4, high: 4 }];

/** A partition whose engine takes everything for silent that was heard of nowhere after hour 100. */
const partition = (read: number, hours: Array<[string, number]> = [], waiting = false): LookedAt => ({
  heard: { read, hours }, waiting,
  engine: { silences: (_now, since, elsewhere) => ['acme', 'globex'].filter((tenant) => (elsewhere?.get(tenant) ?? 0) <= 100).map((tenant) => ({ id: `${tenant}-${since}`, tenant }) as Finding) },
});

describe('the look for silence over processes', () => {
  const servers: OpsServer[] = [];
  afterEach(async () => { for (const server of servers.splice(0)) await server.close(); });
  async function running(id: string, works: ReadonlyMap<number, LookedAt>, more: Partial<KnownProcess> = {}): Promise<KnownProcess> {
    const server = await startOpsServer({ host: '127.0.0.1', port: 0, registry: new Registry(), isReady: () => Promise.resolve({ ready: true, reason: '' }), internal: { token: TOKEN, routes: () => [heardRoute(() => works)] } });
    servers.push(server);
    return { id, kind: 'detect', host: 'h', internalUrl: `http://127.0.0.1:${server.port}`, version: '1', topicPartitions: PARTITIONS, partitions: [...works.keys()], load: null, startedAt: 1, heartbeatAt: 1, alive: true, ...more };
  }
  function checking(own: ReadonlyMap<number, LookedAt>, others: readonly KnownProcess[]) {
    const told: string[] = [];
    const state = { fails: false };
    const check = new SilenceCheck({
      partitions: PARTITIONS, works: () => own, registry: { list: () => Promise.resolve([...others]) }, token: TOKEN, processId: 'me', bounds: () => Promise.resolve(ENDS), clock: new FakeClock(),
      emit: (findings) => { if (state.fails) return Promise.reject(new Error('no broker')); told.push(...findings.map(({ id }) => id)); return Promise.resolve(); },
    }, 7);
    return { check, told, state };
  }
  const first = new Map([[0, partition(10)]]);

  it('tells what is silent everywhere, once; what another partition has heard is not silent', async () => {
    const { check, told } = checking(first, [await running('other', new Map([[1, partition(20, [['acme', 101]])], [2, partition(0)]]))]);
    await check.look();
    await check.look();
    expect(told).toEqual(['globex-7']);
  });

  it('is one process\'s: whoever has not the first partition does not look', async () => {
    const { check, told } = checking(new Map([[1, partition(20)], [2, partition(0)]]), [await running('other', first)]);
    await check.look();
    expect(told).toEqual([]);
  });

  it('says nothing while a partition is with nobody, has something to read, or waits', async () => {
    const others = [await running('partly', new Map([[1, partition(20)]])), await running('dead', new Map([[2, partition(0)]]), { alive: false }), await running('another stream', new Map([[2, partition(0)]]), { topicPartitions: 5 })];
    const nobody = checking(first, others);
    await nobody.check.look();
    const behind = checking(first, [await running('behind', new Map([[1, partition(19)], [2, partition(0)]]))]);
    await behind.check.look();
    const waits = checking(new Map([[0, partition(10, [], true)]]), [await running('all', new Map([[1, partition(20)], [2, partition(0)]]))]);
    await waits.check.look();
    expect([...nobody.told, ...behind.told, ...waits.told]).toEqual([]);
  });

  it('tells it later when it could not be published, or somebody did not answer', async () => {
    const gone = { ...await running('gone', new Map([[1, partition(20)], [2, partition(0)]])), internalUrl: 'http://127.0.0.1:1' };
    await expect(checking(first, [gone]).check.look()).rejects.toThrow();
    const { check, told, state } = checking(new Map([[0, partition(10)], [1, partition(20)], [2, partition(0)]]), []);
    state.fails = true;
    await expect(check.look()).rejects.toThrow('no broker');
    state.fails = false;
    await check.look();
    expect(told).toEqual(['acme-7', 'globex-7']);
  });
});
