import type { Migration } from '../migrate.js';
import { workflowTables } from './0001-workflow.js';
import { accountTables } from './0002-accounts.js';

/** In order; a new one goes to the end. */
export const MIGRATIONS: readonly Migration[] = [workflowTables, accountTables];
