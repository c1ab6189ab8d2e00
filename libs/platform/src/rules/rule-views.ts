import type { StoredRule } from '@wary/ports/rule-store.port.js';
import type { RuleLevel } from '@wary/rules/live/compiled-rules.js';
import { techniqueOfTag } from '@wary/rules/live/techniques.js';
import type { TenantRules } from './rule-service.js';
import { bundleOf } from './bundle-of.js';
import type { TenantHealth } from './tenant-health.js';

/** A rule as lists show it. */
export function summaryOf({ compiled }: Pick<TenantRules, 'compiled'>, stored: StoredRule, fares: TenantHealth) {
  const { rule: id, version, at, by, file, followsFolder, enabled, level, exclusions } = stored;
  const { lead, documents, ids, problems: own } = bundleOf(compiled, stored);
  const problem = compiled.problems.get(id) ?? (lead === null ? own.find(({ severity }) => severity === 'error') : undefined) ?? null;
  const health = ids.map((each) => fares.of(each));
  const leadHealth = fares.of(id);
  const costs = health.flatMap(({ costUs }) => costUs ?? []);
  return {
    id, title: lead?.title ?? id, kind: documents.some(({ kind }) => kind === 'correlation') ? 'correlation' as const : 'rule' as const, level: (level ?? lead?.level ?? 'medium') as RuleLevel, ownLevel: lead?.level ?? null,
    status: lead?.status ?? null, enabled, running: enabled && problem === null, origin: followsFolder ? 'folder' as const : 'upload' as const, file, version, updatedAt: at, updatedBy: by, exclusions: exclusions.length,
    logsource: lead?.kind === 'rule' ? lead.logsource : null, tags: [...lead?.tags ?? []], techniques: [...lead?.tags ?? []].flatMap((tag) => techniqueOfTag(tag) ?? []),
    problem: problem === null ? null : { code: problem.code, message: problem.message, line: problem.line, column: problem.column },
    health: { matches: leadHealth.matches, lastMatchAt: leadHealth.lastMatchAt, costUs: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0), errors: health.reduce((sum, { errors }) => sum + errors, 0), lastError: health.find(({ lastError }) => lastError !== null)?.lastError ?? null },
  };
}
export type RuleSummary = ReturnType<typeof summaryOf>;

/** A rule whole: its text, what is in it, and how it is tuned. */
export function detailOf(tenant: Pick<TenantRules, 'compiled'>, stored: StoredRule, fares: TenantHealth) {
  const { lead, documents } = bundleOf(tenant.compiled, stored);
  return {
    ...summaryOf(tenant, stored, fares), text: stored.text, note: stored.note, tuning: { level: stored.level as RuleLevel | null, exclusions: stored.exclusions.map(({ fields, note }) => ({ fields, note })) },
    description: lead?.description ?? null, author: lead?.author ?? null, references: [...lead?.references ?? []], falsePositives: [...lead?.falsePositives ?? []], runbook: lead?.runbook ?? null,
    documents: documents.map((document) => ({ id: document.id, title: document.title, kind: document.kind, matches: fares.of(document.id).matches })),
  };
}

/** One version with what it changed. */
export const versionOf = ({ version, at, by, kind, note, enabled, level, exclusions, followsFolder, removed }: StoredRule) =>
  ({ version, at, by, kind, note, enabled, level, exclusions: exclusions.map((each) => ({ fields: each.fields, note: each.note })), origin: followsFolder ? 'folder' as const : 'upload' as const, removed });
