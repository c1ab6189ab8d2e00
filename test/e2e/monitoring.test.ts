import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKafkaMetrics } from '@wary/platform/kafka/kafka-metrics.js';
import { watchPartitions } from '@wary/platform/ops/partition-metrics.js';
import { createOutMetrics } from '@wary/platform/out/out-metrics.js';
import { Registry } from 'prom-client';
import { startForTest, type TestWary } from './support/start-for-test.js';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
/** Names of metrics, without what histograms add to theirs. */
const metricsIn = (text: string): Set<string> => new Set([...text.matchAll(/\bwary_[a-z_]+/g)].map(([name]) => name.replace(/_(bucket|sum|count)$/, '')));

describe('monitoring', () => {
  let wary: TestWary;
  let offered: Set<string>;
  beforeAll(async () => {
    wary = await startForTest();
    // Made where brokers are named.
    createKafkaMetrics(wary.registry);
    // Of the services: those of a process that scores partitions.
    const services = new Registry();
    createOutMetrics(services);
    watchPartitions(services, { owned: [], pending: 0, works: () => [] });
    offered = new Set([...(await wary.registry.getMetricsAsJSON()), ...(await services.getMetricsAsJSON())].map(({ name }) => name).filter((name) => name.startsWith('wary_')));
  }, 120_000);
  afterAll(async () => { await wary?.dispose(); });

  it('alerts and dashboard ask only for metrics that there are, and the dashboard shows every one', () => {
    const alerts = metricsIn(read('deploy/monitoring/alerts.yml'));
    const shown = metricsIn(read('deploy/monitoring/dashboard.json'));
    expect(offered.size).toBeGreaterThan(20);
    expect([...alerts, ...shown].filter((name) => !offered.has(name))).toEqual([]);
    expect([...offered].filter((name) => !shown.has(name))).toEqual([]);
  });

  it('every alert has its runbook, and every runbook its alert', () => {
    const names = [...read('deploy/monitoring/alerts.yml').matchAll(/- alert: (\w+)/g)].map(([, name]) => name!).sort();
    const pages = readdirSync(join(root, 'docs/runbooks')).filter((file) => file !== 'README.md').map((file) => file.replace('.md', '')).sort();
    expect(pages).toEqual(names);
    expect([...read('docs/runbooks/README.md').matchAll(/^- \[(\w+)\]/gm)].map(([, name]) => name!).sort()).toEqual(names);
    expect([...read('deploy/monitoring/alerts.yml').matchAll(/runbook: (\S+)/g)].filter(([, page]) => !existsSync(join(root, page!)))).toEqual([]);
  });

  it('runbooks name only variables and metrics that there are', () => {
    const known = new Set([...read('docs/reference/configuration.md').matchAll(/`(WARY_\w+)`/g)].map(([, name]) => name!));
    for (const file of readdirSync(join(root, 'docs/runbooks'))) {
      const text = read(`docs/runbooks/${file}`);
      expect([...metricsIn(text)].filter((name) => !offered.has(name)), file).toEqual([]);
      expect([...text.matchAll(/`(WARY_[A-Z_]+[A-Z])(?:=[^`]*)?`/g)].map(([, name]) => name!).filter((name) => !known.has(name)), file).toEqual([]);
    }
  });

  it('the dashboard is that of its table', () => {
    expect(spawnSync(process.execPath, [join(root, 'scripts/monitoring-dashboard.mjs'), '--check'], { encoding: 'utf8' }).stderr).toBe('');
  });
});
