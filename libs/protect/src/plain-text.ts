/** Shorter than anything that can be found: the shortest mail address has six characters. */
export const FINDABLE_CHARS_MIN = 6;
const PLAIN_CHARS_MAX = 64;
/** Every token, IBAN and serial has a run of letters, digits, `_` and `-` at least as long, or more digits than allowed here. */
const RUN_CHARS_MAX = 14;
const DIGITS_MAX = 6;

/** What a character adds: digits are counted in the low byte, dots in the next; marks (a blank, and what begins or marks a find) above. */
const DOT = 1 << 8;
const MARK = 1 << 16;
const NOT_RUN = 1 << 30;
const WEIGHTS = new Int32Array(128);
for (let c = 0; c < 128; c += 1) {
  const char = String.fromCharCode(c);
  WEIGHTS[c] = /\d/.test(char) ? 1 : /[A-Za-z_-]/.test(char) ? 0 : NOT_RUN | (char === '.' ? DOT : /[\s@:=%\\~+([&]/.test(char) ? MARK : 0);
}

/**
 * True when a look at each character already says that the scanner finds nothing: no mark, no long run, few digits. Most names, paths and
 * verbs of an event are like that; a test compares the answer with the scanner's.
 */
export function isPlain(text: string): boolean {
  const { length } = text;
  if (length > PLAIN_CHARS_MAX) return false;
  let sum = 0;
  let run = 0;
  for (let i = 0; i < length; i += 1) {
    const c = text.charCodeAt(i);
    if (c >= 128) return false;
    const weight = WEIGHTS[c]!;
    run = weight < NOT_RUN ? run + 1 : 0;
    if (run > RUN_CHARS_MAX) return false;
    sum += weight & (NOT_RUN - 1);
  }
  if (sum >= MARK) return false;
  const digits = sum & 255;
  // Webhooks of Slack are a host and a path whose parts may be short.
  return digits <= DIGITS_MAX && (sum < 3 * DOT || digits < 4) && (sum < 2 * DOT || !text.includes('hooks.slack.com'));
}
