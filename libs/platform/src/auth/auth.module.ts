import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { CLOCK, type Clock } from '@wary/ports/clock.port.js';
import { ACCOUNTS, SESSION_COOKIES, type SessionCookies } from '../accounts/account-tokens.js';
import { ApiKeysController } from '../accounts/api-keys.controller.js';
import { AuditController } from '../accounts/audit.controller.js';
import type { Accounts } from '../accounts/create-accounts.js';
import { UsersController } from '../accounts/users.controller.js';
import { AuthController } from './auth.controller.js';
import { AUTHENTICATOR } from './authenticator.js';
import { MeController } from './me.controller.js';
import { PolicyGuard } from './policy.guard.js';
import { SecondFactorController } from './second-factor.controller.js';

export interface AuthModuleOptions {
  readonly accounts: Accounts;
  readonly clock: Clock;
  /** WARY_PUBLIC_URL; its origin may change things with a cookie. */
  readonly publicUrl: string;
  /** Other names of the same place (localhost for 127.0.0.1), as URLs. */
  readonly allowedOrigins?: readonly string[];
  readonly secureCookies: boolean;
  /** Also refuse changes by cookie that carry neither Origin nor Sec-Fetch-Site (scripts); default false. */
  readonly originRequired?: boolean;
  /** false: only the guard, for a process that takes keys and signs nobody in. */
  readonly routes?: boolean;
}

/** Sign-in, people, keys and audit, and the guard that denies every route without a policy. Exports AUTHENTICATOR. */
@Module({})
export class AuthModule {
  static forRoot({ accounts, clock, publicUrl, allowedOrigins = [], secureCookies, originRequired = false, routes = true }: AuthModuleOptions): DynamicModule {
    return {
      module: AuthModule, global: true,
      controllers: routes ? [AuthController, MeController, SecondFactorController, UsersController, ApiKeysController, AuditController] : [],
      providers: [
        { provide: ACCOUNTS, useValue: accounts }, { provide: CLOCK, useValue: clock }, { provide: SESSION_COOKIES, useValue: { secure: secureCookies } satisfies SessionCookies },
        { provide: AUTHENTICATOR, useValue: accounts.authenticator },
        { provide: APP_GUARD, useFactory: () => new PolicyGuard(accounts.authenticator, clock, { allowedOrigins: [publicUrl, ...allowedOrigins].map((url) => new URL(url).origin), originRequired }) },
      ],
      exports: [AUTHENTICATOR, ACCOUNTS],
    };
  }
}
