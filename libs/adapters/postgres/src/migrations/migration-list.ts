import type { Migration } from '../migrate.js';
import { workflowTables } from './0001-workflow.js';
import { accountTables } from './0002-accounts.js';
import { secondFactor } from './0003-second-factor.js';

/** In order; a new one goes to the end. */
export const MIGRATIONS: readonly Migration[] = [workflowTables, accountTables, secondFactor];
