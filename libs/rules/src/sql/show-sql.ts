import type { Expr } from '../language/expr.js';
import type { Outside } from './compile-test.js';
import { compileScan, SETTINGS } from './compile-scan.js';
import { quoteName, type SqlSource } from './sql-source.js';

/** Why a part of a rule is decided outside of SQL, for people. */
const WHY: Readonly<Record<Outside, string>> = {
  'sql-regex-unicode': 'a pattern with classes of Unicode, which the engine may have in another version',
  'sql-regex-size': 'a pattern that is too large for the engine',
  'sql-number-size': 'a number beyond 10^60',
  'sql-field-depth': 'a field with more than 20 dots',
  'sql-size': 'the whole rule, which is longer than a query may be',
};

export interface ShownSql {
  readonly sql: string;
  /** What SQL leaves open, by stable codes; empty: SQL decides every row that it can read. */
  readonly outside: readonly { readonly code: Outside; readonly message: string }[];
}

/** One condition as one SELECT to read and to run: `matches` is 1 or 0, and `hard_row` says where it must be decided outside of SQL instead. */
export function showSql(heading: readonly string[], condition: Expr, source: SqlSource): ShownSql {
  const scan = compileScan([condition], source);
  const { sql, outside, reasons } = scan.conditions[0]!;
  const keys = source.keys.map(quoteName);
  const left = reasons.map((code) => ({ code, message: WHY[code] }));
  const notes = ['`hard_row` marks rows that SQL does not read exactly (JSON that is broken, too deep, or has numbers it rounds): wary decides those itself.', ...left.map(({ code, message }) => `Also decided outside of SQL wherever the field is there: ${message} (${code}).`)];
  const columns = scan.columns.map(({ name, expr, fields }) => `      ${expr} AS ${name} -- ${fields === null ? 'every value' : fields.map((field) => JSON.stringify(field)).join(', ')}`);
  return {
    outside: left,
    sql: [
      ...[...heading, ...notes].map((line) => `-- ${line.replaceAll(/[\0-\x1f\x7f\u0085\u2028\u2029]/g, ' ')}`),
      `SELECT ${[...keys, 'matches', 'hard_row'].join(', ')}`,
      'FROM (',
      `  SELECT ${[...keys, `toUInt8(${['hard_row', 'notEmpty(open_fields)', ...(outside === null ? [] : [outside])].join(' OR ')}) AS hard_row`].join(', ')},`,
      `    toUInt8(${sql}) AS matches`,
      '  FROM (',
      `    SELECT ${[...keys, `${scan.hard} AS hard_row`, `${scan.open} AS open_fields`].join(', ')}${columns.length === 0 ? '' : ','}`,
      // A comment ends with its line, so the comma stands before the next.
      ...columns.map((column, index) => (index === 0 ? column : column.replace(/^ {6}/, '      , '))),
      `    FROM (${source.select})`,
      '  )',
      ')',
      'WHERE matches OR hard_row',
      `${SETTINGS};`,
    ].join('\n'),
  };
}
