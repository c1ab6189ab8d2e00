import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { Logger } from '../logging/create-logger.js';
import { ProblemFilter } from './problem-filter.js';
import { createValidationPipe } from './validation-pipe.js';

/** Errors as problem+json, and validation by the schemas of the decorators, for every route. */
@Module({})
export class ErrorsModule {
  static forRoot({ logger }: { logger: Logger }): DynamicModule {
    return {
      module: ErrorsModule,
      providers: [{ provide: APP_FILTER, useFactory: () => new ProblemFilter(logger) }, { provide: APP_PIPE, useFactory: createValidationPipe }],
    };
  }
}
