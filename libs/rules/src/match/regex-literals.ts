import { foldCase } from '../language/fold-case.js';

const LITERALS_MAX = 64;
/** Stands among the texts for "some character beyond ASCII": the automata know none of them, and hardly a text has one. */
export const BEYOND_ASCII = '\u0080';
/** Without regard for case these are s, k and i. */
const FOLD_TO_ASCII = [0x130, 0x131, 0x17f, 0x212a] as const;
const isBeyondAscii = (from: number, to = from): boolean => from > 0x7f && !FOLD_TO_ASCII.some((code) => code >= from && code <= to);
/** A single letter says too little; a single sign, such as a backtick, may be telling. */
const isTelling = (text: string): boolean => text.length >= 2 || /^[^a-z0-9 ]$/.test(text);
/** `null`: nothing is known. Otherwise every match contains one of these texts (case folded, ASCII), or a character beyond ASCII where BEYOND_ASCII is among them. */
export function regexLiterals(source: string): readonly string[] | null {

  try {
    const reader = new Reader(source);
    const literals = reader.alternatives();
    return reader.isAtEnd ? literals : null;
  } catch (error) {
    if (error === UNKNOWN) return null;
    throw error;
  }
}

const UNKNOWN = new Error('construct not known here');

/**
 * Reads the part of RE2's syntax that rules use and keeps what every match must contain: of a sequence its most telling part, of
 * alternatives all together. What it does not know ends the reading, and the pattern is tried whenever its field is there.
 */
class Reader {
  private at = 0;
  private depth = 0;
  constructor(private readonly source: string) {}

  get isAtEnd(): boolean {
    return this.at >= this.source.length;
  }

  alternatives(): readonly string[] | null {
    this.depth += 1;
    if (this.depth > 50) throw UNKNOWN;
    let all: string[] | null = [];
    for (;;) {
      const one = this.sequence();
      all = one === null || all === null ? null : [...all, ...one];
      if (this.source[this.at] !== '|') break;
      this.at += 1;
    }
    this.depth -= 1;
    return all !== null && all.length <= LITERALS_MAX ? all : null;
  }

  private sequence(): readonly string[] | null {
    let best: readonly string[] | null = null;
    let run = '';
    const offer = (texts: readonly string[]): void => {
      const weight = (list: readonly string[]): number => Math.min(...list.map((text) => text.length)) - list.length / 8;
      if (texts.length > 0 && texts.every(isTelling) && (best === null || weight(texts) > weight(best))) best = texts;
    };
    const flush = (): void => {
      offer([run]);
      run = '';
    };
    while (!this.isAtEnd && this.source[this.at] !== '|' && this.source[this.at] !== ')') {
      const atom = this.atom();
      const repeat = this.quantifier();
      if (atom === null) {
        // A position (^, \b) leaves neighbours where they are.
        continue;
      }
      if (typeof atom === 'string') {
        if (repeat === 'once') run += atom;
        else {
          if (repeat === 'more') run += atom;
          flush();
          if (repeat === 'more') run = atom;
        }
      } else {
        flush();
        if (repeat !== 'maybe' && atom.literals !== null) offer(atom.literals);
      }
    }
    flush();
    return best;
  }

  /** A literal character; `null` for a position; otherwise a class or group with what it must contain. */
  private atom(): string | null | { readonly literals: readonly string[] | null } {
    const char = this.source[this.at]!;
    this.at += 1;
    switch (char) {
      case '^': case '$': return null;
      case '.': return { literals: null };
      case '[': return this.charClass();
      case '(': return this.group();
      case '\\': return this.escape();
      case '*': case '+': case '?': throw UNKNOWN;
      default: return literal(char);
    }
  }

  private escape(): string | null | { readonly literals: readonly string[] | null } {
    const char = this.source[this.at];
    this.at += 1;
    if (char === undefined) throw UNKNOWN;
    if (/[bBAz]/.test(char)) return null;
    if (/[dDsSwW]/.test(char)) return { literals: null };
    if (/[a-zA-Z0-9]/.test(char)) {
      // \n, \t, \p{L}, \Q…\E: only the harmless ones are read.
      if (/[ntrfva]/.test(char)) return { literals: null };
      if (char === 'x') return literal(String.fromCodePoint(this.hexCode()));
      throw UNKNOWN;
    }
    return literal(char);
  }

  /** Behind `\x`: two digits, or any number of them in braces. */
  private hexCode(): number {
    const digits = /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(this.source.slice(this.at, this.at + 8));
    if (digits === null) throw UNKNOWN;
    this.at += digits[0].length;
    const code = Number.parseInt(digits[1] ?? digits[2]!, 16);
    if (code > 0x10ffff) throw UNKNOWN;
    return code;
  }

  private charClass(): { readonly literals: readonly string[] | null } {
    const beyond = this.classBeyondAscii();
    if (beyond !== null) return beyond;
    if (this.source[this.at] === '^') this.at += 1;
    if (this.source[this.at] === ']') this.at += 1;
    for (; this.source[this.at] !== ']'; this.at += 1) {
      if (this.isAtEnd) throw UNKNOWN;
      if (this.source[this.at] === '\\') this.at += 1;
      else if (this.source.startsWith('[:', this.at)) this.at = Math.max(this.at, this.source.indexOf(':]', this.at) + 1);
    }
    this.at += 1;
    return { literals: null };
  }

  /** A class of plain characters and ranges that are all beyond ASCII; null (and nothing read) for any other. */
  private classBeyondAscii(): { readonly literals: readonly string[] } | null {
    const start = this.at;
    let members = 0;
    let isBeyond = true;
    const code = (): number => {
      if (this.source[this.at] === '\\') {
        if (this.source[this.at + 1] !== 'x') return -1;
        this.at += 2;
        return this.hexCode();
      }
      const own = this.source.codePointAt(this.at) ?? -1;
      this.at += own > 0xffff ? 2 : 1;
      return own;
    };
    while (isBeyond && !this.isAtEnd && this.source[this.at] !== ']') {
      const from = code();
      let to = from;
      if (this.source[this.at] === '-' && this.source[this.at + 1] !== ']') {
        this.at += 1;
        to = code();
      }
      isBeyond = isBeyondAscii(from, to);
      members += 1;
    }
    if (isBeyond && members > 0 && this.source[this.at] === ']') {
      this.at += 1;
      return { literals: [BEYOND_ASCII] };
    }
    this.at = start;
    return null;
  }

  private group(): null | { readonly literals: readonly string[] | null } {
    if (this.source[this.at] === '?') {
      const opening = /^\?(?:P?<\w+>|([imsU]*(?:-[imsU]+)?)([:)]))/.exec(this.source.slice(this.at, this.at + 80));
      if (opening === null) throw UNKNOWN;
      this.at += opening[0].length;
      if (opening[2] === ')') return null;
    }
    const literals = this.alternatives();
    if (this.source[this.at] !== ')') throw UNKNOWN;
    this.at += 1;
    return { literals };
  }

  private quantifier(): 'once' | 'more' | 'maybe' {
    let result: 'once' | 'more' | 'maybe' = 'once';
    const char = this.source[this.at];
    if (char === '*' || char === '?') result = 'maybe';
    else if (char === '+') result = 'more';
    else if (char === '{') {
      const braces = /^\{(\d+)(?:,\d*)?\}/.exec(this.source.slice(this.at, this.at + 20));
      if (braces === null) return 'once';
      this.at += braces[0].length - 1;
      result = Number(braces[1]) === 0 ? 'maybe' : 'more';
    } else return 'once';
    this.at += 1;
    if (this.source[this.at] === '?') this.at += 1;
    return result;
  }
}

/** Beyond ASCII a character stands for itself, but the automata do not know it. */
function literal(char: string): string | { readonly literals: readonly string[] | null } {
  const code = char.codePointAt(0)!;
  return code < 128 ? foldCase(char) : { literals: isBeyondAscii(code) ? [BEYOND_ASCII] : null };
}
