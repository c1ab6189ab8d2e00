/** The slow paths of reading JSON: for the few texts whose scan saw a surrogate escape or a long integer. Both take valid-looking JSON text and never throw. */

const REPLACEMENT = '\\ufffd';

/** Replaces the escapes of lone surrogates and of U+0000 in strings by that of U+FFFD. The same text when there are none. */
export function repairEscapes(text: string): string {
  let out = '';
  let copied = 0;
  let at = text.indexOf('\\');
  while (at >= 0) {
    let next = at + 2;
    if (text.charCodeAt(at + 1) === 117) {
      next = at + 6;
      const unit = unitAt(text, at);
      let bad = unit === 0 || (unit >= 0xdc00 && unit <= 0xdfff);
      if (unit >= 0xd800 && unit <= 0xdbff) {
        const low = text.charCodeAt(at + 6) === 92 && text.charCodeAt(at + 7) === 117 ? unitAt(text, at + 6) : -1;
        bad = !(low >= 0xdc00 && low <= 0xdfff);
        if (!bad) next = at + 12;
      }
      if (bad) {
        out += text.slice(copied, at) + REPLACEMENT;
        copied = at + 6;
      }
    }
    at = text.indexOf('\\', next);
  }
  return copied === 0 ? text : out + text.slice(copied);
}

/** Value of the escape `\uXXXX` at `at`, -1 when its digits are none. */
function unitAt(text: string, at: number): number {
  const digits = text.slice(at + 2, at + 6);
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
}

/**
 * Integers of a JSON text that a double cannot tell from their neighbours: path (`a.b[3]`) → digits. null when there are more than `max`.
 * The text has been parsed already, so its grammar is known to be right.
 */
export function findBigIntegers(text: string, max: number): Readonly<Record<string, string>> | null {
  const found: Record<string, string> = {};
  let count = 0;
  /** For each open bracket: the index in an array, or -1 for an object; and the path to it. */
  const indexes: number[] = [];
  const paths: string[] = [];
  let key = '';
  let i = 0;
  const pathHere = (): string => {
    const index = indexes.at(-1);
    if (index === undefined) return '';
    const parent = paths.at(-1)!;
    if (index >= 0) return `${parent}[${index}]`;
    return parent === '' ? key : `${parent}.${key}`;
  };
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (c === 34) {
      const end = stringEnd(text, i + 1);
      let after = end + 1;
      while (text.charCodeAt(after) <= 32) after += 1;
      if (text.charCodeAt(after) === 58) {
        key = JSON.parse(text.slice(i, end + 1)) as string;
        i = after + 1;
      } else i = end + 1;
    } else if (c === 123 || c === 91) {
      const path = pathHere();
      paths.push(path);
      indexes.push(c === 91 ? 0 : -1);
      i += 1;
    } else if (c === 125 || c === 93) {
      paths.pop();
      indexes.pop();
      i += 1;
    } else if (c === 44) {
      const last = indexes.length - 1;
      if (last >= 0 && indexes[last]! >= 0) indexes[last]! += 1;
      i += 1;
    } else if (c === 45 || (c >= 48 && c <= 57)) {
      const digits = /^-?[0-9]+(?![0-9.eE])/.exec(text.slice(i, i + 400))?.[0] ?? '';
      if (digits.length > 15 && !Number.isSafeInteger(Number(digits))) {
        count += 1;
        if (count > max) return null;
        found[pathHere()] = digits;
      }
      while (isNumberChar(text.charCodeAt(i))) i += 1;
    } else i += 1;
  }
  return found;
}

const isNumberChar = (c: number): boolean => (c >= 48 && c <= 57) || c === 45 || c === 43 || c === 46 || c === 101 || c === 69;

function stringEnd(text: string, from: number): number {
  let i = from;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (c === 34) return i;
    i += c === 92 ? 2 : 1;
  }
  return text.length;
}
