import type { FirstAccess } from './compose-accounts.js';

/** What was generated for the first people and senders: shown once, for nothing of it is kept in clear. */
export function printFirstAccess(generated: FirstAccess & { readonly others: readonly FirstAccess[] }): void {
  for (const { tenant, adminEmail, adminPassword, ingestKey } of [generated, ...generated.others]) {
    const of = tenant === generated.tenant ? '' : ` of ${tenant}`;
    if (adminPassword !== null) process.stderr.write(`wary: the first administrator${of} is ${adminEmail} with the password ${adminPassword}\n`);
    if (ingestKey !== null) process.stderr.write(`wary: the first ingest key${of} is ${ingestKey}\n`);
  }
}
