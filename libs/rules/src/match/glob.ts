import { foldCase } from '../language/fold-case.js';
import { ANY, DASH, DASHES, type Pattern, type Token } from '../language/pattern.js';
import { ShiftAnd } from './shift-and.js';

type Piece = readonly Exclude<Token, typeof ANY>[];
const IS_DASH = new Set(DASHES.map((dash) => dash.charCodeAt(0)));

/** A pattern as a function of a text whose case is already folded (when the pattern's is). */
export function compilePattern(pattern: Pattern): (text: string) => boolean {
  const [first, second, third] = pattern;
  if (pattern.length === 0) return (text) => text === '';
  if (pattern.length === 1) return typeof first === 'string' ? (text) => text === first : first === ANY ? () => true : general(pattern);
  if (pattern.length === 2 && typeof first === 'string' && second === ANY) return (text) => text.startsWith(first);
  if (pattern.length === 2 && first === ANY && typeof second === 'string') return (text) => text.endsWith(second);
  if (pattern.length === 3 && first === ANY && typeof second === 'string' && third === ANY) return (text) => text.includes(second);
  return general(pattern);
}

/** Pieces between the stars, each at its leftmost place behind the one before: pieces have a fixed length, so leftmost is never wrong. */
function general(pattern: Pattern): (text: string) => boolean {
  const pieces: Piece[] = [[]];
  for (const token of pattern) {
    if (token === ANY) pieces.push([]);
    else (pieces.at(-1) as Exclude<Token, typeof ANY>[]).push(token);
  }
  if (pieces.length === 1) return (text) => endOf(pieces[0]!, text, 0) === text.length;
  const [head, tail] = [pieces[0]!, pieces.at(-1)!];
  const middle = pieces.slice(1, -1).map(finder);
  const tailChars = charsOf(tail);
  return (text) => {
    let at = endOf(head, text, 0);
    for (const find of middle) {
      if (at < 0) return false;
      at = find(text, at);
    }
    return at >= 0 && (tail.length === 0 || isAtEnd(tail, tailChars, text, at));
  };
}

/** Steps of a search that may be tried one after the other; more are taken all at once. */
const STEPS_MAX = 50_000;

/** Index behind the leftmost place of a piece, or -1. */
function finder(piece: Piece): (text: string, from: number) => number {
  if (piece.length < 2) return (text, from) => find(piece, text, from);
  let together: ShiftAnd | undefined;
  const chars = charsOf(piece);
  return (text, from) => ((text.length - from) * chars <= STEPS_MAX ? find(piece, text, from) : (together ??= new ShiftAnd(piece)).find(text, from));
}

const charsOf = (piece: Piece): number => piece.reduce<number>((sum, token) => sum + (typeof token === 'string' ? [...token].length : 1), 0);

/** Where the piece ends when it stands at `at`, or -1. */
function endOf(piece: Piece, text: string, at: number): number {
  let end = at;
  for (const token of piece) {
    if (typeof token === 'string') {
      if (!text.startsWith(token, end)) return -1;
      end += token.length;
    } else {
      if (end >= text.length || (token === DASH && !IS_DASH.has(text.charCodeAt(end)))) return -1;
      end += step(text, end);
    }
  }
  return end;
}

/** Code units of the character at `at`. */
const step = (text: string, at: number): number => ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00 ? 2 : 1);

function find(piece: Piece, text: string, from: number): number {
  const first = piece[0];
  if (first === undefined) return from;
  if (typeof first === 'string') {
    for (let at = text.indexOf(first, from); at >= 0; at = text.indexOf(first, at + 1)) {
      const end = endOf(piece, text, at);
      if (end >= 0) return end;
    }
    return -1;
  }
  for (let at = from; at < text.length; at += step(text, at)) {
    const end = endOf(piece, text, at);
    if (end >= 0) return end;
  }
  return -1;
}

/** A piece has a fixed number of characters, so there is one place where it can stand. */
function isAtEnd(piece: Piece, chars: number, text: string, from: number): boolean {
  const only = piece[0];
  if (piece.length === 1 && typeof only === 'string') return text.length - from >= only.length && text.endsWith(only);
  let at = text.length;
  for (let left = chars; left > 0; left -= 1) {
    if (at <= from) return false;
    at -= (text.charCodeAt(at - 1) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 2) & 0xfc00) === 0xd800 ? 2 : 1;
  }
  return at >= from && endOf(piece, text, at) === text.length;
}

const compiled = new WeakMap<Pattern, (text: string) => boolean>();

/** Whether a pattern covers a text, for who asks only now and then: compiled once for each pattern. */
export function coversText(pattern: Pattern, text: string, cased: boolean): boolean {
  let covers = compiled.get(pattern);
  if (covers === undefined) compiled.set(pattern, (covers = compilePattern(cased ? pattern : foldPattern(pattern))));
  return covers(cased ? text : foldCase(text));
}

export const foldPattern = (pattern: Pattern): Pattern => pattern.map((token) => (typeof token === 'string' ? foldCase(token) : token));
