import type { PostgresHandle } from '@wary/adapter-postgres/open-postgres.js';
import { createWorkflowStore } from '@wary/adapter-postgres/workflow-store.js';
import { createWorkflow } from '@wary/workflow/create-workflow.js';
import { CompiledQuery } from 'kysely';
import type { WorkflowSubject } from './subject.js';

/** The workflow over an opened database, with ids that count. */
export function subjectOver(handle: PostgresHandle, close: () => Promise<void>): WorkflowSubject {
  let ids = 0;
  const store = createWorkflowStore(handle);
  return {
    workflow: createWorkflow({ db: store, random: { next: () => 0.5, id: () => `id-${String((ids += 1)).padStart(9, '0')}` } }), store,
    sql: async <Row>(text: string) => (await handle.db.executeQuery<Row>(CompiledQuery.raw(text))).rows,
    close: async () => {
      await handle.close();
      await close();
    },
  };
}
