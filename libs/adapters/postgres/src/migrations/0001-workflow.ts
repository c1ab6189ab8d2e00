import type { Migration } from '../migrate.js';

/** Alerts, incidents and what goes with every change of them: audit, outbox, and the numbered changes for the live stream. */
export const workflowTables: Migration = {
  number: 1,
  name: 'workflow',
  statements: [
    // The relay writes `seq` into a row that was just changed: room on the page makes that an update without index entries.
    `create table alerts (
      tenant text not null, id text not null, version integer not null, seq bigint not null, status text not null, severity smallint not null,
      title text not null, entity_type text not null, entity_id text not null, detector text not null, detector_version integer not null, reason text not null,
      dedup_key text not null, historical boolean not null, assignee text, verdict text, resolution text,
      first_seen bigint not null, last_seen bigint not null, created_at bigint not null, updated_at bigint not null,
      acknowledged_at bigint, acknowledged_by text, resolved_at bigint,
      finding_count integer not null, finding_ids jsonb not null, strength double precision not null, criticality smallint not null,
      incident_id text, suppression_id text, notes jsonb not null, explanation text not null, search text not null,
      primary key (tenant, id)
    ) with (fillfactor = 80)`,
    // Written and read whole, never looked into; compressing some kilobytes costs more than they do.
    'alter table alerts alter column explanation set storage external',
    `create index alerts_open_by_key on alerts (tenant, dedup_key) where status <> 'resolved'`,
    'create index alerts_newest on alerts (tenant, created_at desc, id desc)',
    'create index alerts_by_severity on alerts (tenant, severity desc, created_at desc, id desc)',
    'create index alerts_last_seen on alerts (tenant, last_seen desc, id desc)',
    'create index alerts_by_entity on alerts (tenant, entity_type, entity_id, last_seen desc)',
    'create index alerts_by_incident on alerts (tenant, incident_id) where incident_id is not null',
    `create index alerts_by_suppression on alerts (tenant, suppression_id) where status = 'suppressed'`,

    `create table applied_findings (
      tenant text not null, finding_id text not null, revision integer not null, alert_id text not null, applied_at bigint not null,
      primary key (tenant, finding_id)
    )`,

    `create table incidents (
      tenant text not null, id text not null, number integer not null, version integer not null, seq bigint not null, title text not null, state text not null, severity smallint not null,
      entity_type text not null, entity_id text not null, assignee text, alert_ids jsonb not null,
      created_at bigint not null, updated_at bigint not null, acknowledged_at bigint, acknowledged_by text, closed_at bigint,
      verdict text, close_reason text, merged_into text, merged_from jsonb not null, search text not null,
      primary key (tenant, id), unique (tenant, number)
    ) with (fillfactor = 80)`,
    'create index incidents_newest on incidents (tenant, created_at desc, id desc)',
    `create index incidents_open_by_entity on incidents (tenant, entity_type, entity_id) where state <> 'closed'`,

    `create table incident_entries (
      n bigint generated always as identity primary key, tenant text not null, incident_id text not null, id text not null, at bigint not null, by_name text not null,
      kind text not null, text text not null, from_value text, to_value text
    )`,
    'create index incident_entries_by_incident on incident_entries (tenant, incident_id, n)',

    `create table suppressions (
      tenant text not null, id text not null, scope jsonb not null, until bigint not null, reason text not null, created_by text not null, created_at bigint not null,
      hits integer not null, ended_at bigint, primary key (tenant, id)
    )`,
    'create index suppressions_running on suppressions (tenant, until) where ended_at is null',

    `create table changes (
      n bigint generated always as identity primary key, seq bigint unique, tenant text not null, kind text not null, target text not null, change text not null, at bigint not null
    )`,
    'create index changes_unnumbered on changes (n) where seq is null',

    `create table outbox (
      id text primary key, tenant text not null, type text not null, payload json not null, created_at bigint not null, dispatched_at bigint
    )`,
    'alter table outbox alter column payload set storage external',
    'create index outbox_waiting on outbox (id) where dispatched_at is null',

    `create table audit (
      n bigint generated always as identity primary key, tenant text not null, at bigint not null, actor_id text not null, actor_name text not null, actor_kind text not null,
      ip text not null, request_id text not null, action text not null, target text not null, before jsonb, after jsonb
    )`,
    'create index audit_by_target on audit (tenant, target, n)',

    'create table counters (name text primary key, value bigint not null)',
    `insert into counters (name, value) values ('changes.seq', 0)`,
  ],
};
