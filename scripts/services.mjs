// `npm run services`: Kafka, PostgreSQL and ClickHouse for development, in the foreground. Prints their addresses as environment lines.
// What they keep is in a temporary folder and goes with them. ClickHouse is the embedded engine behind its HTTP interface: development only.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHttpEngine } from '@wary/adapter-clickhouse/testing/http-engine.js';
import { fetchKafkaJars, startKafkaBroker } from '@wary/testkit/start-kafka-broker.js';
import { startPostgresServer } from '@wary/testkit/start-postgres-server.js';

const folder = mkdtempSync(join(tmpdir(), 'wary-services-'));
const running = [];
let stopping = null;
const stop = (status) => (stopping ??= (async () => {
  for (const service of running.reverse()) await service.stop().catch((error) => { console.error(error.message); });
  rmSync(folder, { recursive: true, force: true });
  process.exit(status);
})());
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { void stop(0); });

const started = async (name, start) => {
  const begun = performance.now();
  const service = await start();
  running.push(service);
  console.error(`${name} is up (${((performance.now() - begun) / 1_000).toFixed(1)} s)`);
  return service;
};
try {
  fetchKafkaJars((line) => { console.error(line); });
  const kafka = await started('Kafka', () => startKafkaBroker());
  const postgres = await started('PostgreSQL', () => startPostgresServer());
  const clickHouse = await started('ClickHouse', () => startHttpEngine(folder));
  console.log(`WARY_KAFKA_BROKERS=${kafka.brokers}\nWARY_POSTGRES_URL=${postgres.url}\nWARY_CLICKHOUSE_URL=${clickHouse.url}\nWARY_SECRET_KEY=${process.env.WARY_SECRET_KEY ?? randomBytes(32).toString('base64url')}`);
  console.error('Ctrl-C stops them; what they kept goes with them.');
  setInterval(() => {}, 60_000);
} catch (error) {
  console.error(error.message);
  await stop(1);
}
