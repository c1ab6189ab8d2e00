import { noCounts, type CorrelatorCounts } from '@wary/rules/correlate/correlation-limits.js';
import { addHealth, healthOf, type HealthEntry, type RuleHealth } from '@wary/rules/live/rule-health.js';

/** How the rules of a tenant fare: each by its id, and the correlations together. */
export interface TenantHealth {
  of(id: string): RuleHealth;
  readonly counts: CorrelatorCounts;
}

/** Wherever they run. */
export interface RuleHealthSource { of(tenant: string): Promise<TenantHealth> }
export const RULE_HEALTH = Symbol.for('wary.RuleHealth');

/** A part of it, as one process or one engine has it. */
export interface HealthPart { readonly rules: Iterable<readonly [id: string, entry: Readonly<HealthEntry>]>; readonly counts: Readonly<CorrelatorCounts> }

export function sumParts(parts: Iterable<HealthPart>): { readonly rules: Map<string, HealthEntry>; readonly counts: CorrelatorCounts } {
  const rules = new Map<string, HealthEntry>();
  const counts = noCounts();
  for (const part of parts) {
    for (const [id, entry] of part.rules) addHealth(rules, id, entry);
    for (const name of Object.keys(counts) as Array<keyof CorrelatorCounts>) counts[name] += part.counts[name];
  }
  return { rules, counts };
}

export function healthOfParts(parts: Iterable<HealthPart>): TenantHealth {
  const { rules, counts } = sumParts(parts);
  return { of: (id) => healthOf(rules.get(id)), counts };
}
