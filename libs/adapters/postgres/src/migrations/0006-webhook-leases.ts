import type { Migration } from '../migrate.js';

/** How many attempts to an endpoint are under way, over all processes, is asked with every claim. */
export const webhookLeases: Migration = {
  number: 6,
  name: 'webhook-leases',
  statements: [`create index webhook_deliveries_leased on webhook_deliveries (webhook_id) where status = 'pending' and lease_until > 0`],
};
