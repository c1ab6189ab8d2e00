import type { CompiledTenant, RuleState } from './compile-tenant.js';
import { parseBundle, type ParsedBundle } from './parse-bundle.js';

/** Of what runs, as it was compiled; of anything else, read by itself. */
export function bundleOf({ documents, problems }: Pick<CompiledTenant, 'documents' | 'problems'>, { rule, text, enabled, removed }: Pick<RuleState, 'rule' | 'text' | 'enabled' | 'removed'>): Pick<ParsedBundle, 'documents' | 'lead' | 'ids' | 'problems'> {
  const running = enabled && !removed && !problems.has(rule) ? documents.get(rule) : undefined;
  if (running === undefined) return parseBundle(rule, text);
  return { documents: running, lead: running.find(({ id }) => id === rule) ?? null, ids: running.map(({ id }) => id), problems: [] };
}
