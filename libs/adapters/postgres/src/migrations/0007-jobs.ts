import type { Migration } from '../migrate.js';

/** Previews and backtests, so that any process answers for what another one is doing. */
export const jobTables: Migration = {
  number: 7,
  name: 'jobs',
  statements: [
    `create table jobs (
      kind text not null, id text not null, tenant text not null, node text not null, running boolean not null, cancelled boolean not null, started_at bigint not null, heartbeat_at bigint not null,
      view jsonb not null, primary key (kind, id)
    )`,
    'create index jobs_by_tenant on jobs (kind, tenant, started_at desc)',
    'create index jobs_running on jobs (kind, node) where running',
  ],
};
