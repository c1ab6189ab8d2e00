import { ANY, DASH, DASHES, type Pattern, type Token } from '../language/pattern.js';

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
  const [head, tail, middle] = [pieces[0]!, pieces.at(-1)!, pieces.slice(1, -1)];
  return (text) => {
    let at = endOf(head, text, 0);
    for (const piece of middle) {
      if (at < 0) return false;
      at = find(piece, text, at);
    }
    return at >= 0 && (tail.length === 0 || findAtEnd(tail, text, at));
  };
}

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

function findAtEnd(piece: Piece, text: string, from: number): boolean {
  const only = piece[0];
  if (piece.length === 1 && typeof only === 'string') return text.length - from >= only.length && text.endsWith(only);
  for (let at = from; at < text.length; at += step(text, at)) if (endOf(piece, text, at) === text.length) return true;
  return false;
}
