import { rmSync } from 'node:fs';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createDetectorSettingsStore } from '@wary/adapter-postgres/detector-settings-store.js';
import { openPostgres, type PostgresHandle } from '@wary/adapter-postgres/open-postgres.js';
import { createRegisterStore } from '@wary/adapter-postgres/register-store.js';
import { createWebhookChannel } from '@wary/adapter-webhook/webhook-channel.js';
import type { Cipher } from '@wary/ports/cipher.port.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import { createAesGcmCipher } from '@wary/protect/aes-gcm-cipher.js';
import { deriveKeys } from '@wary/protect/derive-keys.js';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { createAccounts, type Accounts } from '../accounts/create-accounts.js';
import type { AuthLimits } from '../auth/auth-limits.js';
import { AuthModule } from '../auth/auth.module.js';
import { assertEveryRouteHasPolicy } from '../auth/route-policies.js';
import { createSystemRandom } from '../config/system-random.js';
import { createDetectorService, type DetectorService } from '../detectors/detector-service.js';
import { DetectorsModule } from '../detectors/detectors.module.js';
import type { PrecisionSource } from '../detectors/precision.js';
import { ErrorsModule } from '../errors/errors.module.js';
import { addBodyParsers } from '../http/body-parsers.js';
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
  readonly ingestKey: string;
  /** Lines of the log so far. */
  readonly log: string[];
  close(): Promise<void>;
}

@Module({})
class RootModule {}

export async function startApiApp(options: ApiAppOptions = {}): Promise<ApiApp> {
  const dataDir = await preparedDataDir('wary-api-');
  const postgres = await openPostgres({ dataDir });
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
  const webhooks = createWebhooks({ postgres, allow, channel: createWebhookChannel({ allow }), cipher, clock, random, logger, publicUrl: PUBLIC_URL, exclusive: true, limits: options.webhookLimits });

  const module: DynamicModule = {
    module: RootModule, controllers: options.controllers ?? [],
    imports: [
      ErrorsModule.forRoot({ logger }), AuthModule.forRoot({ accounts, clock, publicUrl: PUBLIC_URL, secureCookies: options.secureCookies ?? false }),
      RegistersModule.forRoot({ registers }), DetectorsModule.forRoot({ detectors }), WebhooksModule.forRoot({ webhooks: webhooks.service }),
    ],
  };
  const adapter = new FastifyAdapter({ trustProxy: '127.0.0.1', genReqId: () => random.id(), routerOptions: { maxParamLength: 1_200 } });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: false, bodyParser: false, abortOnError: false });
  addBodyParsers(adapter.getInstance() as unknown as FastifyInstance);
  assertEveryRouteHasPolicy(app);
  await app.init();
  await app.listen(0, '127.0.0.1');
  return {
    app, url: (await app.getUrl()).replace('[::1]', '127.0.0.1'), postgres, accounts, registers, detectors, webhooks, cipher, clock, random, ingestKey: ingestKey?.key ?? '', log,
    async close() {
      await webhooks.dispatcher.stop(5_000);
      await app.close();
      await postgres.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}
