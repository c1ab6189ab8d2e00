import type { Migration } from '../migrate.js';

/** People, sessions and keys; registers; settings of detectors; webhooks and their deliveries. */
export const accountTables: Migration = {
  number: 2,
  name: 'accounts',
  statements: [
    `create table users (
      id text primary key, tenant text not null, email text not null unique, name text not null, role text not null, disabled boolean not null, must_change_password boolean not null,
      password_hash text not null, version integer not null, created_at bigint not null, updated_at bigint not null, last_sign_in_at bigint
    )`,
    'create index users_by_tenant on users (tenant, email)',
    `create table sessions (
      id text primary key, user_id text not null references users (id) on delete cascade, token_hash text not null unique,
      created_at bigint not null, last_seen_at bigint not null, expires_at bigint not null, ip text not null, user_agent text not null
    )`,
    'create index sessions_by_user on sessions (user_id)',
    `create table api_keys (
      id text primary key, tenant text not null, name text not null, scopes jsonb not null, hint text not null, hash text not null unique, previous_hash text unique, previous_until bigint,
      version integer not null, created_at bigint not null, created_by text not null, updated_at bigint not null, rotated_at bigint, expires_at bigint, revoked_at bigint, last_used_at bigint
    )`,
    'create index api_keys_by_tenant on api_keys (tenant, id)',

    `create table register_versions (
      tenant text not null, version integer not null, register text not null, at bigint not null, by_name text not null, added integer not null, changed integer not null, removed integer not null,
      primary key (tenant, version)
    )`,
    'create index register_versions_by_register on register_versions (tenant, register, version desc)',
    `create table register_rows (
      tenant text not null, register text not null, id text not null, since_version integer not null, until_version integer, row jsonb not null,
      primary key (tenant, register, id, since_version)
    )`,
    'create unique index register_rows_standing on register_rows (tenant, register, id) where until_version is null',

    `create table detector_settings (
      tenant text not null, detector text not null, enabled boolean not null, weight double precision not null, thresholds jsonb not null, version integer not null,
      updated_at bigint not null, updated_by text not null, primary key (tenant, detector)
    )`,

    `create table webhooks (
      id text primary key, tenant text not null, url text not null, description text not null, types jsonb not null, min_severity text, format text not null,
      enabled boolean not null, disabled_reason text, failing_since bigint, paused_until bigint, version integer not null, created_at bigint not null, created_by text not null, updated_at bigint not null,
      secret text not null, previous_secret text, secret_rotated_at bigint not null, previous_secret_until bigint
    )`,
    'create index webhooks_by_tenant on webhooks (tenant, id)',
    // The outbox row and the webhook make a delivery once, however often the dispatcher is interrupted.
    `create table webhook_deliveries (
      id text primary key, tenant text not null, webhook_id text not null references webhooks (id) on delete cascade, outbox_id text, type text not null, subject text not null, body text not null,
      status text not null, attempts integer not null, next_attempt_at bigint, lease_until bigint not null, created_at bigint not null, finished_at bigint, last_status integer, last_error text,
      log jsonb not null, unique (webhook_id, outbox_id)
    )`,
    `create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_attempt_at) where status = 'pending'`,
    'create index webhook_deliveries_newest on webhook_deliveries (webhook_id, created_at desc, id desc)',
    'create index webhook_deliveries_finished on webhook_deliveries (finished_at) where finished_at is not null',
    'create index audit_by_tenant on audit (tenant, n desc)',
  ],
};
