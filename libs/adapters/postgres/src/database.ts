import type { AccountTables } from './account-tables.js';
import type { ProcessTables } from './process-tables.js';
import type { RuleTables } from './rule-tables.js';
import type { SettingsTables } from './settings-tables.js';
import type { WebhookTables } from './webhook-tables.js';
import type { WorkflowTables } from './workflow-tables.js';

/** Every table, as the migrations leave it: one interface per table in the `*-tables.ts` files. */
export interface Database extends WorkflowTables, AccountTables, SettingsTables, WebhookTables, RuleTables, ProcessTables {}
