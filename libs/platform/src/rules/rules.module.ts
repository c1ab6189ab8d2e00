import { Module, type DynamicModule } from '@nestjs/common';
import { DETECTOR_SERVICE, type DetectorService } from '../detectors/detector-service.js';
import { CatalogueController } from './catalogue.controller.js';
import { RulePreviewsController } from './rule-previews.controller.js';
import { RULE_PREVIEWS, type RulePreviews } from './rule-previews.js';
import { RULE_SERVICE, type RuleService } from './rule-service.js';
import { RulesController } from './rules.controller.js';
import { RULE_HEALTH, type RuleHealthSource } from './tenant-health.js';

@Module({})
export class RulesModule {
  static forRoot({ rules, health, previews, detectors }: { rules: RuleService; health: RuleHealthSource; previews: RulePreviews; detectors: DetectorService }): DynamicModule {
    return {
      module: RulesModule,
      // Previews first: their paths would pass for ids of rules.
      controllers: [RulePreviewsController, RulesController, CatalogueController],
      providers: [{ provide: RULE_SERVICE, useValue: rules }, { provide: RULE_HEALTH, useValue: health }, { provide: RULE_PREVIEWS, useValue: previews }, { provide: DETECTOR_SERVICE, useValue: detectors }],
    };
  }
}
