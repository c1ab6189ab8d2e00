import type { KnownProcess, ProcessRegistry } from '@wary/ports/process-registry.port.js';
import { z } from 'zod';
import { askProcess } from '../ops/ask-process.js';
import type { InternalRoute } from '../ops/internal-routes.js';
import type { RuleService } from './rule-service.js';
import { healthOfParts, type HealthPart, type RuleHealthSource, type TenantHealth } from './tenant-health.js';

export const RULE_HEALTH_PATH = '/internal/rule-health';
/** For pages that ask several times. */
const KEPT_MS = 1_000;
const TENANTS_KEPT_MAX = 1_000;

const Count = z.number().int().min(0);
const EntrySchema = z.object({ matches: Count, lastMatchAt: z.number().nullable(), costMs: z.number().min(0), samples: Count, errors: Count, lastError: z.string().nullable() });
const CountsSchema = z.object({ observations: Count, late: Count, withoutGroup: Count, withoutValue: Count, forgottenGroups: Count, forgottenEntries: Count, hurried: Count });
const AnswerSchema = z.object({ rules: z.array(z.tuple([z.string(), EntrySchema])), counts: CountsSchema });

export interface RemoteRuleHealthParts {
  readonly registry: Pick<ProcessRegistry, 'list'>;
  /** Bearer of internal requests. */
  readonly token: string;
  readonly onTrouble: (error: unknown) => void;
}

/** The sum over the processes that score: each has the rules of its partitions, and some the correlations. One that does not answer is missing in it. */
export function createRemoteRuleHealth({ registry, token, onTrouble }: RemoteRuleHealthParts): RuleHealthSource {
  const kept = new Map<string, { readonly at: number; readonly health: Promise<TenantHealth> }>();

  async function partOf({ internalUrl }: KnownProcess, tenant: string): Promise<HealthPart | null> {
    if (internalUrl === null) return null;
    try {
      const answer = await askProcess(internalUrl, RULE_HEALTH_PATH, token, { tenant });
      return answer === null ? null : AnswerSchema.parse(answer);
    } catch (error) {
      onTrouble(error);
      return null;
    }
  }

  async function ask(tenant: string): Promise<TenantHealth> {
    let processes: KnownProcess[] = [];
    try {
      processes = (await registry.list()).filter(({ alive, topicPartitions }) => alive && topicPartitions !== null);
    } catch (error) {
      onTrouble(error);
    }
    const parts = await Promise.all(processes.map((each) => partOf(each, tenant)));
    return healthOfParts(parts.filter((part) => part !== null));
  }

  return {
    of(tenant) {
      const now = performance.now();
      const known = kept.get(tenant);
      if (known !== undefined && now - known.at <= KEPT_MS) return known.health;
      if (kept.size >= TENANTS_KEPT_MAX) kept.clear();
      const health = ask(tenant);
      kept.set(tenant, { at: now, health });
      return health;
    },
  };
}

/** The other side: in a process that scores partitions. */
export function ruleHealthRoute(rules: Pick<RuleService, 'healthOf'>): InternalRoute {
  return {
    path: RULE_HEALTH_PATH,
    answer(query) {
      const part = rules.healthOf(query.get('tenant') ?? '');
      return Promise.resolve(part === null ? { status: 404, body: { code: 'not_found' } } : { status: 200, body: { rules: [...part.rules], counts: part.counts } });
    },
  };
}
