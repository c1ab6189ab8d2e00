/** Any run of characters, also none. */
export const ANY = 0;
/** Exactly one character (code point). */
export const ONE = 1;
/** One of the dashes that Windows takes before an option: `-`, `/`, en dash, em dash, horizontal bar. */
export const DASH = 2;
export type Token = string | typeof ANY | typeof ONE | typeof DASH;
/** Literals and wildcards in turn; no literal is empty, none follows another. */
export type Pattern = readonly Token[];

export const DASHES = ['-', '/', '–', '—', '―'] as const;

/**
 * A Sigma value (specification, "Escaping"): `*` and `?` are wildcards; a backslash makes the next `*`, `?` or backslash literal,
 * and before anything else (or at the end) is a backslash itself.
 */
export function parsePattern(text: string): Pattern {
  if (!/[*?\\]/.test(text)) return text === '' ? [] : [text];
  const tokens: Token[] = [];
  let literal = '';
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      const next = text.charCodeAt(at + 1);
      if (next !== STAR && next !== QUESTION && next !== BACKSLASH) continue;
      literal += text.slice(start, at);
      start = at + 1;
      at += 1;
    } else if (code === STAR || code === QUESTION) {
      literal += text.slice(start, at);
      if (literal !== '') tokens.push(literal);
      literal = '';
      start = at + 1;
      if (code !== STAR || tokens.at(-1) !== ANY) tokens.push(code === STAR ? ANY : ONE);
    }
  }
  literal += text.slice(start);
  if (literal !== '') tokens.push(literal);
  return tokens;
}
const BACKSLASH = 92;
const STAR = 42;
const QUESTION = 63;

/** Joins neighbouring literals, drops empty ones and repeated stars: equal patterns become equal arrays. */
export function tidy(tokens: Iterable<Token>): Pattern {
  const result: Token[] = [];
  for (const token of tokens) {
    const last = result.at(-1);
    if (token === '' || (token === ANY && last === ANY)) continue;
    if (typeof token === 'string' && typeof last === 'string') result[result.length - 1] = last + token;
    else result.push(token);
  }
  return result;
}

export const literalOf = (pattern: Pattern): string | undefined => (pattern.length === 0 ? '' : pattern.length === 1 && typeof pattern[0] === 'string' ? pattern[0] : undefined);

/** As an author would write it. */
export function showPattern(pattern: Pattern): string {
  return pattern.map((token, index) => (typeof token === 'string' ? token.replaceAll(/[*?]|\\(?=[*?\\]|$)/g, (char, offset: number) => (char === '\\' && offset === token.length - 1 && typeof pattern[index + 1] !== 'number' ? char : `\\${char}`)) : token === ANY ? '*' : token === ONE ? '?' : '-')).join('');
}
