import type { DynamicModule } from '@nestjs/common';
import { writeAudit } from '@wary/adapter-postgres/audit-writer.js';
import { createJobStore } from '@wary/adapter-postgres/job-store.js';
import { BACKTEST_LIMITS } from '@wary/platform/backtests/backtest.js';
import { createBacktestService } from '@wary/platform/backtests/backtest-service.js';
import { BacktestsModule } from '@wary/platform/backtests/backtests.module.js';
import { createWorkerRunner } from '@wary/platform/backtests/worker-runner.js';
import type { DetectorService } from '@wary/platform/detectors/detector-service.js';
import { shareJobs } from '@wary/platform/jobs/shared-jobs.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import type { EventStore, StoredOrder } from '@wary/ports/event-store.port.js';
import type { Workflow } from '@wary/ports/workflow.port.js';
import { ENGINE_SEED } from './engine-seed.js';
import type { Stores } from './open-stores.js';

export interface ComposeBacktestsOptions {
  readonly stores: Pick<Stores, 'clickHouse' | 'postgres'>;
  readonly events: EventStore;
  readonly workflow: Workflow;
  readonly detectors: DetectorService;
  readonly budgetPerDay: number;
  readonly order: StoredOrder;
  readonly pending: () => number;
  readonly clock: Clock;
  readonly random: Random;
  readonly onTrouble: (what: string, error: unknown) => void;
  /** Where other processes run backtests too: this one. */
  readonly node?: string;
}

/** A thread runs built code, also where this file is run from its source. */
const WORKER = new URL('../dist/backtest-worker.js', import.meta.url);

export function composeBacktests({ stores: { clickHouse, postgres }, events, workflow, detectors, budgetPerDay, order, pending, clock, random, onTrouble, node }: ComposeBacktestsOptions): { readonly module: DynamicModule; stop(): Promise<void> } {
  const own = createBacktestService({ events, queries: clickHouse.events, workflow, runner: createWorkerRunner(WORKER), clock, random, order, seed: ENGINE_SEED, pending, onTrouble });
  const backtests = node === undefined ? own : shareJobs({ kind: 'backtest', own, store: createJobStore(postgres.db), node, clock, ...BACKTEST_LIMITS, onTrouble: (error) => { onTrouble('jobs.share.failed', error); } });
  return {
    module: BacktestsModule.forRoot({ backtests, detectors, budgetPerDay, clock, audit: (entry) => writeAudit(postgres.db, entry) }),
    stop: () => backtests.close(),
  };
}
