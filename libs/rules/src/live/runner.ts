import type { CorrelatedEvent, Forwarded } from '@wary/model/correlated-event.js';
import type { Event } from '@wary/model/event.js';
import type { LiveMatch, LiveRules } from './live-rules.js';
import { ruleFacts, type RuleFacts } from './rule-facts.js';

/** A match with what a finding says of its rule. */
export interface FactualMatch extends Omit<LiveMatch, 'rule'> { readonly rule: RuleFacts }

/** The rules of a tenant as the scoring engine runs them. */
export interface LiveRunner {
  observe(event: Event): readonly FactualMatch[];
  /** In the first stage: what correlations of the second need of the latest event. */
  readonly forwarded: Forwarded | null;
  dump(): unknown;
  load(state: unknown): void;
}

/** The correlations of a tenant as the second stage runs them. */
export interface SecondRunner {
  observe(event: CorrelatedEvent, rules: readonly string[]): readonly FactualMatch[];
  pass(time: number, historical: boolean): readonly FactualMatch[];
  dump(): unknown;
  load(state: unknown): void;
}

/** Of rules of the whole, or of the first stage. */
export const createRunner = (rules: LiveRules): LiveRunner => ({
  observe: (event) => factual(rules.observe(event)),
  get forwarded() { return rules.forwarded; },
  dump: () => rules.dump(),
  load: (state) => { rules.load(state); },
});

/** Of rules of the second stage. */
export const createSecondRunner = (rules: LiveRules): SecondRunner => ({
  observe: (event, ids) => factual(rules.observeMatched(event, ids)),
  pass: (time, historical) => factual(rules.pass(time, historical)),
  dump: () => rules.dump(),
  load: (state) => { rules.load(state); },
});

const factual = (matches: readonly LiveMatch[]): readonly FactualMatch[] => (matches.length === 0 ? NOTHING : matches.map((match) => ({ ...match, rule: ruleFacts(match.rule) })));
const NOTHING: readonly FactualMatch[] = [];
