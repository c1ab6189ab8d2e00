import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEngine, type EntityBaselines } from '@wary/detect/engine.js';
import { partitionOf, shardOf } from '@wary/model/shard.js';
import type { KnownProcess } from '@wary/ports/process-registry.port.js';
import { buildEvent } from '@wary/testkit/event-builder.js';
import { Registry } from 'prom-client';
import { afterAll, describe, expect, it } from 'vitest';
import { startOpsServer, type OpsServer } from '../ops/ops-server.js';
import { internalToken } from '../ops/internal-routes.js';
import { EntityBaselinesSchema } from './baselines-schema.js';
import { BASELINES_PATH, baselinesRoute, createRemoteBaselines } from './remote-baselines.js';

const PARTITIONS = 4;
const TOKEN = internalToken(Buffer.alloc(32, 7));
const learned = (name: string): EntityBaselines => ({
  peerGroup: name, peers: { source: 'behaviour', group: 'behaviour:2', since: 86_400_000, members: 7, drawn: 20, reasons: [{ label: 'read (file)', own: 1, group: 0.9, kind: 0.4 }], amounts: [], nearest: [{ id: 'bob', likeness: 0.8 }] }, windowsLearned: 3, since: 1, split: null, drift: null, week: [1, 2], categories: [{ category: 'resource', values: [{ value: 'ds/a', count: 2 }] }],
  features: [{ feature: 'f', label: 'F', window: '1h', unit: 'u', expected: 1, low: 0, high: 2, current: null, windows: 3, percentile: 62.5 }],
});
const ownerOf = (id: string): number => partitionOf(shardOf('default', 'user', id), PARTITIONS);
const personIn = (partition: number): string => Array.from({ length: 1_000 }, (_, index) => `p${index}`).find((id) => ownerOf(id) === partition)!;

describe('baselines of an entity that another process scores', () => {
  const servers: OpsServer[] = [];
  const troubles: unknown[] = [];
  /** A process that scores these partitions, and knows of everybody in them. */
  async function scoring(name: string, partitions: readonly number[], more: Partial<KnownProcess> = {}): Promise<KnownProcess> {
    const server = await startOpsServer({
      host: '127.0.0.1', port: 0, registry: new Registry(), isReady: () => Promise.resolve({ ready: true, reason: '' }),
      internal: { token: TOKEN, routes: () => [baselinesRoute(PARTITIONS, (partition) => (partitions.includes(partition) ? { describeEntity: () => learned(name) } : null))] },
    });
    servers.push(server);
    return { id: name, kind: 'detect', host: 'h', internalUrl: `http://127.0.0.1:${server.port}`, version: '1', topicPartitions: PARTITIONS, partitions, load: null, startedAt: 1, heartbeatAt: 1, alive: true, ...more };
  }
  const sourceOver = (...processes: KnownProcess[]) => createRemoteBaselines({ registry: { list: () => Promise.resolve(processes) }, token: TOKEN, onTrouble: (error) => { troubles.push(error); } });
  afterAll(async () => { for (const server of servers) await server.close(); });

  it('come from the process that scores its partition', async () => {
    const source = sourceOver(await scoring('even', [0, 2]), await scoring('odd', [1, 3]));
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      expect(await source.describeEntity('default', { type: 'user', id: personIn(partition) })).toEqual({ baselines: learned(partition % 2 === 0 ? 'even' : 'odd') });
    }
    // Drift of a model is known to all alike.
    expect(await source.describeEntity('default', { type: 'model', id: 'large' })).toEqual({ baselines: learned('even') });
    expect(await source.describeEntity('default', { type: 'network', id: '10.0.0.0/8' } as never)).toEqual({ baselines: null });
  });

  it('come from the new owner while the one before still claims the partition', async () => {
    const before = { ...await scoring('before', []), partitions: [0, 1, 2, 3], heartbeatAt: 2 };
    const source = sourceOver(before, await scoring('after', [0, 1, 2, 3], { heartbeatAt: 1 }));
    expect(await source.describeEntity('default', { type: 'user', id: personIn(1) })).toEqual({ baselines: learned('after') });
  });

  it('are not available, in words, when nobody scores it, its owner is dead, does not answer, or talks nonsense', async () => {
    const asked = { type: 'user', id: personIn(2) } as const;
    expect(await sourceOver().describeEntity('default', asked)).toEqual({ unavailable: 'no process scores at the moment' });
    expect(await sourceOver(await scoring('dead', [2], { alive: false })).describeEntity('default', asked)).toEqual({ unavailable: 'no process scores at the moment' });
    expect(await sourceOver(await scoring('other', [0])).describeEntity('default', asked)).toEqual({ unavailable: 'its partition is between two processes' });
    expect(await sourceOver(await scoring('gone', [2], { internalUrl: 'http://127.0.0.1:1' })).describeEntity('default', asked)).toEqual({ unavailable: 'the process that scores it does not answer' });
    const silent = createServer(() => {});
    const nonsense = createServer((_, response) => { response.end('{"baselines":{"peerGroup":7}}'); });
    const redirecting = createServer((_, response) => { response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(); });
    for (const server of [silent, nonsense, redirecting]) await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    for (const server of [silent, nonsense, redirecting]) {
      const source = sourceOver(await scoring('x', [2], { internalUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
      expect(await source.describeEntity('default', asked)).toEqual({ unavailable: 'the process that scores it does not answer' });
    }
    for (const server of [silent, nonsense, redirecting]) { server.closeAllConnections(); server.close(); }
    const failing = createRemoteBaselines({ registry: { list: () => Promise.reject(new Error('away')) }, token: TOKEN, onTrouble: () => {} });
    expect(await failing.describeEntity('default', asked)).toEqual({ unavailable: 'nobody can say which process scores it' });
  }, 30_000);

  it('are told to nobody without the bearer of the installation', async () => {
    const { internalUrl } = await scoring('guarded', [0, 1, 2, 3]);
    const ask = async (authorization?: string) => (await fetch(`${internalUrl}${BASELINES_PATH}?tenant=default&type=user&id=a`, authorization === undefined ? {} : { headers: { authorization } })).status;
    expect(await ask()).toBe(401);
    expect(await ask('Bearer wrong')).toBe(401);
    expect(await ask(`Bearer ${internalToken(Buffer.alloc(32, 8))}`)).toBe(401);
    expect(await ask(`Bearer ${TOKEN}`)).toBe(200);
    expect((await fetch(`${internalUrl}/internal/other`, { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(404);
    expect((await fetch(`${internalUrl}${BASELINES_PATH}?tenant=&type=user&id=`, { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(404);
  });

  it('have the shape that an engine gives', () => {
    const engine = createEngine({ budgetPerDay: 5, seed: 1 });
    const start = 1_764_000_000_000;
    engine.scoreEvents(Array.from({ length: 200 }, (_, index) => buildEvent({ id: `e${index}`, seq: index + 1, time: start + index * 600_000, receivedAt: start + index * 600_000, actor: { type: 'user', id: 'a' } })));
    const described = engine.describeEntity('default', { type: 'user', id: 'a' });
    expect(described?.features.length).toBeGreaterThan(0);
    expect(EntityBaselinesSchema.parse(JSON.parse(JSON.stringify(described)))).toEqual(described);
  });
});
