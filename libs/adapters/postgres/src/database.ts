import type { WorkflowTables } from './workflow-tables.js';

/** Every table, as the migrations leave it: one interface per table in the `*-tables.ts` files. */
export interface Database extends WorkflowTables {}
