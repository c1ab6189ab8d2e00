import type { Migration } from '../migrate.js';

/** What a process takes in and how far behind it is, for the numbers that the dashboard shows of all of them. */
export const processLoad: Migration = {
  number: 8,
  name: 'process-load',
  statements: ['alter table processes add column load jsonb'],
};
