import type { KnownProcess } from '@wary/ports/process-registry.port.js';
import { noCounts } from '@wary/rules/correlate/correlation-limits.js';
import type { HealthEntry } from '@wary/rules/live/rule-health.js';
import { Registry } from 'prom-client';
import { afterAll, describe, expect, it } from 'vitest';
import { internalToken } from '../ops/internal-routes.js';
import { startOpsServer, type OpsServer } from '../ops/ops-server.js';
import { createRemoteRuleHealth, ruleHealthRoute } from './remote-rule-health.js';

const TOKEN = internalToken(Buffer.alloc(32, 7));
const entry = (more: Partial<HealthEntry>): HealthEntry => ({ matches: 0, lastMatchAt: null, costMs: 0, samples: 0, errors: 0, lastError: null, ...more });

describe('how rules fare where several processes run them', () => {
  const servers: OpsServer[] = [];
  const troubles: unknown[] = [];
  afterAll(async () => { for (const server of servers) await server.close(); });
  async function scoring(id: string, rules: Record<string, HealthEntry>, observations: number, more: Partial<KnownProcess> = {}): Promise<KnownProcess> {
    const server = await startOpsServer({
      host: '127.0.0.1', port: 0, registry: new Registry(), isReady: () => Promise.resolve({ ready: true, reason: '' }),
      internal: { token: TOKEN, routes: () => [ruleHealthRoute({ healthOf: (tenant) => (tenant === 'acme' ? { rules: Object.entries(rules), counts: { ...noCounts(), observations } } : null) })] },
    });
    servers.push(server);
    return { id, kind: 'detect', host: 'h', internalUrl: `http://127.0.0.1:${server.port}`, version: '1', topicPartitions: 4, partitions: [], load: null, startedAt: 1, heartbeatAt: 1, alive: true, ...more };
  }
  const over = (...processes: KnownProcess[]) => createRemoteRuleHealth({ registry: { list: () => Promise.resolve(processes) }, token: TOKEN, onTrouble: (error) => { troubles.push(error); } });

  it('is the sum of them: matches, errors, the latest match, the mean over all samples, and what correlations counted', async () => {
    const health = await over(
      await scoring('one', { a: entry({ matches: 3, lastMatchAt: 50, costMs: 2, samples: 1 }), b: entry({ matches: 1, lastMatchAt: 9 }) }, 5),
      await scoring('two', { a: entry({ matches: 4, lastMatchAt: 40, costMs: 1, samples: 2, errors: 2, lastError: 'broken' }) }, 7),
    ).of('acme');
    expect(health.of('a')).toEqual({ matches: 7, lastMatchAt: 50, costUs: 1_000, errors: 2, lastError: 'broken' });
    expect(health.of('b')).toEqual({ matches: 1, lastMatchAt: 9, costUs: null, errors: 0, lastError: null });
    expect(health.of('never heard of').matches).toBe(0);
    expect(health.counts).toMatchObject({ observations: 12, late: 0 });
  });

  it('is what those say that answer: dead ones, those of no partitions and other tenants have no part in it', async () => {
    const one = await scoring('one', { a: entry({ matches: 3 }) }, 1);
    const health = over(one, await scoring('dead', { a: entry({ matches: 9 }) }, 1, { alive: false }), await scoring('api', { a: entry({ matches: 9 }) }, 1, { topicPartitions: null }), { ...one, id: 'gone', internalUrl: 'http://127.0.0.1:1' });
    expect((await health.of('acme')).of('a').matches).toBe(3);
    expect(troubles).toHaveLength(1);
    expect((await health.of('globex')).of('a').matches).toBe(0);
  });
});
