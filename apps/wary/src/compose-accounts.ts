import type { DynamicModule } from '@nestjs/common';
import { createChangeFeed } from '@wary/adapter-postgres/change-feed.js';
import { createDetectorSettingsStore } from '@wary/adapter-postgres/detector-settings-store.js';
import { createRegisterStore } from '@wary/adapter-postgres/register-store.js';
import { verdictCounts } from '@wary/adapter-postgres/verdict-counts.js';
import { createWebhookChannel } from '@wary/adapter-webhook/webhook-channel.js';
import { ROLE_ACTIONS } from '@wary/model/permissions.js';
import type { Registers } from '@wary/model/registers.js';
import { AuthModule } from '@wary/platform/auth/auth.module.js';
import { createAccounts } from '@wary/platform/accounts/create-accounts.js';
import { followSettings } from '@wary/platform/config/follow-settings.js';
import type { Config } from '@wary/platform/config/read-config.js';
import { createDetectorService, type SettingsByDetector } from '@wary/platform/detectors/detector-service.js';
import { DetectorsModule } from '@wary/platform/detectors/detectors.module.js';
import { ErrorsModule } from '@wary/platform/errors/errors.module.js';
import type { Logger } from '@wary/platform/logging/create-logger.js';
import { createRegisterService } from '@wary/platform/registers/register-service.js';
import { RegistersModule } from '@wary/platform/registers/registers.module.js';
import type { RuleService } from '@wary/platform/rules/rule-service.js';
import { createWebhooks } from '@wary/platform/webhooks/create-webhooks.js';
import type { Assignee } from '@wary/platform/workflow/assignees.js';
import { WebhooksModule } from '@wary/platform/webhooks/webhooks.module.js';
import type { WebhookChannel } from '@wary/ports/channel.port.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import type { Registry } from 'prom-client';
import type { Stores } from './open-stores.js';

export const DEFAULT_TENANT = 'default';
/** What is read stays true until this process changes it, or hears that another has. */
const CACHE_MS = 60_000;
const USERS_PER_PAGE = 200;
/** More people than these nobody looks through; a name can still be written. */
const ASSIGNEES_MAX = 1_000;

/** What was generated for a tenant at this start, to be shown once; null where it was there or came from the environment. */
export interface FirstAccess { readonly tenant: string; readonly adminEmail: string; readonly adminPassword: string | null; readonly ingestKey: string | null }

export interface ComposeOptions {
  readonly config: Config;
  readonly stores: Pick<Stores, 'postgres' | 'keys' | 'cipher'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly registry: Registry;
  /** Where webhooks go out; one of its own when unset. */
  readonly channel?: WebhookChannel;
  /** Other processes change accounts, registers and settings too. */
  readonly several?: boolean;
}

/** Who may do what, what is registered, and whom to tell: the modules around the path, with the few things the path asks of them. */
export async function composeAccounts({ config, stores: { postgres, keys, cipher }, clock, random, log, registry, several = false, channel = createWebhookChannel({ allow: config.env.WARY_WEBHOOK_ALLOW }) }: ComposeOptions) {
  const { env, publicUrl, secureCookies } = config;
  const onTrouble = (error: unknown): void => { log.warn({ err: error }, 'settings.follow.failed'); };
  // From here on every change is heard, and what is read below is read afterwards.
  const feed = several ? createChangeFeed(postgres, onTrouble) : null;
  await feed?.start();
  const accounts = createAccounts({ postgres, keys, cipher, clock, random, logger: log, requireSecondFactor: env.WARY_REQUIRE_SECOND_FACTOR, limits: { cacheMs: CACHE_MS } });
  const registers = createRegisterService({ store: createRegisterStore(postgres.db), clock });
  // Those of the configuration, and those who were in it once: their people still sign in.
  const tenants = [...new Set([DEFAULT_TENANT, ...env.WARY_TENANTS.map(({ id }) => id), ...(await accounts.store.listTenants())])];
  await Promise.all(tenants.map((tenant) => registers.load(tenant)));
  const detectors = createDetectorService({ store: createDetectorSettingsStore(postgres.db), clock, precision: (tenant) => verdictCounts(postgres.db, tenant) });
  const detectorSettings: ReadonlyMap<string, SettingsByDetector> = new Map(await Promise.all(tenants.map(async (tenant) => [tenant, await detectors.settings(tenant)] as const)));
  const webhooks = createWebhooks({ postgres, channel, cipher, clock, random, logger: log, publicUrl, registry, allow: env.WARY_WEBHOOK_ALLOW, exclusive: !several });
  const modules: DynamicModule[] = [
    ErrorsModule.forRoot({ logger: log }), AuthModule.forRoot({ accounts, clock, publicUrl, secureCookies }), RegistersModule.forRoot({ registers }),
    DetectorsModule.forRoot({ detectors }), WebhooksModule.forRoot({ webhooks: webhooks.service }),
  ];
  let unfollow: (() => Promise<void>) | undefined;
  return {
    modules,
    /** For a process that takes keys and signs nobody in. */
    guardModules: [ErrorsModule.forRoot({ logger: log }), AuthModule.forRoot({ accounts, clock, publicUrl, secureCookies, routes: false })],
    /** Brings what other processes change into this one's memory, where there are others. */
    follow(rules?: RuleService): void {
      if (feed !== null) unfollow = followSettings({ feed, authenticator: accounts.authenticator, registers, detectors, rules, onTrouble });
    },
    async close(): Promise<void> {
      await feed?.stop();
      await unfollow?.();
    },
    tenants,
    detectors,
    registersOf: (tenant: string): Registers => registers.current(tenant),
    detectorSettings,
    /** Verdicts that were given or taken back since. */
    refreshVerdicts: async (): Promise<void> => { for (const tenant of tenants) await detectors.refreshVerdicts(tenant); },
    onDetectorSettings: (listener: (settings: SettingsByDetector, tenant: string) => void): void => { detectors.onChange(listener); },
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
      const make = async (tenant: string, adminEmail: string, adminPassword?: string, firstKey?: string): Promise<FirstAccess> => {
        const { admin, ingestKey } = await accounts.bootstrap(tenant, { adminEmail, adminPassword, ingestKey: firstKey });
        return { tenant, adminEmail, adminPassword: admin?.password ?? null, ingestKey: ingestKey?.key ?? null };
      };
      const others: FirstAccess[] = [];
      const first = await make(DEFAULT_TENANT, env.WARY_ADMIN_EMAIL, env.WARY_ADMIN_PASSWORD, env.WARY_INGEST_KEY);
      for (const { id, adminEmail } of env.WARY_TENANTS) others.push(await make(id, adminEmail));
      return { ...first, others };
    },
  };
}
