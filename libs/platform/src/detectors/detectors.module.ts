import { Module, type DynamicModule } from '@nestjs/common';
import { DETECTOR_SERVICE, type DetectorService } from './detector-service.js';
import { DetectorsController } from './detectors.controller.js';
import { PeerGroupsController } from './peer-groups.controller.js';

@Module({})
export class DetectorsModule {
  static forRoot({ detectors }: { detectors: DetectorService }): DynamicModule {
    return { module: DetectorsModule, controllers: [DetectorsController, PeerGroupsController], providers: [{ provide: DETECTOR_SERVICE, useValue: detectors }], exports: [DETECTOR_SERVICE] };
  }
}
