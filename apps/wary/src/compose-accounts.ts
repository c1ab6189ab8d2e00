import type { DynamicModule } from '@nestjs/common';
import { createRegisterStore } from '@wary/adapter-postgres/register-store.js';
import type { DetectorSettings } from '@wary/detect/engine.js';
import type { Registers } from '@wary/model/registers.js';
import { AuthModule } from '@wary/platform/auth/auth.module.js';
import { createAccounts } from '@wary/platform/accounts/create-accounts.js';
import type { Config } from '@wary/platform/config/read-config.js';
import { ErrorsModule } from '@wary/platform/errors/errors.module.js';
import type { Logger } from '@wary/platform/logging/create-logger.js';
import { createRegisterService } from '@wary/platform/registers/register-service.js';
import { RegistersModule } from '@wary/platform/registers/registers.module.js';
import type { WebhookChannel } from '@wary/ports/channel.port.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import type { Registry } from 'prom-client';
import type { Stores } from './open-stores.js';

export const DEFAULT_TENANT = 'default';

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
export async function composeAccounts({ config, stores: { postgres, keys }, clock, random, log }: ComposeOptions) {
  const { env, publicUrl, secureCookies } = config;
  const accounts = createAccounts({ postgres, keys, clock, random, logger: log });
  const registers = createRegisterService({ store: createRegisterStore(postgres.db), clock });
  await registers.load(DEFAULT_TENANT);
  const modules: DynamicModule[] = [
    ErrorsModule.forRoot({ logger: log }), AuthModule.forRoot({ accounts, clock, publicUrl, secureCookies }), RegistersModule.forRoot({ registers }),
  ];
  return {
    modules,
    registersOf: (tenant: string): Registers => registers.current(tenant),
    detectorSettings: (): Readonly<Record<string, DetectorSettings>> => ({}),
    onDetectorSettings: (_listener: (settings: Readonly<Record<string, DetectorSettings>>) => void): void => {},
    dispatcher: { poke: () => {}, start: async () => {}, stop: async (_ms: number) => {} },
    isEnabledUser: async (tenant: string, email: string): Promise<boolean> => {
      const found = await accounts.store.findUserByEmail(email.toLowerCase());
      return found !== null && found.user.tenant === tenant && !found.user.disabled;
    },
    removeExpiredSessions: (): Promise<number> => accounts.removeExpiredSessions(clock.now()),
    async bootstrap() {
      const made = await accounts.bootstrap(DEFAULT_TENANT, { adminEmail: env.WARY_ADMIN_EMAIL, adminPassword: env.WARY_ADMIN_PASSWORD, ingestKey: env.WARY_INGEST_KEY });
      return { adminEmail: env.WARY_ADMIN_EMAIL, adminPassword: made.admin?.password ?? null, ingestKey: made.ingestKey?.key ?? null };
    },
  };
}
