import { evaluateExpr } from '../evaluate/evaluate-expr.js';
import type { EventRecord } from '../events/field-values.js';
import type { Placeholders } from '../language/modifiers.js';
import { loadRules, type RuleSet } from '../load-rules.js';
import { IndexedMatcher } from '../match/indexed-matcher.js';

/** A rule around a detection, written as an author would. */
export const ruleOf = (detection: string, heading = ''): string => `title: a rule\nid: 00000000-0000-4000-8000-000000000001\n${heading}logsource: { category: test }\ndetection:\n${detection.replace(/^\n+/, '').split('\n').map((line) => `  ${line}`).join('\n')}\n`;

export function load(text: string, placeholders: Placeholders = {}): RuleSet {
  return loadRules([{ path: 'rule.yml', text }], { placeholders });
}

/** Whether the one rule matches the event; the plain evaluator and the index must say the same. */
export function judge(detection: string, event: EventRecord, placeholders: Placeholders = {}): boolean {
  const { rules, problems } = load(ruleOf(detection), placeholders);
  const rule = rules[0];
  if (rule === undefined) throw new Error(problems.map(({ code, message, line, column }) => `${line}:${column} ${code}: ${message}`).join('; '));
  const plain = evaluateExpr(rule.condition, event);
  const indexed = new IndexedMatcher([rule.condition]).match(event).length === 1;
  if (plain !== indexed) throw new Error(`the plain evaluator says ${plain}, the index ${indexed}`);
  return plain;
}

/** `selection: {item}` alone. */
export const holds = (item: string, event: EventRecord): boolean => judge(`selection:\n  ${item}\ncondition: selection`, event);
/** Code and place of the first error. */
export function refusal(text: string, placeholders: Placeholders = {}): { readonly code: string; readonly line: number; readonly column: number; readonly message: string } {
  const problem = load(text, placeholders).problems.find(({ severity }) => severity === 'error');
  if (problem === undefined) throw new Error('nothing was refused');
  return problem;
}
