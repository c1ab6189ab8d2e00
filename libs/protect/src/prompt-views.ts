import { decodeText, type Runs } from './find-encoded.js';

/** Decoded text of one prompt, all runs together. */
const DECODED_CHARS_MAX = 8_192;
const RUNS_MAX = 32;

/** Base64 and hex in the runs of a text, decoded. */
export function decodedViews(text: string, runs: Runs): string[] {
  const views: string[] = [];
  let budget = DECODED_CHARS_MAX;
  for (let r = 0; r < runs.length && budget > 0 && views.length < RUNS_MAX; r += 2) {
    const decoded = decodeText(text.slice(runs[r], Math.min(runs[r + 1]!, runs[r]! + 2 * budget))).slice(0, budget);
    if (decoded.length < 8) continue;
    budget -= decoded.length;
    views.push(decoded);
  }
  return views;
}

const BITS = /(?:[01]{8}[ ,]?){6,}/g;
/** Text in binary digits, eight a character. */
export const binaryView = (text: string): string => [...text.matchAll(BITS)].map((run) => String.fromCharCode(...[...run[0].matchAll(/[01]{8}/g)].slice(0, DECODED_CHARS_MAX).map((bits) => Number.parseInt(bits[0], 2)))).join('\n');

const LEET: { readonly [char: string]: string } = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b', '@': 'a', $: 's', '!': 'i', '|': 'l' };
const LEET_WORD = /(?<![a-z0-9@$!|])(?=[a-z0134578@$!|]*[a-z])(?=[a-z0134578@$!|]*[0134578@$|])[a-z0134578@$!|]{3,24}(?![a-z0-9])/g;
/** With digits and signs read as the letters they look like. `text` is folded. */
export const leetView = (text: string): string => text.replaceAll(LEET_WORD, (word) => word.replaceAll(/[0134578@$!|]/g, (char) => LEET[char]!));

const SPELLED = /(?<![a-z0-9])(?:[a-z0-9'][ .*_-]{1,3}){5,}[a-z0-9](?![a-z0-9])/g;
const WORD_CHARS_MIN = 3;
const WORD_CHARS_MAX = 16;
/** "i g n o r e": letters with one sign between them, pulled together. Where nothing parts the words, those in `known` are looked for, the longest first. */
export function spelledView(text: string, known: (word: string) => boolean): string {
  return text.replaceAll(SPELLED, (run) => {
    const words = run.split(/[ .*_-]{2,3}/).map((word) => word.replaceAll(/[ .*_-]/g, ''));
    return words.length > 1 ? words.join(' ') : partWords(words[0]!, known);
  });
}

function partWords(letters: string, known: (word: string) => boolean): string {
  const words: string[] = [];
  for (let i = 0; i < letters.length; ) {
    let chars = Math.min(WORD_CHARS_MAX, letters.length - i);
    while (chars >= WORD_CHARS_MIN && !known(letters.slice(i, i + chars))) chars -= 1;
    if (chars >= WORD_CHARS_MIN) words.push(letters.slice(i, i + chars));
    i += chars >= WORD_CHARS_MIN ? chars : 1;
  }
  return words.join(' ');
}

export const rot13 = (text: string): string => text.replaceAll(/[a-z]/g, (char) => String.fromCharCode(((char.charCodeAt(0) - 84) % 26) + 97));
export const reversed = (text: string): string => [...text].reverse().join('');
