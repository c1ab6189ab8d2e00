/** What people do at a stretch; each is a file in `activity/`. */
export type TaskName = 'chat' | 'documents' | 'records' | 'queries' | 'code' | 'mail' | 'applications' | 'administration';

export interface Department {
  /** Also the peer group. */
  readonly id: string;
  /** Share of the headcount. */
  readonly share: number;
  readonly tasks: readonly (readonly [TaskName, number])[];
  /** Data set of its look-ups of single records, and the purpose it declares. */
  readonly records: string;
  readonly purpose: string;
  /** Data sets it queries. */
  readonly datasets: readonly string[];
  readonly applications: readonly string[];
  /** Models it talks to, by weight. */
  readonly models: readonly (readonly [string, number])[];
  /** Look-ups carry a case number. */
  readonly cases: boolean;
}

const ASSISTANTS = [['assistant-large', 5], ['assistant-small', 4]] as const;

export const DEPARTMENTS: readonly Department[] = [
  { id: 'claims', share: 0.22, tasks: [['records', 38], ['documents', 22], ['chat', 20], ['mail', 14], ['applications', 6]], records: 'ds/claims', purpose: 'claims-handling', datasets: ['ds/claims', 'ds/policies'], applications: ['app/claims-desk', 'app/mail', 'app/wiki'], models: [...ASSISTANTS, ['claims-extract', 2]], cases: true },
  { id: 'support', share: 0.15, tasks: [['records', 34], ['chat', 26], ['applications', 16], ['mail', 14], ['documents', 10]], records: 'ds/customers', purpose: 'support', datasets: ['ds/customers', 'ds/policies'], applications: ['app/support-desk', 'app/crm', 'app/mail', 'app/wiki'], models: ASSISTANTS, cases: true },
  { id: 'engineering', share: 0.18, tasks: [['code', 40], ['chat', 26], ['documents', 14], ['applications', 10], ['queries', 6], ['mail', 4]], records: 'ds/telemetry', purpose: 'operations', datasets: ['ds/telemetry', 'ds/policies'], applications: ['app/ci', 'app/tracker', 'app/wiki', 'app/mail'], models: [['code-assist', 6], ['assistant-large', 3], ['assistant-small', 1]], cases: false },
  { id: 'sales', share: 0.14, tasks: [['records', 28], ['mail', 24], ['documents', 24], ['chat', 16], ['queries', 8]], records: 'ds/customers', purpose: 'sales', datasets: ['ds/policies', 'ds/customers'], applications: ['app/crm', 'app/mail', 'app/wiki'], models: ASSISTANTS, cases: false },
  { id: 'data-science', share: 0.08, tasks: [['queries', 34], ['code', 24], ['chat', 22], ['documents', 14], ['applications', 6]], records: 'ds/claims', purpose: 'analytics', datasets: ['ds/claims', 'ds/fraud-cases', 'ds/telemetry', 'ds/policies', 'ds/training-claims'], applications: ['app/notebooks', 'app/tracker', 'app/wiki', 'app/mail'], models: [['assistant-large', 4], ['code-assist', 4], ['claims-extract', 2], ['embed-2', 1]], cases: false },
  { id: 'finance', share: 0.08, tasks: [['documents', 34], ['queries', 22], ['mail', 20], ['records', 14], ['chat', 10]], records: 'ds/invoices', purpose: 'financial-reporting', datasets: ['ds/invoices', 'ds/ledger', 'ds/policies'], applications: ['app/erp', 'app/mail'], models: ASSISTANTS, cases: false },
  { id: 'hr', share: 0.04, tasks: [['documents', 34], ['records', 28], ['mail', 22], ['chat', 16]], records: 'ds/hr-records', purpose: 'hr-administration', datasets: ['ds/hr-records', 'ds/payroll'], applications: ['app/hris', 'app/mail'], models: ASSISTANTS, cases: false },
  { id: 'marketing', share: 0.05, tasks: [['documents', 32], ['chat', 32], ['mail', 20], ['queries', 10], ['applications', 6]], records: 'ds/leads', purpose: 'marketing', datasets: ['ds/leads', 'ds/web-analytics'], applications: ['app/cms', 'app/crm', 'app/mail'], models: ASSISTANTS, cases: false },
  { id: 'it-operations', share: 0.06, tasks: [['administration', 24], ['applications', 26], ['documents', 18], ['code', 16], ['chat', 16]], records: 'ds/telemetry', purpose: 'operations', datasets: ['ds/telemetry'], applications: ['app/ci', 'app/monitoring', 'app/tracker', 'app/wiki'], models: [['code-assist', 3], ['assistant-large', 4]], cases: false },
];
