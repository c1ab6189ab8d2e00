import { createCountryOf } from '@wary/enrich/geo.js';
import type { Registers } from '@wary/model/registers.js';
import type { Config } from '@wary/platform/config/read-config.js';
import { systemClock } from '@wary/platform/config/system-random.js';
import { IdempotentAnswers } from '@wary/platform/ingest/idempotent-answers.js';
import type { Logger } from '@wary/platform/logging/create-logger.js';
import { EventPath, type EventPathParts } from '@wary/platform/path/event-path.js';
import { SharedQuotas } from '@wary/platform/path/shared-quotas.js';
import { TenantQuotas, type TenantQuotaSettings } from '@wary/platform/path/tenant-quotas.js';
import { TenantStagesCache } from '@wary/platform/path/tenant-stages.js';
import type { QuotaStore } from '@wary/ports/quota-store.port.js';

export interface ComposePathOptions extends Omit<EventPathParts, 'normalize' | 'stages' | 'quotas' | 'answers'> {
  readonly config: Config;
  readonly registersOf: (tenant: string) => Registers;
  readonly pseudonymKey: Uint8Array;
  readonly log: Logger;
  /** Where several processes take events: what tenants may send over all of them. */
  readonly quotaStore?: QuotaStore;
}

/** The path from a record to the log of record, the same wherever it runs. */
export function composePath({ config: { env }, registersOf, pseudonymKey, log, quotaStore, ...parts }: ComposePathOptions): EventPath {
  const stages = new TenantStagesCache({
    registersOf, countryOf: createCountryOf(), pseudonymKey, onProblem: (tenant, problem) => { log.warn({ tenant, problem }, 'registers.row.ignored'); },
    policy: { pii: env.WARY_PII_POLICY, secrets: env.WARY_SECRETS_POLICY, pseudonymise: env.WARY_PSEUDONYMISE },
  });
  const quotaSettings: TenantQuotaSettings = {
    eventsPerSecond: env.WARY_TENANT_QUOTA_EVENTS_PER_SECOND ?? null, ofTenant: new Map(env.WARY_TENANT_QUOTAS.map(({ tenant, eventsPerSecond }) => [tenant, eventsPerSecond])), burstSeconds: env.WARY_TENANT_QUOTA_BURST_SECONDS,
  };
  const onRefused = (tenant: string, records: number): void => { parts.metrics.quotaExceeded(tenant, records); };
  const alone = new TenantQuotas(quotaSettings, systemClock, onRefused);
  const quotas = quotaStore === undefined ? alone : new SharedQuotas(quotaSettings, quotaStore, alone, systemClock, onRefused, (error) => { log.warn({ err: error }, 'quotas.shared.failed'); });
  const answers = new IdempotentAnswers(() => systemClock.now(), () => { parts.metrics.answerForgotten(); });
  return new EventPath({ ...parts, quotas, answers, normalize: { retentionDays: env.WARY_RETENTION_DAYS }, stages });
}

/** true, false, or the addresses and networks of the proxies in front. */
export function readTrustProxy(text: string): boolean | string {
  if (text === 'true' || text === '1' || text === 'yes') return true;
  return text === 'false' || text === '0' || text === 'no' || text === '' ? false : text;
}
