import { quoteText, quoteTexts } from './quote-sql.js';

/** Stands where a path was not followed; no JSON begins with it. */
export const OPEN_END = '\\xff';

/**
 * Follows several paths through JSON at once (`Array(String)`, what stands at their ends, as raw JSON). A key may hold a part of a path
 * with its dots, so what is left of the paths is the state of a small automaton: each key of an object leads to the next state, or is an
 * end, or both. Where an object has two keys of which one begins the other, it would matter which leads anywhere: an open end is
 * left there instead, which marks the row, as where lists lie too deep.
 *
 * `from`: the pairs of an object, as a list of one; or, when `isValue`, the raw JSON of any value.
 */
export function walkSql(from: string, paths: readonly string[], listLevels: number, isValue = false): string {
  const { keys, codes } = automaton(paths);
  const hops = Math.max(...paths.map((path) => path.split('.').length)) + listLevels - (isValue ? 0 : 1);
  const matched = (pairs: string, state: string): string => `arrayFilter(x -> x.3 > 0, arrayMap(x -> (x.1, x.2, transform(concat(${state}, x.1), ${quoteTexts(keys)}, CAST([${codes.join(', ')}], 'Array(UInt8)'), toUInt8(0))), ${pairs}))`;
  const next = "arrayFlatten(arrayMap(x -> arrayConcat(if(x.3 % 2 = 1, [(x.2, toUInt8(0))], []), if(x.3 > 1, [(x.2, intDiv(x.3, toUInt8(2)))], [])), m))";
  const isTwofold = 'length(m) > 1 AND (arrayUniq(m.1) < length(m) OR arrayExists(x -> arrayExists(y -> startsWith(y.1, concat(x.1, \'.\')), m), m))';
  const step = (pairs: string, state: string): string => `arrayMap(m -> if(${isTwofold}, [('${OPEN_END}', toUInt8(0))], ${next}), [${matched(pairs, state)}])[1]`;
  const start = isValue ? `[(${from}, toUInt8(1))]` : `arrayFlatten(arrayMap(o -> ${step('o', "'1:'")}, ${from}))`;
  const each = `multiIf(t.2 = 0, [t], startsWith(t.1, '['), arrayMap(e -> (e, t.2), JSONExtractArrayRaw(t.1)), startsWith(t.1, '\\x7b'), ${step('JSONExtractKeysAndValuesRaw(t.1)', "concat(toString(t.2), ':')")}, [])`;
  const walked = `arrayFold((a, i) -> if(arrayExists(t -> t.2 > 0, a), arrayFlatten(arrayMap(t -> ${each}, a)), a), range(${hops}), ${start})`;
  return `arrayMap(t -> if(t.2 = 0, t.1, '${OPEN_END}'), ${walked})`;
}

/** States are sets of what is left of the paths, the first is 1. A code is twice the next state (0: none), and one more at the end of a path. */
function automaton(paths: readonly string[]): { readonly keys: readonly string[]; readonly codes: readonly number[] } {
  const states = new Map<string, number>();
  const waiting: (readonly string[])[] = [];
  const stateOf = (rests: readonly string[]): number => {
    const sorted = [...new Set(rests)].sort();
    const name = JSON.stringify(sorted);
    let state = states.get(name);
    if (state === undefined) {
      states.set(name, (state = states.size + 1));
      waiting.push(sorted);
    }
    return state;
  };
  stateOf(paths);
  const keys: string[] = [];
  const codes: number[] = [];
  for (let rests = waiting.shift(), state = 1; rests !== undefined; rests = waiting.shift(), state += 1) {
    const heads = new Map<string, string[]>();
    for (const rest of rests) {
      heads.set(rest, heads.get(rest) ?? []);
      for (const { index } of rest.matchAll(/\./g)) heads.set(rest.slice(0, index), [...(heads.get(rest.slice(0, index)) ?? []), rest.slice(index + 1)]);
    }
    for (const [head, left] of heads) {
      keys.push(`${state}:${head}`);
      codes.push((left.length === 0 ? 0 : 2 * stateOf(left)) + (rests.includes(head) ? 1 : 0));
    }
  }
  return { keys, codes };
}

/** More states than a code has room for: such a set of paths is looked up one by one. */
export const isWalkable = (paths: readonly string[]): boolean => automaton(paths).codes.every((code) => code < 256) && paths.every((path) => quoteText(path).length < 1_000);
