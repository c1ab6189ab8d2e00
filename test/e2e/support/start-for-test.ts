import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { startWary, type RunningWary } from '@wary/app-wary/start-wary.js';
import { readConfig } from '@wary/platform/config/read-config.js';
import { createLogger } from '@wary/platform/logging/create-logger.js';
import supertest from 'supertest';
import { freePort } from '@wary/testkit/free-port.js';
import { copyOfTemplate } from './template-folder.js';

export const ADMIN = { email: 'admin@wary.test', password: 'a long enough passphrase' } as const;
/** Secrets of the template installation; only ever in folders that a test removes. */
const TEMPLATE_KEY = `wary_${'e2e-'.repeat(11)}`;
export const newKey = (): string => `wary_${randomBytes(32).toString('base64url')}`;

export interface TestWary extends RunningWary {
  readonly dataDir: string;
  readonly ingestKey: string;
  readonly env: Readonly<Record<string, string>>;
  /** Agent with the administrator's session. */
  readonly admin: ReturnType<typeof supertest.agent>;
  /** A further session. */
  signIn(email: string, password: string): Promise<ReturnType<typeof supertest.agent>>;
  send(events: readonly object[]): Promise<{ accepted: number; duplicates: number; rejected: Array<{ line: number; code: string; message: string }> }>;
  dispose(): Promise<void>;
}

const envOf = async (dataDir: string, overrides: Readonly<Record<string, string>>): Promise<Record<string, string>> => ({
  WARY_DATA_DIR: dataDir, WARY_PORT: String(await freePort()), WARY_OPS_PORT: String(await freePort()), WARY_ADMIN_EMAIL: ADMIN.email, WARY_ADMIN_PASSWORD: ADMIN.password,
  WARY_INGEST_KEY: TEMPLATE_KEY, WARY_LOG_LEVEL: 'silent', WARY_DRAIN_SECONDS: '20', ...overrides,
});

async function start(env: Readonly<Record<string, string>>): Promise<RunningWary> {
  const config = readConfig(env);
  return startWary(config, createLogger(config.env.WARY_LOG_LEVEL));
}

/** The whole product in this process on the embedded engines, over real HTTP. */
export async function startForTest(overrides: Readonly<Record<string, string>> = {}, givenDataDir?: string): Promise<TestWary> {
  const dataDir = givenDataDir ?? await copyOfTemplate(async (folder) => { await (await start(await envOf(folder, {}))).stop(); });
  const env = await envOf(dataDir, overrides);
  const ingestKey = env['WARY_INGEST_KEY']!;
  const running = await start(env);
  const signIn = async (email: string, password: string): Promise<ReturnType<typeof supertest.agent>> => {
    const agent = supertest.agent(running.url).set('Origin', running.url);
    await agent.post('/v1/auth/login').send({ email, password }).expect(200);
    return agent;
  };
  return {
    ...running, dataDir, ingestKey, env, admin: await signIn(ADMIN.email, ADMIN.password), signIn,
    send: async (events) => {
      const answer = await supertest(running.url).post('/v1/events').set('Authorization', `Bearer ${ingestKey}`).set('Content-Type', 'application/x-ndjson').send(events.map((event) => JSON.stringify(event)).join('\n'));
      if (answer.status !== 202) throw new Error(`events were answered ${answer.status}: ${answer.text}`);
      return answer.body as Awaited<ReturnType<TestWary['send']>>;
    },
    dispose: async () => {
      await running.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
