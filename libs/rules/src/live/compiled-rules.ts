import { createHash } from 'node:crypto';
import type { Heading, SigmaCorrelation, SigmaRule } from '../language/rule-model.js';
import type { RuleSet } from '../load-rules.js';

export type RuleLevel = NonNullable<Heading['level']>;

/** What is decided about a rule outside of its text. */
export interface RuleSettings { readonly version: number; /** In place of the level in the text. */ readonly level: RuleLevel | null }

/** A rule or correlation that runs. */
export interface LiveRule {
  readonly document: SigmaRule | SigmaCorrelation;
  readonly id: string;
  readonly version: number;
  readonly level: RuleLevel;
  /** Read by correlations only: it does not match alone. */
  readonly isSilent: boolean;
  /** Whether a correlation reads it. */
  readonly isRead: boolean;
}

/** A set of rules made ready: immutable, and shared by everyone who runs the same. */
export interface CompiledRules {
  readonly rules: readonly LiveRule[];
  readonly base: readonly SigmaRule[];
  readonly correlations: readonly SigmaCorrelation[];
  of(document: SigmaRule | SigmaCorrelation): LiveRule;
  /** Names the windows of a correlation: the same as long as it asks the same. */
  windowName(correlation: SigmaCorrelation): string;
}

const UNLEVELLED: RuleLevel = 'medium';

export function compileRules({ rules, correlations }: Pick<RuleSet, 'rules' | 'correlations'>, settingsOf: (id: string) => RuleSettings = () => ({ version: 1, level: null })): CompiledRules {
  const readers = new Map<string, SigmaCorrelation[]>();
  for (const correlation of correlations) for (const name of correlation.rules) readers.set(name, [...(readers.get(name) ?? []), correlation]);
  const live = new Map<SigmaRule | SigmaCorrelation, LiveRule>();
  for (const document of [...rules, ...correlations]) {
    const { version, level } = settingsOf(document.id);
    const readBy = [...(readers.get(document.id) ?? []), ...(document.name === null || document.name === document.id ? [] : readers.get(document.name) ?? [])];
    live.set(document, { document, id: document.id, version, level: level ?? document.level ?? UNLEVELLED, isSilent: readBy.length > 0 && readBy.every(({ generate }) => !generate), isRead: readBy.length > 0 });
  }
  const names = new Map(correlations.map((correlation) => [correlation, `${correlation.id}@${hashOf(correlation)}`]));
  return { rules: [...live.values()], base: rules, correlations, of: (document) => live.get(document)!, windowName: (correlation) => names.get(correlation)! };
}

function hashOf({ type, rules, groupBy, timespanMs, bounds, valueFields, percentile, seen, aliases }: SigmaCorrelation): string {
  return createHash('sha256').update(JSON.stringify([type, rules, groupBy, timespanMs, bounds, valueFields, percentile, seen, aliases])).digest('hex').slice(0, 16);
}
