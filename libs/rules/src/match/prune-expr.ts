import type { Expr } from '../language/expr.js';

/** The condition without tests of fields that the events never have; true or false when nothing is left to ask. */
export function pruneExpr(expr: Expr, hasField: (field: string) => boolean): Expr | boolean {
  switch (expr.op) {
    case 'and': return join(expr, true, hasField);
    case 'or': return join(expr, false, hasField);
    case 'not': {
      const of = pruneExpr(expr.of, hasField);
      return typeof of === 'boolean' ? !of : of === expr.of ? expr : { op: 'not', of };
    }
    case 'test': {
      const { field, test } = expr;
      if (field === null) return expr;
      if (!hasField(field)) return test.kind === 'null';
      return test.kind !== 'field' || hasField(test.other) ? expr : false;
    }
  }
}

function join(expr: Extract<Expr, { op: 'and' | 'or' }>, neutral: boolean, hasField: (field: string) => boolean): Expr | boolean {
  const kept: Expr[] = [];
  for (const each of expr.of) {
    const pruned = pruneExpr(each, hasField);
    if (pruned === neutral) continue;
    if (typeof pruned === 'boolean') return pruned;
    kept.push(pruned);
  }
  return kept.length === 0 ? neutral : kept.length === 1 ? kept[0]! : { op: expr.op, of: kept };
}
