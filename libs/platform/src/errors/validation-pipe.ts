import { StandardSchemaValidationPipe } from '@nestjs/common';
import { validationError } from './problem.js';

/** Validates every parameter that has a schema in its decorator (`@Body({ schema })`); the same schemas make the OpenAPI document. */
export const createValidationPipe = (): StandardSchemaValidationPipe =>
  new StandardSchemaValidationPipe({ exceptionFactory: (issues) => validationError(issues) });
