import type { Migration } from '../migrate.js';

/** What several processes of one installation share: who is there, what changed of the settings, how often somebody tried, how far messages went out. */
export const manyProcesses: Migration = {
  number: 5,
  name: 'many-processes',
  statements: [
    'create table settings_versions (kind text not null, tenant text not null, version bigint not null, primary key (kind, tenant))',
    'create table throttles (key text primary key, tries integer not null, ends_at bigint not null)',
    'create index throttles_over on throttles (ends_at)',
    `create table processes (
      id text primary key, kind text not null, host text not null, internal_url text, version text not null, topic_partitions integer, partitions jsonb not null,
      started_at bigint not null, heartbeat_at bigint not null
    )`,
    'create table out_positions (name text primary key, seq bigint not null, updated_at bigint not null)',
  ],
};
