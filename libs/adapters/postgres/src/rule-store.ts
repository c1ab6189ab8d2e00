import type { RuleDecision, RuleStore, StoredRule } from '@wary/ports/rule-store.port.js';
import { sql, type Kysely, type Selectable } from 'kysely';
import { announce } from './announce.js';
import { writeAudits } from './audit-writer.js';
import type { Database } from './database.js';
import { toJson, toText } from './json-column.js';
import { decodeCursor, toPage } from './list-cursor.js';
import type { RuleVersionsTable } from './rule-tables.js';

/** 14 parameters a row, and PostgreSQL counts parameters in 16 bits. */
const ROWS_PER_STATEMENT = 1_000;

const readRule = (row: Selectable<RuleVersionsTable>): StoredRule => ({
  rule: row.rule, version: row.version, at: row.at, by: row.by_name, kind: row.kind, note: row.note, text: row.text, file: row.file, followsFolder: row.follows_folder, enabled: row.enabled, level: row.level,
  exclusions: row.exclusions, removed: row.removed,
});

export function createRuleStore(db: Kysely<Database>): RuleStore {
  const latest = (on: Kysely<Database>, tenant: string) => on.selectFrom('rule_versions').selectAll().distinctOn('rule').where('tenant', '=', tenant).orderBy('rule').orderBy('version', 'desc');
  return {
    async listRules(tenant) {
      return (await latest(db, tenant).execute()).map(readRule);
    },

    changeRules: (tenant, rules, decide) => db.transaction().execute(async (trx) => {
      // One change of a tenant's rules at a time: versions are given without holes and in the order of the changes.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`wary.rules:${tenant}`}, 0))`.execute(trx);
      const wanted = [...new Set(rules)];
      const standing = new Map<string, StoredRule>();
      for (let start = 0; start < wanted.length; start += ROWS_PER_STATEMENT) {
        for (const row of await latest(trx, tenant).where('rule', 'in', wanted.slice(start, start + ROWS_PER_STATEMENT)).execute()) standing.set(row.rule, readRule(row));
      }
      const decided = wanted.flatMap((rule): { made: StoredRule; audit: RuleDecision['audit'] }[] => {
        const current = standing.get(rule) ?? null;
        const decision = decide(rule, current);
        return decision === null ? [] : [{ made: { rule, version: (current?.version ?? 0) + 1, ...decision.next }, audit: decision.audit }];
      });
      for (let start = 0; start < decided.length; start += ROWS_PER_STATEMENT) {
        await trx.insertInto('rule_versions').values(decided.slice(start, start + ROWS_PER_STATEMENT).map(({ made }) => ({
          tenant, rule: toText(made.rule), version: made.version, at: made.at, by_name: toText(made.by), kind: made.kind, note: toText(made.note), text: toText(made.text), file: toText(made.file),
          follows_folder: made.followsFolder, enabled: made.enabled, level: made.level, exclusions: toJson(made.exclusions), removed: made.removed,
        }))).execute();
      }
      await writeAudits(trx, decided.flatMap(({ audit }) => (audit === null ? [] : [audit])));
      if (decided.length > 0) await announce(trx, { kind: 'rules', tenant, whom: null });
      return decided.map(({ made }) => made);
    }),

    async listRuleVersions(tenant, rule, limit, cursor) {
      const before = decodeCursor(cursor, ['number']);
      let query = db.selectFrom('rule_versions').selectAll().where('tenant', '=', tenant).where('rule', '=', toText(rule)).orderBy('version', 'desc').limit(limit + 1);
      if (before !== null) query = query.where('version', '<', before[0]);
      return toPage(await query.execute(), limit, readRule, (row) => [row.version]);
    },

    async ruleVersion(tenant, rule, version) {
      const row = await db.selectFrom('rule_versions').selectAll().where('tenant', '=', tenant).where('rule', '=', toText(rule)).where('version', '=', version).executeTakeFirst();
      return row === undefined ? null : readRule(row);
    },
  };
}
