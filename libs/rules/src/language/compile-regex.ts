import { RE2JS } from 're2js';
import { compileCounted } from './counted-regex.js';
import type { RegexFlags } from './expr.js';

export const REGEX_CHARS_MAX = 4_096;

/** A pattern of a user's, in time linear in the text (RE2): it finds a match anywhere. Throws on a pattern that RE2 does not know. */
export interface LinearRegex { test(text: string): boolean }

/** Compiled ones, the longest unused first: a pattern is read when its rule is, and again by every partition's matcher. */
const known = new Map<string, LinearRegex>();
const KNOWN_MAX = 4_096;

export function compileRegex(source: string, flags: RegexFlags): LinearRegex {
  const key = `${bitsOf(flags)} ${source}`;
  let regex = known.get(key);
  if (regex === undefined) {
    regex = compile(source, flags);
    if (known.size >= KNOWN_MAX) known.delete(known.keys().next().value!);
  } else known.delete(key);
  known.set(key, regex);
  return regex;
}

function compile(source: string, flags: RegexFlags): LinearRegex {
  if (source.length > REGEX_CHARS_MAX) throw new Error(`a pattern has at most ${REGEX_CHARS_MAX} characters, this one ${source.length}`);
  // How rules ask for "something", by far the most frequent pattern of all.
  if (source === '.') return flags.s === true ? { test: (text) => text !== '' } : { test: hasMoreThanLineBreaks };
  const compiled = RE2JS.compile(source, bitsOf(flags));
  const plain = (text: string): boolean => compiled.test(text);
  return { test: compileCounted(source, flags, charIn, plain) ?? plain };
}

const bitsOf = (flags: RegexFlags): number => (flags.i ? RE2JS.CASE_INSENSITIVE : 0) | (flags.m ? RE2JS.MULTILINE : 0) | (flags.s ? RE2JS.DOTALL : 0);

/** Whether one character is what an atom of a pattern means. */
function charIn(atom: string, flags: RegexFlags): (char: string) => boolean {
  const compiled = RE2JS.compile(`\\A(?:${atom})\\z`, bitsOf(flags));
  return (char) => compiled.test(char);
}

/** `.` is any character but a line feed. */
function hasMoreThanLineBreaks(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) !== 10) return true;
  return false;
}
