import type { Migration } from '../migrate.js';

/** Detection rules of a tenant: one whole row for every version of every rule; the latest is what holds. */
export const ruleTables: Migration = {
  number: 4,
  name: 'rules',
  statements: [
    `create table rule_versions (
      tenant text not null, rule text not null, version integer not null, at bigint not null, by_name text not null, kind text not null, note text not null,
      text text not null, file text not null, follows_folder boolean not null, enabled boolean not null, level text, exclusions jsonb not null, removed boolean not null,
      primary key (tenant, rule, version)
    )`,
  ],
};
