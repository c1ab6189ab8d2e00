import { Module, type DynamicModule } from '@nestjs/common';
import { CLOCK, type Clock } from '@wary/ports/clock.port.js';
import { DETECTOR_SERVICE, type DetectorService } from '../detectors/detector-service.js';
import { AUDIT_NOTE, type AuditNote } from '../ingest/dead-letters.controller.js';
import { BACKTEST_SERVICE, type BacktestService } from './backtest-service.js';
import { BacktestsController, BUDGET_PER_DAY } from './backtests.controller.js';

@Module({})
export class BacktestsModule {
  static forRoot(parts: { backtests: BacktestService; detectors: DetectorService; budgetPerDay: number; audit: AuditNote; clock: Clock }): DynamicModule {
    return {
      module: BacktestsModule, controllers: [BacktestsController],
      providers: [
        { provide: BACKTEST_SERVICE, useValue: parts.backtests }, { provide: DETECTOR_SERVICE, useValue: parts.detectors }, { provide: BUDGET_PER_DAY, useValue: parts.budgetPerDay },
        { provide: AUDIT_NOTE, useValue: parts.audit }, { provide: CLOCK, useValue: parts.clock },
      ],
    };
  }
}
