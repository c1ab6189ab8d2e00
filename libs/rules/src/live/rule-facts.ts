import type { Technique } from '@wary/model/finding.js';
import type { LiveRule } from './compiled-rules.js';
import { techniqueOfTag } from './techniques.js';

const factsOf = new WeakMap<LiveRule, RuleFacts>();

/** What a finding says of the rule it comes from. */
export interface RuleFacts {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly severity: LiveRule['level'];
  readonly techniques: readonly Technique[];
  readonly duties: readonly string[];
  readonly runbook: string | null;
}

export function ruleFacts(rule: LiveRule): RuleFacts {
  let facts = factsOf.get(rule);
  if (facts === undefined) {
    const { document, id, version, level } = rule;
    facts = {
      id, version, title: document.title, description: document.description ?? '', severity: level, runbook: document.runbook,
      techniques: document.tags.flatMap((tag) => techniqueOfTag(tag) ?? []), duties: dutiesOf(document.tags),
    };
    factsOf.set(rule, facts);
  }
  return facts;
}

/** Duties that what a technique does touches: data that leave are a breach to be judged (GDPR 33), attacks on a model concern its robustness (AI Act 15). */
const DUTIES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^attack\.t(1567|1537|1048|1052|1530|1213|1619|1074|1119)\b|^atlas\.aml\.t(0024|0025|0057|0086|0085|0035|0036)\b/, ['GDPR 32', 'GDPR 33']],
  [/^owasp\.llm(01|03|04|07|09)-|^atlas\.aml\.t(0051|0054|0018|0020|0031|0043|0066|0067|0068|0070|0071|0080)\b/, ['AI Act 15']],
  [/^owasp\.(llm06|asi0[1-9]|asi10)-|^atlas\.aml\.t(0053|0081|0098|0100|0101|0103|0110)\b/, ['AI Act 14']],
  [/^attack\.t(1562|1070|1485|1489)\b/, ['AI Act 12', 'GDPR 32']],
  [/^attack\.t(1078|1110|1098|1136|1550|1552|1556|1621)\b|^owasp\.(llm02|api\d+)-|^atlas\.aml\.t(0012|0055|0091)\b/, ['GDPR 32']],
];

export function dutiesOf(tags: readonly string[]): string[] {
  const duties = new Set<string>();
  for (const [pattern, of] of DUTIES) if (tags.some((tag) => pattern.test(tag))) for (const duty of of) duties.add(duty);
  return [...duties].sort();
}
