import { tmpdir } from 'node:os';
import { openPostgres } from '@wary/adapter-postgres/open-postgres.js';
import { startPostgresServer } from '@wary/testkit/start-postgres-server.js';
import { subjectOver } from '@wary/testkit/workflow-contract/open-subject.js';
import { workflowContract } from '@wary/testkit/workflow-contract/whole.js';

// What `npm test` asks of the embedded engine, asked of a real server: one SQL for both.
workflowContract(async () => {
  const server = await startPostgresServer();
  return subjectOver(await openPostgres({ url: server.url, dataDir: tmpdir() }), () => server.stop());
});
