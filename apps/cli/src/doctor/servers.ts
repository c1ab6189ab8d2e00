import { inspectClickHouse } from '@wary/adapter-clickhouse/engine/inspect-server.js';
import { createKafka } from '@wary/adapter-kafka/create-kafka.js';
import { inspectBrokers } from '@wary/adapter-kafka/inspect-brokers.js';
import { inspectPostgres, type PostgresFacts } from '@wary/adapter-postgres/inspect-server.js';
import { kafkaSettingsOf } from '@wary/app-wary/kafka-settings-of.js';
import { TOPICS } from '@wary/model/topics.js';
import { ConfigError, readConfig, type Config } from '@wary/platform/config/read-config.js';
import { rawTopics } from '@wary/platform/kafka/raw-topics.js';
import { formatBytes } from '../terminal/progress.js';
import { certificates, type Endpoint } from './certificates.js';
import type { Check } from './check.js';

const CLOCK_SKEW_MS_MAX = 30_000;
const FREE_BYTES_MIN = 5_000_000_000;
const LAG_MESSAGES_MAX = 100_000;
const POSTGRES_MIN = 15;
const CLICKHOUSE_MIN = 25;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** Brokers, ClickHouse and PostgreSQL that the environment names: reached, new enough, well, and with clocks that agree. Changes nothing. */
export async function inspectServers(env: Readonly<Record<string, string | undefined>>): Promise<Check[]> {
  let config: Config;
  try {
    config = readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.lines.map((line) => ({ name: 'settings', ok: false, found: line, advice: 'docs/reference/configuration.md has every variable' }));
  }
  const checks = await Promise.all([kafka(config), clickHouse(config), postgres(config), certificates(config.env.WARY_PUBLIC_URL, endpointsOf(config))]);
  return checks.flat();
}

async function kafka({ env }: Config): Promise<Check[]> {
  if (env.WARY_KAFKA_BROKERS.length === 0) return [];
  const advice = 'the log of the service says the same; WARY_KAFKA_BROKERS, _SSL, _SSL_CA, _SASL_MECHANISM, _USERNAME and _PASSWORD say how it signs in';
  try {
    const topics = rawTopics(env.WARY_KAFKA_TOPICS);
    const { brokers, partitionsLagging, missing, lag, members } = await inspectBrokers(createKafka(kafkaSettingsOf(env, 'wary-doctor'), quiet, 2), topics.map(({ topic }) => topic), env.WARY_KAFKA_GROUP);
    const services = await servicesOf(createKafka(kafkaSettingsOf(env, 'wary-doctor'), quiet, 2), env.WARY_KAFKA_GROUP);
    const foreign = missing.filter((topic) => topics.some((each) => each.topic === topic && !each.isOurs));
    return [
      { name: 'kafka', ok: partitionsLagging === 0, found: `${brokers} ${brokers === 1 ? 'broker' : 'brokers'}${partitionsLagging > 0 ? `, ${partitionsLagging} partitions without a leader or with replicas behind` : ''}`, advice: 'look at the brokers: one of them is down or behind' },
      { name: 'topics', ok: foreign.length === 0, found: missing.length === 0 ? 'all are there' : `not there: ${missing.join(', ')}`, advice: foreign.length > 0 ? 'WARY_KAFKA_TOPICS names topics that are not there: make them, or take them out' : 'the start makes them' },
      { name: 'lag', ok: lag === null || lag <= LAG_MESSAGES_MAX, found: lag === null ? `the group ${env.WARY_KAFKA_GROUP} has read nothing yet` : `${lag.toLocaleString('en')} messages wait, ${members} ${members === 1 ? 'member' : 'members'} in the group`, advice: 'docs/runbooks/WaryKafkaLag.md' },
      ...services,
    ];
  } catch (error) {
    return [{ name: 'kafka', ok: false, found: `${env.WARY_KAFKA_BROKERS.join(', ')}: ${(error as Error).message}`, advice }];
  }
}

/** Who reads the topics between the services; nothing where everything runs in one process. */
async function servicesOf(client: ReturnType<typeof createKafka>, group: string): Promise<Check[]> {
  const readers = [{ name: 'store', topics: [TOPICS.events, TOPICS.findings, TOPICS.deadLetters] }, { name: 'detect', topics: [TOPICS.events] }, { name: 'respond', topics: [TOPICS.findings] }];
  const checks: Check[] = [];
  for (const { name, topics } of readers) {
    const { missing, lag, members } = await inspectBrokers(client, topics, `${group}.${name}`);
    if (missing.includes(TOPICS.events) || missing.length === topics.length) return [];
    checks.push({
      name, ok: members > 0 && (lag === null || lag <= LAG_MESSAGES_MAX), found: `${members} ${members === 1 ? 'process' : 'processes'}, ${lag === null ? 'nothing read yet' : `${lag.toLocaleString('en')} messages wait`}`,
      advice: members === 0 ? `no ${name} process reads ${topics[0]}: start one (what waits is kept)` : 'docs/runbooks/WaryKafkaLag.md',
    });
  }
  return checks;
}

async function clickHouse({ env }: Config): Promise<Check[]> {
  if (env.WARY_CLICKHOUSE_URL === undefined) return [];
  try {
    const { version, database, tables, clockSkewMs, diskFreeBytes } = await inspectClickHouse(env.WARY_CLICKHOUSE_URL, Date.now);
    return [
      { name: 'clickhouse', ok: Number(version.split('.')[0]) >= CLICKHOUSE_MIN, found: `version ${version}, database ${database} ${tables === null ? 'is made by the first start' : `has ${tables} tables`}`, advice: `version ${CLICKHOUSE_MIN} or newer is needed` },
      clock('clickhouse', clockSkewMs),
      { name: 'disk', ok: diskFreeBytes >= FREE_BYTES_MIN, found: `${formatBytes(diskFreeBytes)} free on the fullest disk of ClickHouse`, advice: `at least ${formatBytes(FREE_BYTES_MIN)} should be free` },
    ];
  } catch (error) {
    return [{ name: 'clickhouse', ok: false, found: withoutSecrets((error as Error).message, env.WARY_CLICKHOUSE_URL), advice: 'WARY_CLICKHOUSE_URL is http(s)://user:password@host:port/database; look whether the server listens, and what its log says' }];
  }
}

async function postgres({ env }: Config): Promise<Check[]> {
  if (env.WARY_POSTGRES_URL === undefined) return [];
  try {
    const { version, encrypted, migrations, clockSkewMs, connections, connectionsMax, processes } = await inspectPostgres(env.WARY_POSTGRES_URL, Date.now);
    return [
      { name: 'postgresql', ok: Number.parseInt(version, 10) >= POSTGRES_MIN, found: `version ${version}, ${encrypted ? 'over TLS' : 'not encrypted'}, ${migrations === null ? 'the first start makes the tables' : `schema ${migrations}`}`, advice: `version ${POSTGRES_MIN} or newer is needed` },
      clock('postgresql', clockSkewMs),
      { name: 'connections', ok: connections < connectionsMax * 0.9, found: `${connections} of ${connectionsMax}`, advice: 'raise max_connections, or put a pooler between' },
      ...processesOf(processes),
    ];
  } catch (error) {
    return [{ name: 'postgresql', ok: false, found: withoutSecrets((error as Error).message, env.WARY_POSTGRES_URL), advice: 'WARY_POSTGRES_URL is postgres://user:password@host:port/database; look whether the server listens, and pg_hba.conf' }];
  }
}

/** Services that tell of themselves; nothing where everything runs in one process. */
function processesOf(processes: PostgresFacts['processes']): Check[] {
  if (processes.length === 0) return [];
  const alive = processes.filter(({ alive: isAlive }) => isAlive);
  const counts = [...new Set(alive.map(({ kind }) => kind))].map((kind) => `${alive.filter((each) => each.kind === kind).length} ${kind}`);
  const silent = processes.filter(({ alive: isAlive }) => !isAlive).map(({ kind, host }) => `${kind} on ${host}`);
  const versions = [...new Set(alive.map(({ version }) => version))];
  return [
    { name: 'processes', ok: silent.length === 0, found: `${counts.join(', ')}${silent.length === 0 ? '' : `; not heard of any more: ${silent.join(', ')}`}`, advice: 'look at what those that are silent said last; a row of one that is gone for good disappears within an hour' },
    { name: 'versions', ok: versions.length <= 1, found: versions.join(', '), advice: 'an upgrade is under way, or was left half done' },
  ];
}

const clock = (name: string, skewMs: number): Check => ({ name: 'clock', ok: skewMs <= CLOCK_SKEW_MS_MAX, found: `${name}: ${skewMs < 2_000 ? 'agrees' : `differs by ${(skewMs / 1_000).toFixed(0)} s`}`, advice: 'set the clocks by NTP' });

function withoutSecrets(message: string, url: string): string {
  const { password, host } = new URL(url);
  return `${host}: ${password === '' ? message : message.replaceAll(decodeURIComponent(password), '…').replaceAll(password, '…')}`;
}

function endpointsOf({ env }: Config): Endpoint[] {
  const endpoints: Endpoint[] = [];
  if (env.WARY_KAFKA_SSL) for (const broker of env.WARY_KAFKA_BROKERS) endpoints.push({ name: 'kafka', host: broker.slice(0, broker.lastIndexOf(':')).replace(/^\[|\]$/g, ''), port: Number(broker.slice(broker.lastIndexOf(':') + 1)) });
  if (env.WARY_CLICKHOUSE_URL?.startsWith('https:') === true) {
    const { hostname, port } = new URL(env.WARY_CLICKHOUSE_URL);
    endpoints.push({ name: 'clickhouse', host: hostname, port: Number(port === '' ? 443 : port) });
  }
  return endpoints;
}
