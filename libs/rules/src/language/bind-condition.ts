import { RuleError } from '../problem.js';
import type { Expr } from './expr.js';
import { namesFor, type Condition } from './parse-condition.js';

/** Puts the selections into the condition; `used` gathers the names that it reads. */
export function bindCondition(condition: Condition, selections: ReadonlyMap<string, Expr>, path: readonly (string | number)[], used: Set<string>): Expr {
  if (condition.op === 'not') return { op: 'not', of: bindCondition(condition.of, selections, path, used) };
  if (condition.op === 'and' || condition.op === 'or') return { op: condition.op, of: condition.of.map((each) => bindCondition(each, selections, path, used)) };
  const known = (): string => [...selections.keys()].join(', ');
  if (condition.op === 'name') {
    const selection = selections.get(condition.name);
    if (selection === undefined) throw new RuleError('condition-name', `there is no selection "${condition.name}"; there are ${known()}`, { path, offset: condition.offset });
    used.add(condition.name);
    return selection;
  }
  const names = namesFor(condition.pattern, selections.keys());
  if (names.length === 0) throw new RuleError('condition-pattern', `no selection fits "${condition.pattern}"; there are ${known()}`, { path, offset: condition.offset });
  for (const name of names) used.add(name);
  const of = names.map((name) => selections.get(name)!);
  return of.length === 1 ? of[0]! : { op: condition.quantity === 'all' ? 'and' : 'or', of };
}
