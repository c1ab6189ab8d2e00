import type { Expr, RegexFlags, Test } from '../language/expr.js';
import { foldCase } from '../language/fold-case.js';
import { parseNetwork } from '../language/network.js';
import { ANY, type Pattern } from '../language/pattern.js';
import { BEGIN, END, type FieldColumns } from './field-columns.js';
import { DOTS_MAX } from './look-up-sql.js';
import { networkBounds } from './network-sql.js';
import { compareFloat, compareInteger, isComparable } from './number-sql.js';
import { patternToRegex } from './pattern-to-regex.js';
import { hasLoneSurrogate, quoteText } from './quote-sql.js';
import { isWalkable } from './walk-sql.js';

/** Needles of one search; a server takes no more (ClickHouse, "Functions for searching in strings"). */
const NEEDLES_MAX = 255;
const REGEX_IN_SQL_CHARS_MAX = 1_000;
/** Counts that together are larger may be too much for the engine's program of a pattern (RE2's max_mem of 8 MiB). */
const REPEATS_MAX = 2_000;

/** Why a test is decided outside of SQL: what SQL then says is "wherever the field is there". */
export type Outside = 'sql-regex-unicode' | 'sql-regex-size' | 'sql-number-size' | 'sql-field-depth' | 'sql-size';

/** Writes conditions as SQL over the columns of fields: every part is 0 or 1, never NULL. */
export class ConditionCompiler {
  /** Of the condition that is being compiled: where it has to be decided outside of SQL. */
  outside = new Map<string, Outside>();

  constructor(private readonly columns: FieldColumns) {}

  compile(expr: Expr): string {
    switch (expr.op) {
      case 'and': return joined(expr.of.map((each) => this.compile(each)), 'AND', '1');
      case 'or': return joined(this.alternatives(expr.of), 'OR', '0');
      case 'not': return `NOT (${this.compile(expr.of)})`;
      case 'test': return this.test(expr.field === null ? null : [expr.field], expr.test);
    }
  }

  /** A test asked of several fields is asked of all of their values together; texts looked for in the same fields become one search. */
  private alternatives(of: readonly Expr[]): string[] {
    const parts: string[] = [];
    const asked = new Map<Test, string[]>();
    const tests: { readonly fields: readonly string[] | null; readonly test: Test }[] = [];
    for (const each of of) {
      if (each.op !== 'test') parts.push(this.compile(each));
      else if (each.field === null || each.test.kind === 'null') tests.push({ fields: each.field === null ? null : [each.field], test: each.test });
      else {
        const fields = asked.get(each.test);
        if (fields !== undefined && isWalkable([...fields, each.field])) fields.push(each.field);
        else {
          const own = [each.field];
          asked.set(each.test, own);
          tests.push({ fields: own, test: each.test });
        }
      }
    }
    const lists = new Map<string, string[]>();
    for (const { fields, test } of tests) {
      const needle = test.kind === 'text' && !this.isTooDeep(fields) ? needleOf(test.pattern, test.cased) : undefined;
      if (needle === undefined || test.kind !== 'text') {
        parts.push(this.test(fields, test));
        continue;
      }
      const column = this.columns.use(fields, test.cased ? 'spread' : 'spreadFolded');
      const list = lists.get(column);
      if (list === undefined) lists.set(column, [needle]);
      else list.push(needle);
    }
    for (const [column, needles] of lists) parts.push(...searches(column, [...new Set(needles)]));
    return parts;
  }

  private test(fields: readonly string[] | null, test: Test): string {
    if (this.isTooDeep(fields)) return this.leave('sql-field-depth', '1');
    const use = (form: Parameters<FieldColumns['use']>[1]): string => this.columns.use(fields, form);
    switch (test.kind) {
      case 'text': return this.text(fields, test.pattern, test.cased);
      case 'regex': {
        const why = outsideRegex(test.source);
        if (why !== undefined) return this.leave(why, `notEmpty(${use('texts')})`);
        return `arrayExists(x -> match(x, ${quoteText(regexSource(test.source, test.flags))}), ${use('texts')})`;
      }
      case 'cidr': {
        const [low, high] = networkBounds(parseNetwork(test.network)!);
        return `arrayExists(x -> x BETWEEN toIPv6('${low}') AND toIPv6('${high}'), ${use('addresses')})`;
      }
      case 'number': {
        if (!isComparable(test.value)) return this.leave('sql-number-size', `notEmpty(${use('texts')})`);
        return `(arrayExists(x -> ${compareInteger('x', test.comparison, test.value, (value) => `toInt256('${value}')`)}, ${use('integers')}) OR arrayExists(x -> ${compareFloat('x', test.comparison, test.value)}, ${use('floats')}))`;
      }
      case 'time': {
        if (!isComparable(test.value)) return this.leave('sql-number-size', `notEmpty(${use('texts')})`);
        return `arrayExists(x -> ${compareInteger('x', test.comparison, test.value, (value) => `toInt256('${value}')`)}, ${use(test.part)})`;
      }
      case 'field': {
        if (this.isTooDeep([test.other])) return this.leave('sql-field-depth', '1');
        const form = test.cased ? 'texts' : 'folded';
        const [own, other] = [use(form), this.columns.use([test.other], form)];
        if (test.how === 'equals') return `hasAny(${own}, ${other})`;
        const compare = test.how === 'startswith' ? 'startsWith(x, y)' : test.how === 'endswith' ? 'endsWith(x, y)' : 'position(x, y) > 0';
        return `arrayExists(x -> arrayExists(y -> ${compare}, ${other}), ${own})`;
      }
      case 'null': return `(empty(${use('found')}) OR has(${use('scalars')}, 'null'))`;
      case 'exists': return `notEmpty(${use('found')})`;
    }
  }

  private text(fields: readonly string[] | null, pattern: Pattern, cased: boolean): string {
    const needle = needleOf(pattern, cased);
    if (needle !== undefined) return searches(this.columns.use(fields, cased ? 'spread' : 'spreadFolded'), [needle])[0] ?? '0';
    const column = this.columns.use(fields, cased ? 'texts' : 'folded');
    if (pattern.every((token) => token === ANY)) return `notEmpty(${column})`;
    const tokens = cased ? pattern : pattern.map((token) => (typeof token === 'string' ? foldCase(token) : token));
    if (tokens.some((token) => typeof token === 'string' && hasLoneSurrogate(token))) return '0';
    return `arrayExists(x -> match(x, ${quoteText(patternToRegex(tokens))}), ${column})`;
  }

  private isTooDeep(fields: readonly string[] | null): boolean {
    return fields !== null && fields.some((field) => field.split('.').length > DOTS_MAX + 1);
  }

  private leave(why: Outside, where: string): string {
    this.outside.set(where, why);
    return '0';
  }
}

/** What a pattern without wildcards inside is looked for as in a spread column, as a literal of SQL; '' when no text can hold it. */
function needleOf(pattern: Pattern, cased: boolean): string | undefined {
  const opens = pattern[0] !== ANY;
  const closes = pattern.at(-1) !== ANY;
  const inner = pattern.slice(opens ? 0 : 1, closes ? undefined : -1);
  const [text = ''] = inner;
  if (inner.length > 1 || typeof text !== 'string' || (pattern.length > 0 && inner.length === 0)) return undefined;
  if (hasLoneSurrogate(text)) return '';
  const quoted = quoteText(cased ? text : foldCase(text));
  return `'${opens ? BEGIN : ''}${quoted.slice(1, -1)}${closes ? END : ''}'`;
}

/** Whether any of the needles is there; of nothing nothing. */
function searches(column: string, needles: readonly string[]): string[] {
  const all = needles.filter((needle) => needle !== '');
  if (all.length === 1) return [`position(${column}, ${all[0]}) > 0`];
  const parts: string[] = [];
  for (let start = 0; start < all.length; start += NEEDLES_MAX) parts.push(`multiSearchAny(${column}, [${all.slice(start, start + NEEDLES_MAX).join(', ')}])`);
  return parts;
}

const joined = (parts: readonly string[], word: 'AND' | 'OR', none: string): string => (parts.length === 0 ? none : parts.length === 1 ? parts[0]! : `(${parts.join(` ${word} `)})`);

/** The engine's `.` takes line breaks unless it is told otherwise. */
const regexSource = (source: string, flags: RegexFlags): string => `(?${flags.i ? 'i' : ''}${flags.m ? 'm' : ''}${flags.s ? 's' : '-s'})${source}`;

/** Classes of Unicode may come from another version of it in the engine; very large patterns may be refused there. */
function outsideRegex(source: string): Outside | undefined {
  if (/(?:^|[^\\])(?:\\\\)*\\[pP]/.test(source) || hasLoneSurrogate(source)) return 'sql-regex-unicode';
  const repeats = [...source.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].reduce((sum, [, low, high]) => sum + Math.max(Number(low), Number(high ?? 0)), 0);
  if (source.length > REGEX_IN_SQL_CHARS_MAX || repeats > REPEATS_MAX) return 'sql-regex-size';
  return undefined;
}
