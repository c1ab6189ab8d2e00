/** What a role brings with it. Rates are medians for a working day; people scatter around them by a factor of their own. */
export interface Role {
  readonly id: string;
  readonly department: string;
  /** Headcount in a thousand. */
  readonly share: number;
  readonly mails: number;
  readonly visits: number;
  /** Share of its people who use removable media as part of the job. */
  readonly removable: number;
  /** Share of its working days that reach into the evening or night. */
  readonly late: number;
  /** Signs in to machines of others. */
  readonly admin?: true;
  /** Works in shifts, of which some are nights. */
  readonly shifts?: true;
  /** Release weekends: nights and Saturdays, several of a team at once. */
  readonly releases?: true;
  /** Sends to the whole company now and then. */
  readonly newsletters?: true;
}

type Row = readonly [id: string, department: string, share: number, mails: number, visits: number, removable: number, late: number, flag?: 'admin' | 'shifts' | 'releases' | 'newsletters'];

/** 42 roles, as many as the published data set has; a few large ones, many small ones. */
const ROWS: readonly Row[] = [
  ['production_line_worker', 'production', 108, 3, 5, 0.08, 0.02, 'shifts'], ['salesperson', 'sales', 110, 8, 12, 0.34, 0.06], ['engineer', 'engineering', 80, 5, 12, 0.36, 0.07, 'releases'],
  ['software_engineer', 'engineering', 70, 5, 14, 0.3, 0.1, 'releases'], ['technician', 'production', 50, 3, 7, 0.42, 0.05, 'shifts'], ['administrative_assistant', 'administration', 48, 8, 9, 0.16, 0.01],
  ['customer_service', 'sales', 40, 9, 8, 0.06, 0.03, 'shifts'], ['it_admin', 'it', 36, 5, 13, 0.6, 0.14, 'admin'], ['electrical_engineer', 'engineering', 32, 5, 10, 0.34, 0.05],
  ['mechanical_engineer', 'engineering', 30, 5, 10, 0.34, 0.04], ['test_engineer', 'engineering', 28, 4, 9, 0.46, 0.08, 'releases'], ['accountant', 'finance', 26, 6, 8, 0.12, 0.04],
  ['financial_analyst', 'finance', 24, 7, 11, 0.2, 0.06], ['project_manager', 'projects', 24, 11, 10, 0.24, 0.06], ['materials_engineer', 'engineering', 20, 5, 9, 0.3, 0.03],
  ['field_service_engineer', 'production', 20, 5, 8, 0.6, 0.08], ['human_resources', 'administration', 18, 8, 10, 0.14, 0.02], ['systems_engineer', 'engineering', 18, 5, 11, 0.32, 0.06],
  ['purchasing_clerk', 'finance', 16, 7, 9, 0.1, 0.02], ['security_guard', 'administration', 16, 2, 7, 0.05, 0.2, 'shifts'], ['hardware_engineer', 'engineering', 14, 5, 10, 0.4, 0.04],
  ['scientist', 'research', 14, 5, 13, 0.4, 0.09], ['lab_manager', 'research', 8, 7, 9, 0.36, 0.05], ['computer_scientist', 'research', 10, 5, 14, 0.36, 0.12],
  ['statistician', 'research', 8, 5, 11, 0.28, 0.06], ['mathematician', 'research', 6, 4, 11, 0.26, 0.08], ['chemical_engineer', 'engineering', 10, 5, 9, 0.3, 0.03],
  ['industrial_engineer', 'production', 10, 5, 9, 0.28, 0.03], ['health_safety_engineer', 'production', 6, 5, 8, 0.22, 0.02], ['quality_engineer', 'production', 10, 5, 8, 0.34, 0.03],
  ['computer_trainer', 'administration', 6, 6, 9, 0.5, 0.02], ['technical_trainer', 'administration', 6, 6, 8, 0.5, 0.02], ['instructional_coordinator', 'administration', 4, 7, 9, 0.3, 0.02],
  ['attorney', 'legal', 8, 10, 11, 0.2, 0.12], ['librarian', 'administration', 4, 5, 12, 0.18, 0.01], ['nurse', 'administration', 4, 4, 7, 0.06, 0.03],
  ['communications', 'sales', 8, 9, 12, 0.3, 0.05, 'newsletters'], ['assistant_supervisor', 'projects', 10, 9, 8, 0.2, 0.04], ['supervisor', 'projects', 12, 10, 9, 0.2, 0.05],
  ['manager', 'management', 14, 12, 10, 0.26, 0.08], ['director', 'management', 10, 13, 10, 0.26, 0.1], ['vice_president', 'management', 4, 14, 9, 0.2, 0.12],
];

export const ROLES: readonly Role[] = ROWS.map(([id, department, share, mails, visits, removable, late, flag]) => ({ id, department, share, mails, visits, removable, late, ...(flag === undefined ? {} : { [flag]: true as const }) }));
