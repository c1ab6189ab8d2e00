import type { TimePart } from '../language/expr.js';
import { everythingSql, lookUpSql, openLists, type Found } from './look-up-sql.js';
import { IPV4, IPV6 } from './network-sql.js';
import { DIGITS_MAX, NUMBER_CHARS_MAX, NUMERIC } from './number-sql.js';
import { quoteText } from './quote-sql.js';
import type { SqlNode } from './sql-node.js';
import { minutesSql, partSql } from './time-sql.js';
import { OPEN_END } from './walk-sql.js';

/**
 * What tests ask of a field, each a column of its own: `found` the raw values, `scalars` those that are no map, with lists opened,
 * `texts` without null and as text, `folded` with case ignored, `spread` and `spreadFolded` all of them in one text, each between two
 * bytes that no text has, `integers` and `floats` those that are written as a number, `addresses`, and the parts of those that are a time.
 */
export type Form = 'found' | 'scalars' | 'texts' | 'folded' | 'spread' | 'spreadFolded' | 'integers' | 'floats' | 'addresses' | TimePart;

/** No bytes of UTF-8: around each value they let one search for a part say where it begins and ends, whatever the number of values. */
export const BEGIN = '\\xfe';
export const END = '\\xff';
/** JSON's brace; as a code, so that no client takes it for a parameter. */
const MAP = "'\\x7b'";

export const textOfRaw = (raw: string): string => `multiIf(NOT startsWith(${raw}, '"'), if(${raw} = '-0', '0', ${raw}), position(${raw}, '\\\\') = 0, substring(${raw}, 2, length(${raw}) - 2), JSONExtractString(${raw}))`;
/** `foldCase` in SQL. */
export const foldSql = (text: string): string => `if(length(${text}) = lengthUTF8(${text}), lower(${text}), lowerUTF8(replaceAll(${text}, 'Σ', 'σ')))`;

export interface Column { readonly name: string; readonly expr: string; readonly fields: readonly string[] | null }

/** The columns that a query reads fields through; each is made once, however many tests ask for it. */
export class FieldColumns {
  private readonly ids = new Map<string, { readonly id: number; readonly fields: readonly string[] | null; readonly found: Found }>();
  private readonly made = new Map<string, Column>();
  /** Numbers of the fields that were asked for since it was last emptied. */
  readonly used = new Set<number>();

  constructor(private readonly record: SqlNode, private readonly whole: SqlNode) {}

  /** The name of the column, with the values of all of the fields. `fields` null: every value of the event. */
  use(fields: readonly string[] | null, form: Form): string {
    const key = JSON.stringify(fields);
    let known = this.ids.get(key);
    if (known === undefined) this.ids.set(key, (known = { id: this.ids.size, fields, found: fields === null ? { raw: everythingSql(this.whole), isFlat: true } : lookUpSql(this.record, fields) }));
    this.used.add(known.id);
    const name = `${form}_${known.id}`;
    if (!this.made.has(name)) this.made.set(name, { name, expr: expression(known.found, form), fields });
    return name;
  }

  /** By the number of a field: where something in it lies deeper than SQL opens it, or was not followed. */
  open(): readonly (readonly [number, string])[] {
    return [...this.ids.values()].flatMap(({ id, fields, found }): (readonly [number, string])[] => {
      if (fields === null) return [[id, `arrayExists(x -> startsWith(x, ${MAP}) OR startsWith(x, '['), ${found.raw})`]];
      return found.isFlat || found.texts !== undefined ? [] : [[id, `arrayExists(x -> startsWith(x, '[') OR startsWith(x, '${OPEN_END}'), ${openLists(found.raw)})`]];
    });
  }

  columns(): readonly Column[] {
    return [...this.made.values()];
  }
}

function expression(found: Found, form: Form): string {
  switch (form) {
    case 'found': return found.raw;
    case 'scalars': return scalars(found, '');
    case 'texts': return texts(found);
    case 'folded': return `arrayMap(x -> ${foldSql('x')}, ${texts(found)})`;
    case 'spread': return spread('x', texts(found));
    case 'spreadFolded': return spread(foldSql('x'), texts(found));
    case 'integers': return `arrayMap(x -> toInt256OrZero(x), arrayFilter(x -> match(x, '^-?[0-9]\\x7b1,${DIGITS_MAX}\\x7d$'), arrayMap(x -> replaceRegexpOne(x, '^[+]?(-?)0*([0-9]+)$', '\\\\1\\\\2'), ${numbers(found)})))`;
    case 'floats': return `arrayMap(x -> toFloat64OrZero(x), arrayFilter(x -> NOT match(x, '^[-+]?0*[0-9]\\x7b1,${DIGITS_MAX}\\x7d$'), ${numbers(found)}))`;
    case 'addresses': return `arrayMap(x -> toIPv6OrDefault(x), arrayFilter(x -> x != '', arrayMap(x -> multiIf(match(x, ${quoteText(IPV4)}), concat('::ffff:', x), match(x, ${quoteText(IPV6)}), x, ''), ${texts(found)})))`;
    default: return `arrayMap(v -> ${partSql(form, 'v')}, ${minutesSql(scalars(found, ''), textOfRaw)})`;
  }
}

/** `more`: what else must hold of each. */
const scalars = ({ raw, isFlat }: Found, more: string): string => `arrayFilter(x -> NOT startsWith(x, ${MAP})${more}, ${isFlat ? raw : openLists(raw)})`;
const texts = (found: Found): string => found.texts ?? `arrayMap(x -> ${textOfRaw('x')}, ${scalars(found, " AND x != 'null'")})`;
const spread = (text: string, of: string): string => `arrayStringConcat(arrayMap(x -> concat('${BEGIN}', ${text}, '${END}'), ${of}))`;
const numbers = (found: Found): string => `arrayFilter(x -> x != '' AND length(x) <= ${NUMBER_CHARS_MAX}, arrayMap(x -> extract(x, ${quoteText(NUMERIC)}), ${texts(found)}))`;
