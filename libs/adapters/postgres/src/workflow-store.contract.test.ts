import { rmSync } from 'node:fs';
import { preparedDataDir } from '@wary/platform/testing/prepared-data-dir.js';
import { subjectOver } from '@wary/testkit/workflow-contract/open-subject.js';
import { workflowContract } from '@wary/testkit/workflow-contract/whole.js';
import { openPostgres } from './open-postgres.js';

// The same contract runs on a PostgreSQL server in test/system.
workflowContract(async () => {
  const dataDir = await preparedDataDir('wary-workflow-');
  return subjectOver(await openPostgres({ dataDir }), async () => { rmSync(dataDir, { recursive: true, force: true }); });
});
