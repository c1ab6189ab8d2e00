import { isSourceName } from '@wary/model/sources.js';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const days = z.coerce.number().int().min(1).max(3_650);
const flag = z.enum(['true', 'false', '1', '0', 'yes', 'no']).transform((text) => text === 'true' || text === '1' || text === 'yes');
const list = z.string().transform((text) => text.split(',').map((part) => part.trim()).filter((part) => part !== ''));

/** host, host:port, CIDR or address: what a webhook may reach besides public https. */
const webhookAllow = list.refine((items) => items.every((item) => /^[a-z0-9.:/[\]*-]+$/i.test(item)), 'holds hosts, addresses or networks separated by commas');

const kafkaTopics = list.transform((items, context) => {
  const topics: Array<{ topic: string; source: string }> = [];
  for (const item of items) {
    const at = item.lastIndexOf('=');
    const source = item.slice(at + 1);
    if (at < 1 || !isSourceName(source)) context.addIssue({ code: 'custom', message: `"${item}" is not topic=source with a known source` });
    else topics.push({ topic: item.slice(0, at), source });
  }
  return topics;
});

/**
 * The environment, read once per process. One place names every variable, its default and its bounds;
 * code receives the few values it needs. Relations between values are checked below, and a wrong one stops the start by name.
 */
export const EnvSchema = z.object({
  WARY_DATA_DIR: z.string().min(1).default('./.wary').describe('everything the embedded engines, their snapshots and the generated secret keep; created with access for its owner alone'),
  WARY_HOST: z.string().min(1).default('127.0.0.1').describe('address that the API, the dashboard, sockets and ingest listen on'),
  WARY_PORT: port.default(7400).describe('their port; 0 takes a free one'),
  WARY_OPS_HOST: z.string().min(1).optional().describe('address of health and metrics; WARY_HOST when unset'),
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
  WARY_KAFKA_BROKERS: list.default([]).describe('comma-separated brokers; not read by this version yet'),
  WARY_KAFKA_TOPICS: kafkaTopics.default([]).describe('topic=source pairs; not read by this version yet'),
  WARY_CLICKHOUSE_URL: z.url({ protocol: /^https?$/ }).optional().describe('a ClickHouse server, http(s)://user:password@host:port/database; unset: the engine inside this process'),
  WARY_POSTGRES_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional().describe('a PostgreSQL server; unset: the engine inside this process'),
  WARY_ALERT_BUDGET_PER_DAY: z.coerce.number().positive().max(10_000).default(5).describe('false alarms that a tenant accepts per day'),
  WARY_WEBHOOK_ALLOW: webhookAllow.default([]).describe('hosts or networks that webhooks may reach besides public addresses over https'),
  WARY_TEST_DATA: z.string().optional().describe('folder with the public data sets that some tests and benches read'),
  WARY_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('what is logged'),
  WARY_PII_POLICY: z.enum(['mask', 'keep']).default('mask').describe('what becomes of personal data before anything is stored'),
  WARY_SECRETS_POLICY: z.enum(['mask', 'keep']).default('mask').describe('what becomes of secrets before anything is stored'),
  WARY_PSEUDONYMISE: flag.default(false).describe('principals are stored under keyed pseudonyms'),
  WARY_FSYNC: flag.default(false).describe('every insert survives a power cut, not only the death of the process; slower'),
  WARY_SNAPSHOT_SECONDS: z.coerce.number().int().min(5).max(86_400).default(300).describe('seconds between two snapshots of the detectors'),
  WARY_DRAIN_SECONDS: z.coerce.number().int().min(1).max(600).default(25).describe('deadline of an orderly stop'),
  WARY_INGEST_QUEUE_RECORDS_MAX: z.coerce.number().int().min(1_000).max(5_000_000).default(200_000).describe('records that may wait to be stored; more are answered with 429'),
}).superRefine((env, context) => {
  const wrong = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
  if (env.WARY_CONTENT_RETENTION_DAYS > env.WARY_RETENTION_DAYS) {
    wrong('WARY_CONTENT_RETENTION_DAYS', `is ${env.WARY_CONTENT_RETENTION_DAYS}, longer than WARY_RETENTION_DAYS (${env.WARY_RETENTION_DAYS}): content cannot outlive its event`);
  }
  if (env.WARY_PORT !== 0 && env.WARY_PORT === env.WARY_OPS_PORT) wrong('WARY_OPS_PORT', `is the same as WARY_PORT (${env.WARY_PORT}): health and metrics need a port of their own`);
  if (env.WARY_KAFKA_TOPICS.length > 0 && env.WARY_KAFKA_BROKERS.length === 0) wrong('WARY_KAFKA_TOPICS', 'is set without WARY_KAFKA_BROKERS');
  if (env.WARY_PUBLIC_URL !== undefined && new URL(env.WARY_PUBLIC_URL).pathname !== '/') wrong('WARY_PUBLIC_URL', 'must not have a path');
});

export type Env = z.output<typeof EnvSchema>;
