import type { Migration } from '../migrate.js';

/** What each tenant may still send, over all processes that take events: in thousandths of a record, as of a time of the database's clock. */
export const tenantQuotas: Migration = {
  number: 9,
  name: 'tenant-quotas',
  keepsFormer: true,
  statements: ['create table quota_buckets (tenant text primary key, thousandths bigint not null, filled_at bigint not null)'],
};
