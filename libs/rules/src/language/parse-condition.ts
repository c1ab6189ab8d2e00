import { RuleError } from '../problem.js';

export type Condition =
  | { readonly op: 'and'; readonly of: readonly Condition[] }
  | { readonly op: 'or'; readonly of: readonly Condition[] }
  | { readonly op: 'not'; readonly of: Condition }
  | { readonly op: 'name'; readonly name: string; readonly offset: number }
  | { readonly op: 'some'; readonly quantity: 'any' | 'all'; /** A name with `*` anywhere, or "them". */ readonly pattern: string; readonly offset: number };

interface Word { readonly text: string; readonly offset: number }
export const CONDITION_LIMITS = { charsMax: 32_768, depthMax: 128 } as const;
const RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'not', 'of', '(', ')']);

/**
 * The condition grammar: `or` binds weaker than `and`, `and` than `not`, `not` than `x of`. Operators are whole words in lower case,
 * so `notable_x` is a name.
 */
export function parseCondition(text: string, path: readonly (string | number)[]): Condition {
  const refuse = (code: string, message: string, offset: number): never => {
    throw new RuleError(code, message, { path, offset });
  };
  if (text.length > CONDITION_LIMITS.charsMax) refuse('condition-too-long', `a condition has at most ${CONDITION_LIMITS.charsMax} characters`, 0);
  const words: Word[] = [];
  for (const match of text.matchAll(/[()|]|[^\s()|]+/g)) words.push({ text: match[0], offset: match.index });
  const pipe = words.find((word) => word.text === '|');
  if (pipe !== undefined) refuse('condition-aggregation', 'aggregations after a "|" are obsolete; write a correlation rule instead (type: event_count, value_count, temporal …)', pipe.offset);
  let at = 0;
  const end = (): number => text.length;
  const peek = (): string | undefined => words[at]?.text;

  const chain = (op: 'or' | 'and', part: (depth: number) => Condition, depth: number): Condition => {
    const of = [part(depth)];
    while (peek() === op) {
      at += 1;
      of.push(part(depth));
    }
    return of.length === 1 ? of[0]! : { op, of };
  };
  const any = (depth: number): Condition => {
    if (depth > CONDITION_LIMITS.depthMax) refuse('condition-depth', `a condition nests at most ${CONDITION_LIMITS.depthMax} deep`, words[at]?.offset ?? end());
    return chain('or', all, depth);
  };
  const all = (depth: number): Condition => chain('and', negated, depth);
  const negated = (depth: number): Condition => {
    let negations = 0;
    for (; peek() === 'not'; at += 1) negations += 1;
    let condition = primary(depth);
    // Kept, not cancelled: two negations are what was written, but a thousand are the same as none.
    for (let i = 0; i < negations % 2; i += 1) condition = { op: 'not', of: condition };
    return condition;
  };
  const primary = (depth: number): Condition => {
    const word = words[at];
    if (word === undefined) return refuse('condition-end', 'the condition ends where a selection is expected', end());
    if (word.text === '(') {
      at += 1;
      const inner = any(depth + 1);
      if (peek() !== ')') refuse('condition-parenthesis', 'a closing parenthesis is missing', words[at]?.offset ?? end());
      at += 1;
      return inner;
    }
    if (words[at + 1]?.text === 'of') {
      const pattern = words[at + 2];
      if (!['1', 'any', 'all'].includes(word.text)) return refuse('condition-quantity', `"${word.text} of" is not known; write "1 of", "any of" or "all of"`, word.offset);
      if (pattern === undefined || RESERVED.has(pattern.text)) return refuse('condition-end', `"${word.text} of" needs a name, a pattern such as selection_*, or "them"`, pattern?.offset ?? end());
      at += 3;
      return { op: 'some', quantity: word.text === 'all' ? 'all' : 'any', pattern: pattern.text, offset: pattern.offset };
    }
    if (RESERVED.has(word.text)) return refuse('condition-unexpected', `"${word.text}" stands where a selection is expected`, word.offset);
    if (/^(?:AND|OR|NOT|OF|And|Or|Not|Of)$/.test(word.text)) return refuse('condition-case', `operators are written in lower case: "${word.text.toLowerCase()}"`, word.offset);
    at += 1;
    return { op: 'name', name: word.text, offset: word.offset };
  };

  const condition = any(0);
  const rest = words[at];
  if (rest !== undefined) refuse(rest.text === ')' ? 'condition-parenthesis' : 'condition-unexpected', rest.text === ')' ? 'an opening parenthesis is missing' : /^(?:AND|OR|NOT|OF)$/.test(rest.text) ? `operators are written in lower case: "${rest.text.toLowerCase()}"` : `"${rest.text}" stands where "and" or "or" is expected`, rest.offset);
  return condition;
}

/** Names that a pattern stands for; those that begin with `_` are hidden unless the pattern does too. */
export function namesFor(pattern: string, names: Iterable<string>): string[] {
  const all = [...names];
  if (pattern === 'them') return all.filter((name) => !name.startsWith('_'));
  const pieces = pattern.split('*');
  return all.filter((name) => (pattern.startsWith('_') || !name.startsWith('_')) && fits(name, pieces));
}

function fits(name: string, pieces: readonly string[]): boolean {
  if (pieces.length === 1) return name === pieces[0];
  const [first, last] = [pieces[0]!, pieces.at(-1)!];
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= name.length - last.length;
}
