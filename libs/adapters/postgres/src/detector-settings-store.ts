import type { DetectorSettingsStore, StoredDetectorSettings } from '@wary/ports/detector-settings-store.port.js';
import { sql, type Kysely, type Selectable } from 'kysely';
import { announce } from './announce.js';
import { writeAudit } from './audit-writer.js';
import type { Database } from './database.js';
import { toJson } from './json-column.js';
import type { DetectorSettingsTable } from './settings-tables.js';

const readSettings = (row: Selectable<DetectorSettingsTable>): StoredDetectorSettings => ({
  detector: row.detector, enabled: row.enabled, weight: row.weight, thresholds: row.thresholds as Record<string, number>, version: row.version, updatedAt: row.updated_at, updatedBy: row.updated_by,
});

export function createDetectorSettingsStore(db: Kysely<Database>): DetectorSettingsStore {
  return {
    async listDetectorSettings(tenant) {
      return (await db.selectFrom('detector_settings').selectAll().where('tenant', '=', tenant).orderBy('detector').execute()).map(readSettings);
    },

    changeDetectorSettings: (tenant, detector, decide) => db.transaction().execute(async (trx) => {
      // A row that is not there yet cannot be locked.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`wary.detector:${tenant}:${detector}`}, 0))`.execute(trx);
      const row = await trx.selectFrom('detector_settings').selectAll().where('tenant', '=', tenant).where('detector', '=', detector).executeTakeFirst();
      const { next, audit } = decide(row === undefined ? null : readSettings(row));
      const values = { enabled: next.enabled, weight: next.weight, thresholds: toJson(next.thresholds), version: next.version, updated_at: next.updatedAt, updated_by: next.updatedBy };
      await trx.insertInto('detector_settings').values({ tenant, detector, ...values }).onConflict((conflict) => conflict.columns(['tenant', 'detector']).doUpdateSet(values)).execute();
      if (audit !== null) await writeAudit(trx, audit);
      await announce(trx, { kind: 'detectors', tenant, whom: null });
      return next;
    }),
  };
}
