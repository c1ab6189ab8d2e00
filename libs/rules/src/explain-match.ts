import { evaluateExpr } from './evaluate/evaluate-expr.js';
import type { EventRecord, Scalar } from './events/field-values.js';
import type { Expr, Test } from './language/expr.js';
import { showPattern } from './language/pattern.js';
import type { SigmaRule } from './language/rule-model.js';
import type { EventRouter } from './pipeline/event-router.js';
import { coversText } from './match/glob.js';
import { conditionFor, isMeantFor } from './rule-engine.js';
import { mapFields } from './language/expr.js';

/** One test that was asked, in the words of the rule. */
export interface Asked { readonly field: string | null; readonly pattern: string; readonly value: Scalar | undefined; readonly holds: boolean }
export interface Explanation {
  readonly matches: boolean;
  /** Whether the rule's log source is that of the event; otherwise nothing was asked. */
  readonly isRouted: boolean;
  /** Each selection, and the tests in it that held (or, when it failed, all of them). */
  readonly selections: readonly { readonly name: string; readonly holds: boolean; readonly asked: readonly Asked[] }[];
}

/** Why a rule matched an event, or did not: selection by selection, with the values that decided. */
export function explainMatch(rule: SigmaRule, event: EventRecord, router: EventRouter): Explanation {
  const { record, destination } = router.route(event);
  const condition = conditionFor(rule, destination);
  if (condition === null) return { matches: false, isRouted: false, selections: [] };
  const way = destination.ways.find((each) => isMeantFor(rule.logsource, each))!;
  const selections = [...rule.selections].map(([name, selection]) => {
    const asked: Asked[] = [];
    const mapped: Expr = mapFields(selection, (field) => (Object.hasOwn(way.fields, field) ? way.fields[field]! : [field]));
    const holds = evaluateExpr(mapped, record, event, (field, test, outcome, value) => asked.push({ field, pattern: describeTest(test), value, holds: outcome }), coversText);
    return { name, holds, asked: holds ? asked.filter((each) => each.holds) : asked };
  });
  return { matches: evaluateExpr(condition, record, event, undefined, coversText), isRouted: true, selections };
}

/** A test as a rule would write it. */
export function describeTest(test: Test): string {
  switch (test.kind) {
    case 'text': return `${test.cased ? 'cased ' : ''}${showPattern(test.pattern) || "''"}`;
    case 'regex': return `re ${test.source}`;
    case 'cidr': return `cidr ${test.network}`;
    case 'number': return `${test.comparison} ${test.value}`;
    case 'time': return `${test.part} ${test.comparison} ${test.value}`;
    case 'field': return `${test.how === 'equals' ? '' : `${test.how} `}field ${test.other}`;
    case 'null': return 'null';
    case 'exists': return 'exists';
  }
}
