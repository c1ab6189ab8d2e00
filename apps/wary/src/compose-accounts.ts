import type { DynamicModule } from '@nestjs/common';
import { createDetectorSettingsStore } from '@wary/adapter-postgres/detector-settings-store.js';
import { createRegisterStore } from '@wary/adapter-postgres/register-store.js';
import { verdictCounts } from '@wary/adapter-postgres/verdict-counts.js';
import type { DetectorSettings } from '@wary/detect/engine.js';
import { ROLE_ACTIONS } from '@wary/model/permissions.js';
import type { Registers } from '@wary/model/registers.js';
import { AuthModule } from '@wary/platform/auth/auth.module.js';
import { createAccounts } from '@wary/platform/accounts/create-accounts.js';
import type { Config } from '@wary/platform/config/read-config.js';
import { createDetectorService } from '@wary/platform/detectors/detector-service.js';
import { DetectorsModule } from '@wary/platform/detectors/detectors.module.js';
import { ErrorsModule } from '@wary/platform/errors/errors.module.js';
import type { Logger } from '@wary/platform/logging/create-logger.js';
import { createRegisterService } from '@wary/platform/registers/register-service.js';
import { RegistersModule } from '@wary/platform/registers/registers.module.js';
import { createWebhooks } from '@wary/platform/webhooks/create-webhooks.js';
import type { Assignee } from '@wary/platform/workflow/assignees.js';
import { WebhooksModule } from '@wary/platform/webhooks/webhooks.module.js';
import type { WebhookChannel } from '@wary/ports/channel.port.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import type { Registry } from 'prom-client';
import type { Stores } from './open-stores.js';

export const DEFAULT_TENANT = 'default';
/** Nobody else changes accounts: what is read stays true until this process changes it. */
const SINGLE_PROCESS_CACHE_MS = 60_000;
const USERS_PER_PAGE = 200;
/** More people than these nobody looks through; a name can still be written. */
const ASSIGNEES_MAX = 1_000;

export interface ComposeOptions {
  readonly config: Config;
  readonly stores: Stores;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly registry: Registry;
  readonly channel: WebhookChannel;
}

/** Who may do what, what is registered, and whom to tell: the modules around the path, with the few things the path asks of them. */
export async function composeAccounts({ config, stores: { postgres, keys, cipher }, clock, random, log, registry, channel }: ComposeOptions) {
  const { env, publicUrl, secureCookies } = config;
  const accounts = createAccounts({ postgres, keys, cipher, clock, random, logger: log, requireSecondFactor: env.WARY_REQUIRE_SECOND_FACTOR, limits: { cacheMs: SINGLE_PROCESS_CACHE_MS } });
  const registers = createRegisterService({ store: createRegisterStore(postgres.db), clock });
  await registers.load(DEFAULT_TENANT);
  const detectors = createDetectorService({ store: createDetectorSettingsStore(postgres.db), clock, precision: (tenant) => verdictCounts(postgres.db, tenant) });
  const firstSettings = await detectors.settings(DEFAULT_TENANT);
  const webhooks = createWebhooks({ postgres, channel, cipher, clock, random, logger: log, publicUrl, registry, allow: env.WARY_WEBHOOK_ALLOW, exclusive: true });
  const modules: DynamicModule[] = [
    ErrorsModule.forRoot({ logger: log }), AuthModule.forRoot({ accounts, clock, publicUrl, secureCookies }), RegistersModule.forRoot({ registers }),
    DetectorsModule.forRoot({ detectors }), WebhooksModule.forRoot({ webhooks: webhooks.service }),
  ];
  return {
    modules,
    registersOf: (tenant: string): Registers => registers.current(tenant),
    detectorSettings: firstSettings as Readonly<Record<string, DetectorSettings>>,
    onDetectorSettings: (listener: (settings: Readonly<Record<string, DetectorSettings>>) => void): void => { detectors.onChange((settings, tenant) => { if (tenant === DEFAULT_TENANT) listener(settings); }); },
    dispatcher: webhooks.dispatcher,
    isEnabledUser: async (tenant: string, email: string): Promise<boolean> => {
      const found = await accounts.store.findUserByEmail(email.toLowerCase());
      return found !== null && found.user.tenant === tenant && !found.user.disabled;
    },
    async workers(tenant: string): Promise<Assignee[]> {
      const found: Assignee[] = [];
      let cursor: string | undefined;
      do {
        const page = await accounts.store.listUsers(tenant, USERS_PER_PAGE, cursor);
        for (const { email, name, role, disabled } of page.items) if (!disabled && ROLE_ACTIONS[role].includes('alerts.work')) found.push({ email, name });
        cursor = page.next ?? undefined;
      } while (cursor !== undefined && found.length < ASSIGNEES_MAX);
      return found;
    },
    removeExpiredSessions: (): Promise<number> => accounts.removeExpiredSessions(clock.now()),
    async bootstrap() {
      const made = await accounts.bootstrap(DEFAULT_TENANT, { adminEmail: env.WARY_ADMIN_EMAIL, adminPassword: env.WARY_ADMIN_PASSWORD, ingestKey: env.WARY_INGEST_KEY });
      return { adminEmail: env.WARY_ADMIN_EMAIL, adminPassword: made.admin?.password ?? null, ingestKey: made.ingestKey?.key ?? null };
    },
  };
}
