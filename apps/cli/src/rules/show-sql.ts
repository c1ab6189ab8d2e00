import { existsSync } from 'node:fs';
import type { Expr } from '@wary/rules/language/expr.js';
import { mapFields } from '@wary/rules/language/expr.js';
import type { SigmaRule } from '@wary/rules/language/rule-model.js';
import type { Pipeline } from '@wary/rules/pipeline/pipeline-model.js';
import { isMeantFor } from '@wary/rules/rule-engine.js';
import { ownLane } from '@wary/rules/sql/search-stored.js';
import { showSql } from '@wary/rules/sql/show-sql.js';
import { jsonSource } from '@wary/rules/sql/sql-source.js';
import { storedSource } from '@wary/rules/sql/stored-event.js';
import { CliError } from '../terminal/cli-error.js';
import { pipelineFor, readRuleFolders } from './rule-files.js';

export interface SqlFlags { readonly over: 'raw' | 'events'; readonly table?: string; readonly column: string; readonly pipeline: string; readonly tenant: string; readonly from: number; readonly to: number; readonly placeholders?: string; readonly json?: boolean }

/** `wary rules sql`: each rule as one SELECT, over JSON texts in a column or over the events table. */
export function showRulesAsSql(paths: readonly string[], flags: SqlFlags): Promise<void> {
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) throw new CliError(`${missing}: there is no such file or folder`);
  const { set } = readRuleFolders(paths, flags.placeholders);
  if (set.rules.length === 0) throw new CliError('no rule could be read; wary rules check says why');
  const source = flags.over === 'events'
    ? storedSource({ table: flags.table ?? 'wary.events', tenant: flags.tenant, from: flags.from, to: flags.to })
    : jsonSource({ from: flags.table ?? 'events', column: flags.column, keys: [flags.column] });
  const notMeant: string[] = [];
  for (const rule of set.rules) {
    const conditions = conditionsOf(rule, flags);
    if (conditions.length === 0) notMeant.push(rule.id);
    for (const { condition, way } of conditions) {
      const { sql, outside } = showSql([`${rule.title} (${rule.id})${way === '' ? '' : `, ${way}`}`], condition, source);
      process.stdout.write(flags.json === true ? `${JSON.stringify({ rule: rule.id, way, sql, outside })}\n` : `${sql}\n\n`);
    }
  }
  if (set.correlations.length > 0) process.stderr.write(`wary: ${set.correlations.length} correlations are no SQL: their rules are found with it, and wary replays the matches in the order of time\n`);
  if (notMeant.length > 0) throw new CliError(`sql-not-meant: ${notMeant.join(', ')}: ${notMeant.length === 1 ? 'this rule is' : 'these rules are'} meant for another log source than ${flags.over === 'events' ? "Wary's own events" : `those of the pipeline ${flags.pipeline}`}`);
  return Promise.resolve();
}

/** A rule's conditions by the field names of each way that its events come. */
function conditionsOf(rule: SigmaRule, { over, pipeline }: SqlFlags): readonly { readonly condition: Expr; readonly way: string }[] {
  if (over === 'events') return ownLane([rule]).conditions.map((condition) => ({ condition, way: '' }));
  if (pipeline === 'none') return [{ condition: rule.condition, way: '' }];
  const one = pipelineFor(pipeline);
  const found = new Map<string, { readonly condition: Expr; readonly way: string }>();
  for (const { source, isOpen, fields } of waysOf(one)) {
    if (!isMeantFor(rule.logsource, { source, isOpen, fields })) continue;
    const key = JSON.stringify(fields);
    if (found.has(key)) continue;
    const way = `${one.name}: ${[source.product, source.category, source.service].filter((part) => part !== null).join(' ') || 'any source'}${one.flatten === 'none' ? '' : `, over events that are flat already (${one.flatten})`}`;
    found.set(key, { condition: mapFields(rule.condition, (field) => (Object.hasOwn(fields, field) ? fields[field]! : [field])), way });
  }
  return [...found.values()];
}

const waysOf = ({ routes, unknown, fields }: Pipeline): readonly { readonly source: Pipeline['unknown']; readonly isOpen: boolean; readonly fields: Pipeline['fields'] }[] =>
  [...routes.map((route) => ({ source: route.source, isOpen: false, fields: { ...fields, ...route.fields } })), { source: unknown, isOpen: true, fields }];
