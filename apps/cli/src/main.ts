#!/usr/bin/env node
import { createProgram } from './create-program.js';
import { endQuietlyOnClosedPipe } from './terminal/writer.js';

endQuietlyOnClosedPipe();
await createProgram().parseAsync();
