import { createHash } from 'node:crypto';
import type { StoredRule } from '@wary/ports/rule-store.port.js';
import { compileRules, type CompiledRules, type RuleLevel } from '@wary/rules/live/compiled-rules.js';
import type { SigmaCorrelation, SigmaRule } from '@wary/rules/language/rule-model.js';
import { loadRules, type RuleFile } from '@wary/rules/load-rules.js';
import type { Problem } from '@wary/rules/problem.js';
import { parseBundle } from './parse-bundle.js';

export interface CompiledTenant {
  readonly compiled: CompiledRules;
  /** What the text of each rule that runs has in it. */
  readonly documents: ReadonlyMap<string, readonly (SigmaRule | SigmaCorrelation)[]>;
  /** Of what did not compile, by the rule it belongs to. */
  readonly problems: ReadonlyMap<string, Problem>;
}
export type RuleState = Pick<StoredRule, 'rule' | 'version' | 'text' | 'level' | 'exclusions' | 'enabled' | 'removed'>;

/** Tenants that run the same share it. */
const SHARED_MAX = 64;
const shared = new Map<string, CompiledTenant>();

export function compileTenant(states: readonly RuleState[]): CompiledTenant {
  // In one order, whatever the order in which a process heard of them: every process compiles the same.
  const running = states.filter(({ enabled, removed }) => enabled && !removed).sort((a, b) => (a.rule < b.rule ? -1 : 1));
  const key = createHash('sha256').update(JSON.stringify(running.map(({ rule, version, text, level, exclusions }) => [rule, version, text, level, exclusions]))).digest('hex');
  const known = shared.get(key);
  if (known !== undefined) return known;
  const files = running.flatMap((state): RuleFile[] => [{ path: pathOf(state.rule), text: state.text }, ...exclusionFile(state)]);
  const set = loadRules(files);
  const byRule = new Map(running.map((state) => [state.rule, state]));
  const documents = new Map<string, (SigmaRule | SigmaCorrelation)[]>();
  const owner = new Map<string, RuleState>();
  for (const document of [...set.rules, ...set.correlations]) {
    const rule = ruleOf(document.source.file);
    owner.set(document.id, byRule.get(rule)!);
    const list = documents.get(rule);
    if (list === undefined) documents.set(rule, [document]);
    else list.push(document);
  }
  const problems = new Map<string, Problem>();
  for (const problem of set.problems) {
    const rule = ruleOf(problem.file);
    if (problem.severity === 'error' && !problems.has(rule)) problems.set(rule, problem);
  }
  const made: CompiledTenant = { compiled: compileRules(set, (id) => ({ version: owner.get(id)!.version, level: owner.get(id)!.level as RuleLevel | null })), documents, problems };
  if (shared.size >= SHARED_MAX) shared.delete(shared.keys().next().value!);
  shared.set(key, made);
  return made;
}

/** Exclusions as a filter over all rules of the text: an event that fits one of them is let through. */
export function exclusionFile({ rule, text, exclusions }: Pick<RuleState, 'rule' | 'text' | 'exclusions'>): RuleFile[] {
  if (exclusions.length === 0) return [];
  const ids = parseBundle(rule, text).ids;
  const selections = Object.fromEntries(exclusions.map(({ fields }, index) => [`exclusion${index + 1}`, fields]));
  // JSON is YAML.
  return [{ path: `${EXCLUSIONS}${rule}.yml`, text: JSON.stringify({ title: `Exclusions of ${rule}`, id: `exclusions-${rule}`, logsource: {}, filter: { rules: ids, ...selections, condition: 'not 1 of exclusion*' } }) }];
}

const EXCLUSIONS = 'exclusions/';
export const pathOf = (rule: string): string => `rules/${rule}.yml`;
const ruleOf = (path: string): string => path.slice(path.indexOf('/') + 1, -'.yml'.length);
