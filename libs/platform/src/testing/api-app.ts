import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createDetectorSettingsStore } from '@wary/adapter-postgres/detector-settings-store.js';
import { openPostgres, type PostgresHandle } from '@wary/adapter-postgres/open-postgres.js';
import { createRegisterStore } from '@wary/adapter-postgres/register-store.js';
import { createChangeFeed } from '@wary/adapter-postgres/change-feed.js';
import { LIVE_CHANNEL } from '@wary/adapter-postgres/notices.js';
import { createWorkflowStore } from '@wary/adapter-postgres/workflow-store.js';
import { createWebhookChannel } from '@wary/adapter-webhook/webhook-channel.js';
import type { Cipher } from '@wary/ports/cipher.port.js';
import { CLOCK, type Clock, type Random } from '@wary/ports/clock.port.js';
import { LIVE_BUS } from '@wary/ports/live-bus.port.js';
import { WORKFLOW } from '@wary/ports/workflow.port.js';
import { createWorkflow, type WorkflowService } from '@wary/workflow/create-workflow.js';
import { createAesGcmCipher } from '@wary/protect/aes-gcm-cipher.js';
import { deriveKeys } from '@wary/protect/derive-keys.js';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { createAccounts, type Accounts } from '../accounts/create-accounts.js';
import type { AuthLimits } from '../auth/auth-limits.js';
import { AuthModule } from '../auth/auth.module.js';
import { assertEveryRouteHasPolicy } from '../auth/route-policies.js';
import { followSettings, type FollowParts } from '../config/follow-settings.js';
import { createSystemRandom } from '../config/system-random.js';
import { createDetectorService, type DetectorService } from '../detectors/detector-service.js';
import { DetectorsModule } from '../detectors/detectors.module.js';
import type { PrecisionSource } from '../detectors/precision.js';
import { ErrorsModule } from '../errors/errors.module.js';
import { addBodyParsers } from '../http/body-parsers.js';
import { LIVE_STATS, type LiveStatsSource } from '../live/live-stats.js';
import { LiveGateway } from '../live/live.gateway.js';
import { LiveIoAdapter } from '../live/live-io-adapter.js';
import { TableBus } from '../live/table-bus.js';
import { createRegisterService, type RegisterService } from '../registers/register-service.js';
import { RegistersModule } from '../registers/registers.module.js';
import { createWebhooks, type Webhooks } from '../webhooks/create-webhooks.js';
import type { WebhookLimits } from '../webhooks/webhook-limits.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { preparedDataDir } from './prepared-data-dir.js';

export const PUBLIC_URL = 'http://wary.test';
export const TENANT = 'default';
export const ROOT_SECRET = 'a root secret of a test, long enough for anybody';
export const ADMIN = { email: 'admin@wary.local', password: 'first-light-of-the-day' };

export interface ApiAppOptions {
  readonly authLimits?: Partial<AuthLimits>;
  readonly webhookLimits?: Partial<WebhookLimits>;
  readonly webhookAllow?: readonly string[];
  readonly precision?: PrecisionSource;
  readonly secureCookies?: boolean;
  readonly requireSecondFactor?: boolean;
  /** A PostgreSQL server that other processes use too: changes are followed, and sockets are served. */
  readonly sharedUrl?: string;
  /** More controllers, for routes that only a test has. */
  readonly controllers?: NonNullable<DynamicModule['controllers']>;
}

/** The modules of accounts, registers, detectors and webhooks on a real database, listening; the clock can be moved forward. */
export interface ApiApp {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly postgres: PostgresHandle;
  readonly accounts: Accounts;
  readonly registers: RegisterService;
  readonly detectors: DetectorService;
  readonly webhooks: Webhooks;
  readonly cipher: Cipher;
  readonly clock: Clock & { forward(ms: number): void };
  readonly random: Random;
  /** Of a process that shares its database. */
  readonly workflow: WorkflowService | null;
  readonly ingestKey: string;
  /** Lines of the log so far. */
  readonly log: string[];
  close(): Promise<void>;
}

@Module({})
class RootModule {}

export async function startApiApp(options: ApiAppOptions = {}): Promise<ApiApp> {
  const { sharedUrl } = options;
  const dataDir = sharedUrl === undefined ? await preparedDataDir('wary-api-') : mkdtempSync(join(tmpdir(), 'wary-api-'));
  const postgres = await openPostgres({ dataDir, ...(sharedUrl === undefined ? {} : { url: sharedUrl, connectionsMax: 5 }) });
  const log: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => { log.push(line); } });
  let offsetMs = 0;
  const clock = { now: () => Date.now() + offsetMs, forward(ms: number) { offsetMs += ms; } };
  const random = createSystemRandom(clock);
  const keys = deriveKeys(ROOT_SECRET);
  const cipher = createAesGcmCipher([keys.encryption]);
  const allow = options.webhookAllow ?? [];

  const accounts = createAccounts({ postgres, keys, cipher, requireSecondFactor: options.requireSecondFactor ?? false, clock, random, logger, limits: options.authLimits });
  const { ingestKey } = await accounts.bootstrap(TENANT, { adminEmail: ADMIN.email, adminPassword: ADMIN.password, ingestKey: undefined });
  const registers = createRegisterService({ store: createRegisterStore(postgres.db), clock });
  await registers.load(TENANT);
  const detectors = createDetectorService({ store: createDetectorSettingsStore(postgres.db), clock, precision: options.precision });
  const webhooks = createWebhooks({ postgres, allow, channel: createWebhookChannel({ allow }), cipher, clock, random, logger, publicUrl: PUBLIC_URL, exclusive: sharedUrl === undefined, limits: options.webhookLimits });

  const onTrouble = (error: unknown): void => { logger.warn({ err: error }, 'test.follow.failed'); };
  const shared = sharedUrl === undefined ? null : await followOthers({ postgres, clock, random, onTrouble, follow: { authenticator: accounts.authenticator, registers, detectors } });

  const module: DynamicModule = {
    module: RootModule, controllers: options.controllers ?? [], providers: shared === null ? [] : shared.providers,
    imports: [
      ErrorsModule.forRoot({ logger }), AuthModule.forRoot({ accounts, clock, publicUrl: PUBLIC_URL, secureCookies: options.secureCookies ?? false }),
      RegistersModule.forRoot({ registers }), DetectorsModule.forRoot({ detectors }), WebhooksModule.forRoot({ webhooks: webhooks.service }),
    ],
  };
  const adapter = new FastifyAdapter({ trustProxy: '127.0.0.1', genReqId: () => random.id(), routerOptions: { maxParamLength: 1_200 } });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: false, bodyParser: false, abortOnError: false });
  addBodyParsers(adapter.getInstance() as unknown as FastifyInstance);
  app.useWebSocketAdapter(new LiveIoAdapter(app, [PUBLIC_URL]));
  assertEveryRouteHasPolicy(app);
  await app.init();
  await app.listen(0, '127.0.0.1');
  return {
    app, url: (await app.getUrl()).replace('[::1]', '127.0.0.1'), postgres, accounts, registers, detectors, webhooks, cipher, clock, random, workflow: shared?.workflow ?? null, ingestKey: ingestKey?.key ?? '', log,
    async close() {
      if (shared !== null) app.get(LiveGateway).close();
      await shared?.stop();
      await webhooks.dispatcher.stop(5_000);
      await app.close();
      await postgres.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

interface SharedParts { readonly postgres: PostgresHandle; readonly clock: Clock; readonly random: Random; readonly onTrouble: (error: unknown) => void; readonly follow: Omit<FollowParts, 'feed' | 'onTrouble'> }

/** What a process among several has besides: it hears what others change, and its sockets are told what others number. */
async function followOthers({ postgres, clock, random, onTrouble, follow }: SharedParts) {
  const feed = createChangeFeed(postgres, onTrouble);
  const unfollow = followSettings({ ...follow, feed, onTrouble });
  await feed.start();
  const workflow = createWorkflow({ db: createWorkflowStore(postgres), random });
  const bus = new TableBus({
    read: (after, limit) => workflow.everyChangeAfter(after, limit), lastSeq: () => workflow.lastChangeSeq(), onTrouble, onWake: (wake) => postgres.notices.listen(LIVE_CHANNEL, { onNotice: wake, onGap: wake }),
  });
  await bus.start();
  const stats: LiveStatsSource = { read: () => Promise.reject(new Error('no numbers in this test')), slowClientDropped() {}, connectionsChanged() {} };
  const values: ReadonlyArray<readonly [symbol, unknown]> = [[CLOCK, clock], [WORKFLOW, workflow], [LIVE_BUS, bus], [LIVE_STATS, stats]];
  return {
    workflow, providers: [...values.map(([provide, useValue]): Provider => ({ provide, useValue })), LiveGateway],
    async stop() {
      await bus.stop();
      await feed.stop();
      await unfollow();
    },
  };
}
