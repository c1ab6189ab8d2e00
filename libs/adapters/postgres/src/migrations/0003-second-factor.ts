import type { Migration } from '../migrate.js';

/** A second factor per person: the shared secret as ciphertext, the last step of it that was used, and hashes of the recovery codes. */
export const secondFactor: Migration = {
  number: 3,
  name: 'second-factor',
  statements: [
    'alter table users add column second_factor_secret text, add column second_factor_at bigint, add column second_factor_step bigint not null default 0',
    `create table recovery_codes (
      user_id text not null references users (id) on delete cascade, code_hash text not null, used_at bigint, primary key (user_id, code_hash)
    )`,
  ],
};
