import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preparePostgresFolder } from '@wary/testkit/postgres-folder.js';
import { subjectOver } from '@wary/testkit/workflow-contract/open-subject.js';
import { workflowContract } from '@wary/testkit/workflow-contract/whole.js';
import { openPostgres } from './open-postgres.js';

// The same contract runs on a PostgreSQL server in test/system.
workflowContract(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'wary-workflow-'));
  await preparePostgresFolder(dataDir);
  return subjectOver(await openPostgres({ dataDir }), async () => { rmSync(dataDir, { recursive: true, force: true }); });
});
