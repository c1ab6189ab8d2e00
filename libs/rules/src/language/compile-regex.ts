import { RE2JS } from 're2js';
import type { RegexFlags } from './expr.js';

export const REGEX_CHARS_MAX = 4_096;

/** A pattern of a user's, in time linear in the text (RE2): it finds a match anywhere. Throws on a pattern that RE2 does not know. */
export interface LinearRegex { test(text: string): boolean }

export function compileRegex(source: string, flags: RegexFlags): LinearRegex {
  if (source.length > REGEX_CHARS_MAX) throw new Error(`a pattern has at most ${REGEX_CHARS_MAX} characters, this one ${source.length}`);
  const compiled = RE2JS.compile(source, (flags.i ? RE2JS.CASE_INSENSITIVE : 0) | (flags.m ? RE2JS.MULTILINE : 0) | (flags.s ? RE2JS.DOTALL : 0));
  return { test: (text) => compiled.test(text) };
}
