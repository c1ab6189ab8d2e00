import { SUPPORTED_SOURCES } from '@wary/model/sources.js';
import { z } from 'zod';

/** As many as the detectors keep apart. */
const TENANTS_MAX = 1_000;

type SupportedSource = (typeof SUPPORTED_SOURCES)[number];

const port = z.coerce.number().int().min(0).max(65_535);
const days = z.coerce.number().int().min(1).max(3_650);
const flag = z.enum(['true', 'false', '1', '0', 'yes', 'no']).transform((text) => text === 'true' || text === '1' || text === 'yes');
const list = z.string().transform((text) => text.split(',').map((part) => part.trim()).filter((part) => part !== ''));

/** host, host:port, CIDR or address: what a webhook may reach besides public https. */
const webhookAllow = list.refine((items) => items.every((item) => /^[a-z0-9.:/[\]*-]+$/i.test(item)), 'holds hosts, addresses or networks separated by commas');

/** An operator's topics: of a source, and of a tenant where it is not default. */
const kafkaTopics = list.transform((items, context) => {
  const topics: Array<{ topic: string; source: SupportedSource; tenant: string }> = [];
  for (const item of items) {
    const [, topic, source, tenant] = /^([\w.-]{1,249})=([\w-]+)(?:@([a-z0-9][a-z0-9-]{0,62}))?$/.exec(item) ?? [];
    if (topic === undefined || !isSupported(source!)) context.addIssue({ code: 'custom', message: `"${item}" is not topic=source or topic=source@tenant, the source one of ${SUPPORTED_SOURCES.join(', ')}` });
    else topics.push({ topic, source: source as SupportedSource, tenant: tenant ?? 'default' });
  }
  return topics;
}).refine((topics) => new Set(topics.map(({ topic }) => topic)).size === topics.length, 'names a topic twice');
const isSupported = (source: string): boolean => (SUPPORTED_SOURCES as readonly string[]).includes(source);
const brokers = list.refine((items) => items.every((item) => /^(\[[0-9a-f:.]+\]|[\w.-]+):\d{1,5}$/i.test(item)), 'holds host:port pairs separated by commas');

/** Tenants beside `default`, each with the e-mail of its first administrator. */
const tenants = list.transform((items, context) => {
  const found: Array<{ id: string; adminEmail: string }> = [];
  for (const item of items) {
    const at = item.indexOf('=');
    const [id, adminEmail] = [item.slice(0, Math.max(at, 0)), item.slice(at + 1).toLowerCase()];
    if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(id) || !z.email().safeParse(adminEmail).success) context.addIssue({ code: 'custom', message: `"${item}" is not tenant=administrator@example.com, the tenant in lower-case letters, digits and -` });
    else found.push({ id, adminEmail });
  }
  return found;
}).refine((all) => all.length <= TENANTS_MAX, `names more than ${TENANTS_MAX} tenants`);

/** Quotas of single tenants; 0 is none. */
const tenantQuotas = list.transform((items, context) => {
  const found: Array<{ tenant: string; eventsPerSecond: number | null }> = [];
  for (const item of items) {
    const [, tenant, number] = /^([a-z0-9][a-z0-9-]{0,62})=(\d{1,8})$/.exec(item) ?? [];
    if (tenant === undefined) context.addIssue({ code: 'custom', message: `"${item}" is not tenant=events per second (0: no quota)` });
    else found.push({ tenant, eventsPerSecond: Number(number) === 0 ? null : Number(number) });
  }
  return found;
}).refine((all) => new Set(all.map(({ tenant }) => tenant)).size === all.length, 'names a tenant twice');

/**
 * The environment, read once per process. One place names every variable, its default and its bounds;
 * code receives the few values it needs. Relations between values are checked below, and a wrong one stops the start by name.
 */
export const EnvSchema = z.object({
  WARY_DATA_DIR: z.string().min(1).default('./.wary').describe('everything the embedded engines, their snapshots and the generated secret keep; created with access for its owner alone'),
  WARY_HOST: z.string().min(1).default('127.0.0.1').describe('address that the API, the dashboard, sockets and ingest listen on'),
  WARY_PORT: port.default(7400).describe('their port; 0 takes a free one'),
  WARY_INGEST_PORT: port.default(7410).describe('port that the ingest service takes events on; of one process alone it is WARY_PORT'),
  WARY_OPS_HOST: z.string().min(1).optional().describe('address of health and metrics; WARY_HOST when unset'),
  WARY_ADVERTISED_HOST: z.string().min(1).optional().describe('scaled: name or address at which the other processes reach this one\'s WARY_OPS_PORT; WARY_OPS_HOST, or the host\'s name where that is every address'),
  WARY_OPS_PORT: port.default(7401).describe('port of /healthz, /readyz and /metrics'),
  WARY_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional().describe('address people use, for links, the allowed origin, and Secure cookies when it is https; http://HOST:PORT when unset'),
  WARY_TRUST_PROXY: z.string().default('false').describe('addresses or networks of the proxy in front whose X-Forwarded-For counts, or true or false'),
  WARY_SECRET_KEY: z.string().min(32, 'needs at least 32 characters').optional().describe('root of the keys for pseudonyms and encryption, at least 32 characters; generated into the data folder when unset'),
  WARY_SECRET_KEYS_OLD: list.default([]).describe('former root keys, comma-separated: what they encrypted can still be read'),
  WARY_RETENTION_DAYS: days.default(400).describe('days that event metadata and findings are kept'),
  WARY_CONTENT_RETENTION_DAYS: days.default(30).describe('days that masked content and dead letters are kept'),
  WARY_ADMIN_EMAIL: z.email().default('admin@wary.local').describe('the first administrator, only while there is no user'),
  WARY_ADMIN_PASSWORD: z.string().min(12, 'needs at least 12 characters').max(1_000).optional().describe('their password, at least 12 characters; generated and printed once when unset'),
  WARY_REQUIRE_SECOND_FACTOR: flag.default(false).describe('people without a second factor may only set one up; nobody can turn theirs off'),
  WARY_INGEST_KEY: z.string().regex(/^wary_[A-Za-z0-9_-]{43,}$/, 'must be wary_ followed by at least 43 characters of base64url (32 random bytes)').optional().describe('the first ingest key, only while there is none; generated and printed once when unset'),
  WARY_TENANTS: tenants.default([]).describe('tenants beside default, comma-separated tenant=e-mail of its first administrator; each has people, keys, registers, baselines, alerts and a budget of its own'),
  WARY_KAFKA_BROKERS: brokers.default([]).describe('comma-separated host:port; records are read from the topics wary.raw.SOURCE, which are made where they are missing; unset: no Kafka'),
  WARY_KAFKA_SSL: flag.default(false).describe('TLS to the brokers'),
  WARY_KAFKA_SSL_CA: z.string().min(1).optional().describe('file with the certificates of the authority that signed theirs, in PEM; unset: those that Node trusts'),
  WARY_KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional().describe('how to sign in to the brokers: plain, scram-sha-256 or scram-sha-512; unset: not at all'),
  WARY_KAFKA_USERNAME: z.string().min(1).optional().describe('name to sign in with'),
  WARY_KAFKA_PASSWORD: z.string().min(1).optional().describe('password to sign in with'),
  WARY_KAFKA_GROUP: z.string().regex(/^[\w.-]{1,249}$/, 'holds letters, digits, dots, - and _').default('wary').describe('consumer group; a new one reads the topics from their beginning'),
  WARY_KAFKA_PARTITIONS: z.coerce.number().int().min(1).max(10_000).default(12).describe('partitions of the topics that are made'),
  WARY_KAFKA_TOPICS: kafkaTopics.default([]).describe('own topics, comma-separated topic=source or topic=source@tenant, as in audit.prod=cloudtrail'),
  WARY_CLICKHOUSE_URL: z.url({ protocol: /^https?$/ }).optional().describe('a ClickHouse server, http(s)://user:password@host:port/database; unset: the engine inside this process'),
  WARY_POSTGRES_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional().describe('a PostgreSQL server; unset: the engine inside this process'),
  WARY_ALERT_BUDGET_PER_DAY: z.coerce.number().positive().max(10_000).default(5).describe('false alarms that a tenant accepts per day'),
  WARY_WEBHOOK_ALLOW: webhookAllow.default([]).describe('hosts or networks that webhooks may reach besides public addresses over https'),
  WARY_RULES_DIR: z.string().min(1).optional().describe('folder of Sigma rules that every tenant runs, read again within a second of a change; the rules that come with the product when unset'),
  WARY_TEST_DATA: z.string().optional().describe('folder with the public data sets that some tests and benches read'),
  WARY_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('what is logged'),
  WARY_PII_POLICY: z.enum(['mask', 'keep']).default('mask').describe('what becomes of personal data before anything is stored'),
  WARY_SECRETS_POLICY: z.enum(['mask', 'keep']).default('mask').describe('what becomes of secrets before anything is stored'),
  WARY_PSEUDONYMISE: flag.default(false).describe('principals are stored under keyed pseudonyms'),
  WARY_FSYNC: flag.default(false).describe('every insert survives a power cut, not only the death of the process; slower'),
  WARY_SNAPSHOT_SECONDS: z.coerce.number().int().min(5).max(86_400).default(300).describe('seconds between two snapshots of the detectors'),
  WARY_DRAIN_SECONDS: z.coerce.number().int().min(1).max(600).default(25).describe('deadline of an orderly stop'),
  WARY_INGEST_QUEUE_RECORDS_MAX: z.coerce.number().int().min(1_000).max(5_000_000).default(200_000).describe('records that may wait to be stored; more are answered with 429'),
  WARY_TENANT_QUOTA_EVENTS_PER_SECOND: z.coerce.number().int().min(1).max(10_000_000).optional().describe('events a second that a tenant may send, over all processes that take them, over HTTP and from its topics; more are answered with 429, and its topics wait; unset: no quota'),
  WARY_TENANT_QUOTA_BURST_SECONDS: z.coerce.number().int().min(1).max(3_600).default(10).describe('seconds of its quota that a tenant may send at once'),
  WARY_TENANT_QUOTAS: tenantQuotas.default([]).describe('quotas of single tenants, comma-separated tenant=events per second; 0 is no quota'),
}).superRefine((env, context) => {
  const wrong = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
  if (env.WARY_CONTENT_RETENTION_DAYS > env.WARY_RETENTION_DAYS) {
    wrong('WARY_CONTENT_RETENTION_DAYS', `is ${env.WARY_CONTENT_RETENTION_DAYS}, longer than WARY_RETENTION_DAYS (${env.WARY_RETENTION_DAYS}): content cannot outlive its event`);
  }
  if (env.WARY_PORT !== 0 && env.WARY_PORT === env.WARY_OPS_PORT) wrong('WARY_OPS_PORT', `is the same as WARY_PORT (${env.WARY_PORT}): health and metrics need a port of their own`);
  if (env.WARY_KAFKA_TOPICS.length > 0 && env.WARY_KAFKA_BROKERS.length === 0) wrong('WARY_KAFKA_TOPICS', 'is set without WARY_KAFKA_BROKERS');
  if (env.WARY_KAFKA_SASL_MECHANISM !== undefined && (env.WARY_KAFKA_USERNAME === undefined || env.WARY_KAFKA_PASSWORD === undefined)) wrong('WARY_KAFKA_SASL_MECHANISM', 'needs WARY_KAFKA_USERNAME and WARY_KAFKA_PASSWORD');
  if (env.WARY_KAFKA_SASL_MECHANISM === undefined && (env.WARY_KAFKA_USERNAME !== undefined || env.WARY_KAFKA_PASSWORD !== undefined)) wrong('WARY_KAFKA_USERNAME', 'is set without WARY_KAFKA_SASL_MECHANISM');
  if (env.WARY_KAFKA_SASL_MECHANISM === 'plain' && !env.WARY_KAFKA_SSL && !env.WARY_KAFKA_BROKERS.every((broker) => /^(localhost|127\.|\[::1\])/.test(broker))) wrong('WARY_KAFKA_SASL_MECHANISM', 'plain sends the password as it is: set WARY_KAFKA_SSL=true, or take scram-sha-512');
  const foreign = env.WARY_KAFKA_TOPICS.find(({ tenant }) => tenant !== 'default' && !env.WARY_TENANTS.some(({ id }) => id === tenant));
  if (foreign !== undefined) wrong('WARY_KAFKA_TOPICS', `gives ${foreign.topic} to the tenant ${foreign.tenant}, which WARY_TENANTS does not name`);
  const names = ['default', ...env.WARY_TENANTS.map(({ id }) => id)];
  const unknown = env.WARY_TENANT_QUOTAS.find(({ tenant }) => !names.includes(tenant));
  if (unknown !== undefined) wrong('WARY_TENANT_QUOTAS', `names the tenant ${unknown.tenant}, which WARY_TENANTS does not`);
  const emails = [env.WARY_ADMIN_EMAIL.toLowerCase(), ...env.WARY_TENANTS.map(({ adminEmail }) => adminEmail)];
  if (new Set(names).size < names.length) wrong('WARY_TENANTS', 'names a tenant twice, or default, which is always there');
  if (new Set(emails).size < emails.length) wrong('WARY_TENANTS', 'gives two tenants the same administrator: an e-mail signs in to one tenant (WARY_ADMIN_EMAIL to default)');
  if (env.WARY_PUBLIC_URL !== undefined && new URL(env.WARY_PUBLIC_URL).pathname !== '/') wrong('WARY_PUBLIC_URL', 'must not have a path');
});

export type Env = z.output<typeof EnvSchema>;
