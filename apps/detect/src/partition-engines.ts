import { ENGINE_SEED } from '@wary/app-wary/engine-seed.js';
import { createCorrelationEngine, type CorrelationEngine } from '@wary/detect/correlation-engine.js';
import { createEngine, type Engine } from '@wary/detect/engine.js';
import type { SettingsByDetector } from '@wary/platform/detectors/detector-service.js';
import type { OpenRules, RuleService } from '@wary/platform/rules/rule-service.js';

export interface PartitionEnginesParts {
  readonly budgetPerDay: number;
  readonly partitions: number;
  readonly tenantSettings: ReadonlyMap<string, SettingsByDetector>;
  readonly rules: RuleService;
}
/** An engine, and what it holds of others until it is closed. */
export interface Opened<E> { readonly engine: E; close(): void }

/** The engines of this process's partitions, with settings and rules as they stand. */
export function createPartitionEngines({ budgetPerDay, partitions, tenantSettings, rules }: PartitionEnginesParts) {
  const settings = new Map(tenantSettings);
  const engines = new Set<Engine>();
  return {
    detection(partition: number): Opened<Engine> {
      const runners = keeper((tenant) => rules.openFirstStage(tenant));
      const engine = createEngine({ budgetPerDay, seed: ENGINE_SEED, tenantSettings: settings, partition: { index: partition, count: partitions }, rulesOf: runners.of });
      engines.add(engine);
      return {
        engine,
        close() {
          engines.delete(engine);
          runners.close();
        },
      };
    },
    correlation(): Opened<CorrelationEngine> {
      const runners = keeper((tenant) => rules.openSecondStage(tenant));
      return { engine: createCorrelationEngine({ partitions, rulesOf: runners.of }), close: () => { runners.close(); } };
    },
    applySettings(next: SettingsByDetector, tenant: string): void {
      settings.set(tenant, next);
      for (const engine of engines) engine.applySettings(next, tenant);
    },
  };
}

function keeper<R>(open: (tenant: string) => OpenRules<R> | null): { of(tenant: string): R | null; close(): void } {
  const opened: Array<OpenRules<R>> = [];
  return {
    of(tenant) {
      const found = open(tenant);
      if (found !== null) opened.push(found);
      return found?.runner ?? null;
    },
    close() {
      for (const each of opened) each.close();
    },
  };
}
