import { compileRegex } from '../language/compile-regex.js';
import type { Comparison, Expr, Test } from '../language/expr.js';
import { foldCase } from '../language/fold-case.js';
import { ANY, DASH, ONE, type Pattern, type Token } from '../language/pattern.js';
import type { Anchor } from './literal-index.js';
import { BEYOND_ASCII, regexLiterals } from './regex-literals.js';

/** Something that an event must show before a condition can hold. */
export type Sign =
  | { readonly kind: 'literal'; readonly field: string | null; readonly text: string; readonly anchor: Anchor }
  /** A character beyond ASCII: the automata know ASCII only. */
  | { readonly kind: 'not-ascii'; readonly field: string | null }
  | { readonly kind: 'present'; readonly field: string | null }
  /** Any value but null, in a list too; a text that is not empty; a number for which the comparison holds. */
  | { readonly kind: 'value'; readonly field: string | null }
  | { readonly kind: 'text'; readonly field: string | null }
  | { readonly kind: 'number'; readonly field: string | null; readonly comparison: Comparison; readonly value: number | bigint };
export interface Witnesses { readonly signs: readonly Sign[]; readonly cost: number }

/** How often a sign is expected, in any unit; a learned one may replace it. */
export type CostOf = (sign: Sign) => number;

/** A guess without having seen events: the longer the literal and the tighter its anchor, the rarer. */
export const staticCost: CostOf = (sign) => {
  if (sign.kind === 'present') return 2;
  if (sign.kind === 'value') return 1.8;
  if (sign.kind === 'text') return 1.5;
  if (sign.kind === 'number') return 0.5;
  if (sign.kind === 'not-ascii') return 0.2;
  const length = Math.max(1, sign.text.length);
  return (sign.anchor === 'exact' ? 0.5 : sign.anchor === 'anywhere' ? 1 : 0.7) / length ** 1.5 + (sign.field === null ? 0.02 : 0);
};

/**
 * The cheapest set of signs of which an event shows at least one whenever the condition holds: of an AND the best of its parts, of an OR
 * all together, of a NOT (and of null) none, and such a condition is always evaluated.
 */
export function chooseWitness(expr: Expr, costOf: CostOf = staticCost): Witnesses | null {
  switch (expr.op) {
    case 'and': {
      let best: Witnesses | null = null;
      for (const each of expr.of) {
        const witnesses = chooseWitness(each, costOf);
        if (witnesses !== null && (best === null || witnesses.cost < best.cost)) best = witnesses;
      }
      return best;
    }
    case 'or': {
      const signs: Sign[] = [];
      let cost = 0;
      for (const each of expr.of) {
        const witnesses = chooseWitness(each, costOf);
        if (witnesses === null) return null;
        for (const sign of witnesses.signs) signs.push(sign);
        cost += witnesses.cost;
      }
      return { signs, cost };
    }
    case 'not': return null;
    case 'test': return ofTest(expr.field, expr.test, costOf);
  }
}

function ofTest(field: string | null, test: Test, costOf: CostOf): Witnesses | null {
  const all = (signs: readonly Sign[]): Witnesses => ({ signs, cost: signs.reduce((sum, sign) => sum + costOf(sign), 0) });
  switch (test.kind) {
    case 'null': return null;
    case 'text': return ofPattern(field, test.pattern.map((token) => (typeof token === 'string' ? foldCase(token) : token)), all);
    case 'regex': {
      const literals = regexLiterals(test.source);
      if (literals === null) return all([{ kind: compileRegex(test.source, test.flags).test('') ? 'value' : 'text', field }]);
      // A pattern that ignores case takes ſ for s and K for k, which our folding does not both do.
      const isBlind = (test.flags.i === true || /\(\?[a-zA-Z]*i/.test(test.source)) && literals.some((text) => /[ks]/.test(text));
      return all([...literals.map((text): Sign => (text === BEYOND_ASCII ? { kind: 'not-ascii', field } : { kind: 'literal', field, text, anchor: 'anywhere' })), ...(isBlind ? [{ kind: 'not-ascii', field } as const] : [])]);
    }
    case 'number': return all([{ kind: 'number', field, comparison: test.comparison, value: test.value }]);
    case 'cidr': return all([{ kind: 'text', field }]);
    case 'time': case 'field': return all([{ kind: 'value', field }]);
    case 'exists': return all([{ kind: 'present', field }]);
  }
}

function ofPattern(field: string | null, pattern: Pattern, all: (signs: readonly Sign[]) => Witnesses): Witnesses {
  const pieces: Token[][] = [[]];
  for (const token of pattern) {
    if (token === ANY) pieces.push([]);
    else pieces.at(-1)!.push(token);
  }
  const [startsFree, endsFree] = [pattern[0] === ANY, pattern.at(-1) === ANY];
  const candidates: Witnesses[] = [];
  pieces.forEach((piece, index) => {
    const opens = index === 0 && !startsFree;
    const closes = index === pieces.length - 1 && (!endsFree || pattern.length === 0);
    // Dashes spelled out, as far as they are few; the typographic ones are not ASCII.
    const spelled = piece.filter((token) => token === DASH).length <= 2 ? spell(piece) : [piece];
    const options = spelled.map((each) => best(field, each, opens, closes));
    if (options.every((each) => each !== null)) candidates.push(all([...options as Sign[], ...(spelled.length > 1 ? [{ kind: 'not-ascii', field } as const] : [])]));
    const plain = best(field, piece, opens, closes);
    if (plain !== null) candidates.push(all([plain]));
  });
  if (pattern.some((token) => typeof token === 'string' && !isAscii(token))) candidates.push(all([{ kind: 'not-ascii', field }]));
  return candidates.length === 0 ? all([{ kind: pattern.every((token) => token === ANY) ? 'value' : 'text', field }]) : candidates.reduce((left, right) => (right.cost < left.cost ? right : left));
}

function spell(piece: readonly Token[]): Token[][] {
  let texts: Token[][] = [[]];
  for (const token of piece) texts = token === DASH ? texts.flatMap((each) => [join(each, '-'), join(each, '/')]) : texts.map((each) => join(each, token));
  return texts;
}
const join = (tokens: readonly Token[], token: Token): Token[] => (typeof token === 'string' && typeof tokens.at(-1) === 'string' ? [...tokens.slice(0, -1), tokens.at(-1) as string + token] : [...tokens, token]);

/** The longest ASCII literal of a piece, anchored where the piece is. */
function best(field: string | null, piece: readonly Token[], opens: boolean, closes: boolean): Sign | null {
  if (piece.length === 0 && opens && closes) return { kind: 'literal', field, text: '', anchor: 'exact' };
  let found: { readonly text: string; readonly anchor: Anchor } | null = null;
  piece.forEach((token, index) => {
    if (token === ONE || token === DASH || typeof token !== 'string') return;
    const runs = token.split(/[^\0-\x7f]+/);
    runs.forEach((text, run) => {
      if (text === '' || (found !== null && text.length <= found.text.length)) return;
      const first = opens && index === 0 && run === 0;
      const last = closes && index === piece.length - 1 && run === runs.length - 1;
      found = { text, anchor: first && last ? 'exact' : first ? 'prefix' : last ? 'suffix' : 'anywhere' };
    });
  });
  return found === null ? null : { kind: 'literal', field, ...(found as { readonly text: string; readonly anchor: Anchor }) };
}

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);
