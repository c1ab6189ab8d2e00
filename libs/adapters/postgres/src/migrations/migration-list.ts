import type { Migration } from '../migrate.js';
import { workflowTables } from './0001-workflow.js';
import { accountTables } from './0002-accounts.js';
import { secondFactor } from './0003-second-factor.js';
import { ruleTables } from './0004-rules.js';
import { manyProcesses } from './0005-many-processes.js';
import { webhookLeases } from './0006-webhook-leases.js';
import { jobTables } from './0007-jobs.js';
import { processLoad } from './0008-process-load.js';
import { tenantQuotas } from './0009-tenant-quotas.js';

/** In order; a new one goes to the end. */
export const MIGRATIONS: readonly Migration[] = [workflowTables, accountTables, secondFactor, ruleTables, manyProcesses, webhookLeases, jobTables, processLoad, tenantQuotas];
