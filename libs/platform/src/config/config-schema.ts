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
  WARY_DATA_DIR: z.string().min(1).default('./.wary'),
  WARY_HOST: z.string().min(1).default('127.0.0.1'),
  WARY_PORT: port.default(7400),
  WARY_OPS_HOST: z.string().min(1).optional(),
  WARY_OPS_PORT: port.default(7401),
  WARY_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  WARY_TRUST_PROXY: z.string().default('false'),
  WARY_SECRET_KEY: z.string().min(32, 'needs at least 32 characters').optional(),
  WARY_SECRET_KEYS_OLD: list.default([]),
  WARY_RETENTION_DAYS: days.default(400),
  WARY_CONTENT_RETENTION_DAYS: days.default(30),
  WARY_ADMIN_EMAIL: z.email().default('admin@wary.local'),
  WARY_ADMIN_PASSWORD: z.string().min(12, 'needs at least 12 characters').max(1_000).optional(),
  WARY_INGEST_KEY: z.string().regex(/^wary_[A-Za-z0-9_-]{43,}$/, 'must be wary_ followed by at least 43 characters of base64url (32 random bytes)').optional(),
  WARY_KAFKA_BROKERS: list.default([]),
  WARY_KAFKA_TOPICS: kafkaTopics.default([]),
  WARY_CLICKHOUSE_URL: z.url({ protocol: /^https?$/ }).optional(),
  WARY_POSTGRES_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  WARY_ALERT_BUDGET_PER_DAY: z.coerce.number().positive().max(10_000).default(5),
  WARY_WEBHOOK_ALLOW: webhookAllow.default([]),
  WARY_TEST_DATA: z.string().optional(),
  WARY_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  WARY_PII_POLICY: z.enum(['mask', 'keep']).default('mask'),
  WARY_SECRETS_POLICY: z.enum(['mask', 'keep']).default('mask'),
  WARY_PSEUDONYMISE: flag.default(false),
  WARY_FSYNC: flag.default(false),
  WARY_SNAPSHOT_SECONDS: z.coerce.number().int().min(5).max(86_400).default(300),
  WARY_DRAIN_SECONDS: z.coerce.number().int().min(1).max(600).default(25),
  WARY_INGEST_QUEUE_RECORDS_MAX: z.coerce.number().int().min(1_000).max(5_000_000).default(200_000),
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
