import type { Migration } from '../migrate.js';
import { workflowTables } from './0001-workflow.js';

/** In order; a new one goes to the end. */
export const MIGRATIONS: readonly Migration[] = [workflowTables];
