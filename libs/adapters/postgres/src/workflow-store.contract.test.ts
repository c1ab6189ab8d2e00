import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preparePostgresFolder } from '@wary/testkit/postgres-folder.js';
import { alertsContract } from '@wary/testkit/workflow-contract/alerts.js';
import { changesContract } from '@wary/testkit/workflow-contract/changes.js';
import { findingsContract } from '@wary/testkit/workflow-contract/findings.js';
import { incidentsContract } from '@wary/testkit/workflow-contract/incidents.js';
import { invariantsContract } from '@wary/testkit/workflow-contract/invariants.js';
import { useSubject } from '@wary/testkit/workflow-contract/subject.js';
import { suppressionsContract } from '@wary/testkit/workflow-contract/suppressions.js';
import { createWorkflow } from '@wary/workflow/create-workflow.js';
import { CompiledQuery } from 'kysely';
import { openPostgres } from './open-postgres.js';
import { createWorkflowStore } from './workflow-store.js';

let ids = 0;
const use = useSubject(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'wary-workflow-'));
  await preparePostgresFolder(dataDir);
  const handle = await openPostgres({ dataDir });
  const store = createWorkflowStore(handle);
  const random = { next: () => 0.5, id: () => `id-${String((ids += 1)).padStart(9, '0')}` };
  return {
    workflow: createWorkflow({ db: store, random }), store,
    sql: async <Row>(text: string) => (await handle.db.executeQuery<Row>(CompiledQuery.raw(text))).rows,
    close: async () => {
      await handle.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
});

findingsContract(use);
alertsContract(use);
suppressionsContract(use);
incidentsContract(use);
changesContract(use);
invariantsContract(use);
