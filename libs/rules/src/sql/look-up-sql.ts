import { NO_TEXTS, quoteText } from './quote-sql.js';
import type { SqlNode } from './sql-node.js';
import { walkSql } from './walk-sql.js';

/** Lists in lists that are opened in SQL; what lies deeper stays a list, and the row is read outside of SQL. */
export const LIST_LEVELS = 6;
/** The longest path that is followed in SQL; a test of a field with more dots is decided outside. */
export const DOTS_MAX = 20;

/** Where a field is found. */
export interface Found {
  /** `Array(String)`, raw JSON; empty when it is absent. */
  readonly raw: string;
  /** The same as texts, when they are at hand without JSON. */
  readonly texts?: string;
  /** It holds no list. */
  readonly isFlat: boolean;
}
const NOTHING: Found = { raw: NO_TEXTS, texts: NO_TEXTS, isFlat: true };

/**
 * What is found under fields, together, as `lookUp` finds each: the key with its dots wins over the path, a list on the way stands for
 * all of its members.
 */
export function lookUpSql(node: SqlNode, fields: readonly string[]): Found {
  switch (node.kind) {
    case 'json': return open(walkSql(`[JSONExtractKeysAndValuesRaw(${node.expr})]`, fields, LIST_LEVELS));
    case 'root': return open(fields.length === 1 && !fields[0]!.includes('.') ? present(`${node.values}[indexOf(${node.keys}, ${quoteText(fields[0]!)})]`) : walkSql(`[arrayZip(${node.keys}, ${node.values})]`, fields, LIST_LEVELS));
    case 'object': return unlessNull(node.isNull, together(lookUpEntries(node.entries, fields)));
    default: return NOTHING;
  }
}

function lookUpEntries(entries: ReadonlyMap<string, SqlNode>, fields: readonly string[]): Found[] {
  const found: Found[] = [];
  const deeper = new Map<SqlNode, string[]>();
  for (const field of fields) {
    const own = entries.get(field);
    if (own !== undefined) {
      found.push(foundAt(own));
      continue;
    }
    const ways = waysOf(field).flatMap(([head, rest]) => (entries.has(head) ? [[entries.get(head)!, rest] as const] : []));
    if (ways.length > 1) found.push({ raw: `arrayFirst(x -> notEmpty(x), [${ways.map(([entry, rest]) => below(entry, [rest]).raw).join(', ')}])`, isFlat: false });
    for (const [entry, rest] of ways.length === 1 ? ways : []) deeper.set(entry, [...(deeper.get(entry) ?? []), rest]);
  }
  for (const [entry, rests] of deeper) found.push(below(entry, rests));
  return found;
}

/** The fields in a value: in the object, or in each member of the list. */
const below = (node: SqlNode, rests: readonly string[]): Found => (node.kind === 'json' ? open(walkSql(node.expr, rests, LIST_LEVELS, true)) : lookUpSql(node, rests));
/** A field's beginnings up to a dot, with what is left. */
const waysOf = (field: string): (readonly [string, string])[] => [...field.matchAll(/\./g)].map(({ index }) => [field.slice(0, index), field.slice(index + 1)] as const);

function together(all: readonly Found[]): Found {
  const found = all.filter((each) => each !== NOTHING && each.raw !== NO_TEXTS);
  if (found.length <= 1) return found[0] ?? NOTHING;
  const joined = { raw: `arrayConcat(${found.map(({ raw }) => raw).join(', ')})`, isFlat: found.every(({ isFlat }) => isFlat) };
  return found.every(({ texts }) => texts !== undefined) ? { ...joined, texts: `arrayConcat(${found.map(({ texts }) => texts).join(', ')})` } : joined;
}

const open = (raw: string): Found => ({ raw, isFlat: false });
const guarded = (isNull: string | undefined, expr: string): string => (isNull === undefined || expr === NO_TEXTS ? expr : `if(${isNull}, ${NO_TEXTS}, ${expr})`);
const unlessNull = (isNull: string | undefined, { raw, texts, isFlat }: Found): Found => ({ raw: guarded(isNull, raw), isFlat, ...(texts === undefined ? {} : { texts: guarded(isNull, texts) }) });
const present = (raw: string): string => `arrayFilter(x -> x != '', [${raw}])`;

/** Members in the place of lists. */
export function openLists(list: string): string {
  const opened = "arrayFlatten(arrayMap(x -> if(startsWith(x, '['), JSONExtractArrayRaw(x), [x]), a))";
  const members = `arrayFold((a, i) -> if(arrayExists(x -> startsWith(x, '['), a), ${opened}, a), range(${LIST_LEVELS - 1}), JSONExtractArrayRaw(x))`;
  return `arrayFlatten(arrayMap(x -> if(startsWith(x, '['), ${members}, [x]), ${list}))`;
}

/** A value whose place is known. */
function foundAt(node: SqlNode): Found {
  switch (node.kind) {
    case 'json': return open(present(node.expr));
    case 'root': return { raw: "['\\x7b\\x7d']", texts: NO_TEXTS, isFlat: true };
    case 'object': return { raw: node.isNull === undefined ? "['\\x7b\\x7d']" : `[if(${node.isNull}, 'null', '\\x7b\\x7d')]`, texts: NO_TEXTS, isFlat: true };
    // A column of few values has a type of its own, which lists must not take over.
    case 'text': return { raw: `[toJSONString(CAST(${node.expr}, 'String'))]`, texts: `[CAST(${node.expr}, 'String')]`, isFlat: true };
    case 'texts': return { raw: `[toJSONString(${node.expr})]`, texts: node.expr, isFlat: false };
    case 'number': return { raw: `[ifNull(toString(${node.expr}), 'null')]`, isFlat: true };
    case 'bool': return { raw: `[multiIf(isNull(${node.expr}), 'null', ${node.expr}, 'true', 'false')]`, isFlat: true };
  }
}

/** Every value of the event that is neither list nor map, wherever it stands, as raw JSON. What was left closed begins with a bracket. */
export function everythingSql(node: SqlNode): string {
  const members = "arrayMap(k -> if(arrayUniq(k.1) = length(k), k.2, [x]), [JSONExtractKeysAndValuesRaw(x)])[1]";
  const opened = `arrayFlatten(arrayMap(x -> multiIf(startsWith(x, '\\x7b'), ${members}, startsWith(x, '['), JSONExtractArrayRaw(x), [x]), a))`;
  return `arrayFold((a, i) -> if(arrayExists(x -> startsWith(x, '\\x7b') OR startsWith(x, '['), a), ${opened}, a), range(${LIST_LEVELS + 2}), ${topOf(node)})`;
}

function topOf(node: SqlNode): string {
  switch (node.kind) {
    // A key that stands twice: the object stays closed, which marks the row.
    case 'root': return `if(arrayUniq(${node.keys}) = length(${node.keys}), ${node.values}, ['\\x7b'])`;
    case 'object': return guarded(node.isNull, `arrayConcat(${[...node.entries.values()].map(topOf).join(', ') || NO_TEXTS})`);
    default: return foundAt(node).raw;
  }
}
