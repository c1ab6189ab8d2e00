import { fileURLToPath } from 'node:url';
import type { DynamicModule } from '@nestjs/common';
import type { PostgresHandle } from '@wary/adapter-postgres/open-postgres.js';
import { createJobStore } from '@wary/adapter-postgres/job-store.js';
import { createRuleStore } from '@wary/adapter-postgres/rule-store.js';
import type { DetectorService } from '@wary/platform/detectors/detector-service.js';
import type { Logger } from '@wary/platform/logging/create-logger.js';
import { readRuleFolder, signatureOf, watchRuleFolder, type FolderContent } from '@wary/platform/rules/rule-folder.js';
import { shareJobs } from '@wary/platform/jobs/shared-jobs.js';
import { createRulePreviews, PREVIEW_LIMITS } from '@wary/platform/rules/rule-previews.js';
import { createRuleService, type RuleService } from '@wary/platform/rules/rule-service.js';
import { RulesModule } from '@wary/platform/rules/rules.module.js';
import { healthOfParts, type RuleHealthSource } from '@wary/platform/rules/tenant-health.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import type { EventStore } from '@wary/ports/event-store.port.js';
import type { LiveRunner } from '@wary/rules/live/runner.js';
import { Gauge, type Registry } from 'prom-client';
import type { Stores } from './open-stores.js';

/** The rules that come with the product. */
const SHIPPED = fileURLToPath(new URL('../../../rules/', import.meta.url));

export interface RuleServiceOptions {
  /** WARY_RULES_DIR; unset: the rules that come with the product. */
  readonly folder: string | undefined;
  readonly tenants: readonly string[];
  readonly postgres: Pick<PostgresHandle, 'db'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly registry: Registry;
}

export interface ComposedRuleService {
  readonly rules: RuleService;
  /** Reads changes of the folder from now on. */
  watch(): void;
  stop(): void;
}

/** Rules of every tenant, ready before the first event: those of the folder, and what people made of them. */
export async function composeRuleService({ folder = SHIPPED, tenants, postgres, clock, log, registry }: RuleServiceOptions): Promise<ComposedRuleService> {
  const rules = createRuleService({ store: createRuleStore(postgres.db), clock, now: () => performance.now() });
  async function read(): Promise<FolderContent> {
    const content = await readRuleFolder(folder);
    for (const problem of content.problems) log.warn(problem, 'rules.file.refused');
    return content;
  }
  // Taken first: what changes while it is read is seen afterwards.
  const signature = await signatureOf(folder);
  await rules.start(tenants, await read());
  const sum = (count: (tenant: string) => number): number => tenants.reduce((total, tenant) => total + count(tenant), 0);
  new Gauge({ name: 'wary_rules_running', help: 'Rules and correlations that run, over all tenants', registers: [registry], collect() { this.set(sum((tenant) => rules.of(tenant).compiled.compiled.rules.length)); } });
  new Gauge({ name: 'wary_rules_broken', help: 'Enabled rules that do not run because something is wrong with them, over all tenants', registers: [registry], collect() { this.set(sum((tenant) => rules.of(tenant).compiled.problems.size)); } });
  new Gauge({ name: 'wary_rules_refused_files', help: 'Files of the rules folder with an error: what ran before goes on', registers: [registry], collect() { this.set(rules.folder.broken.size); } });
  let stopWatching = (): void => undefined;
  return {
    rules,
    watch() {
      stopWatching = watchRuleFolder(folder, signature, async () => {
        await rules.takeFolder(await read());
        log.info({ rules: rules.folder.rules.size, problems: rules.folder.problems.length }, 'rules.folder.read');
      }, (error) => { log.error({ err: error }, 'rules.folder.failed'); });
    },
    stop() { stopWatching(); },
  };
}

export interface ComposeRulesOptions extends Omit<RuleServiceOptions, 'postgres'> {
  readonly stores: Pick<Stores, 'postgres' | 'clickHouse'>;
  readonly events: EventStore;
  readonly detectors: DetectorService;
  readonly random: Random;
  /** Where other processes preview rules too: this one. */
  readonly node?: string;
  /** Where they run elsewhere: how they fare there. */
  readonly health?: RuleHealthSource;
}

export interface ComposedRules {
  readonly module: DynamicModule;
  readonly rules: RuleService;
  runnerOf(tenant: string): LiveRunner | null;
  watch(): void;
  stop(): Promise<void>;
}

/** The rules with what people see of them: their pages, and previews over history. */
export async function composeRules({ stores: { postgres, clickHouse }, events, detectors, random, node, health, ...options }: ComposeRulesOptions): Promise<ComposedRules> {
  const { rules, watch, stop } = await composeRuleService({ ...options, postgres });
  const { clock, log } = options;
  const own = createRulePreviews({ events, search: clickHouse.search, clock, random });
  const previews = node === undefined ? own : shareJobs({
    kind: 'preview', own, store: createJobStore(postgres.db), node, clock, ...PREVIEW_LIMITS, onTrouble: (error) => { log.warn({ err: error }, 'jobs.share.failed'); },
  });
  return {
    module: RulesModule.forRoot({ rules, health: health ?? { of: (tenant) => Promise.resolve(healthOfParts([rules.healthOf(tenant)].filter((part) => part !== null))) }, previews, detectors }),
    rules, watch,
    runnerOf: (tenant) => rules.runnerOf(tenant),
    async stop() {
      stop();
      await previews.close();
    },
  };
}
