import { alertsContract } from './alerts.js';
import { changesContract } from './changes.js';
import { findingsContract } from './findings.js';
import { incidentsContract } from './incidents.js';
import { invariantsContract } from './invariants.js';
import { useSubject, type WorkflowSubject } from './subject.js';
import { suppressionsContract } from './suppressions.js';

/** Everything that the workflow promises, on whatever database it is opened over. */
export function workflowContract(open: () => Promise<WorkflowSubject>): void {
  const use = useSubject(open);
  // First, because it relays all there is.
  changesContract(use);
  findingsContract(use);
  alertsContract(use);
  suppressionsContract(use);
  incidentsContract(use);
  invariantsContract(use);
}
