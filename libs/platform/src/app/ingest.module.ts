import { Module, type DynamicModule } from '@nestjs/common';
import { CLOCK, type Clock } from '@wary/ports/clock.port.js';
import { IngestController } from '../ingest/ingest.controller.js';
import type { EventPath } from '../path/event-path.js';
import { EVENT_PATH, READINESS, type Readiness } from '../path/tokens.js';

/** Where events come in, and nothing else. */
@Module({})
export class IngestModule {
  static forRoot(parts: { readonly path: EventPath; readonly readiness: Readiness; readonly clock: Clock }, imports: DynamicModule[]): DynamicModule {
    return {
      module: IngestModule, imports, controllers: [IngestController],
      providers: [{ provide: EVENT_PATH, useValue: parts.path }, { provide: READINESS, useValue: parts.readiness }, { provide: CLOCK, useValue: parts.clock }],
    };
  }
}
