import { foldText } from './canonical-text.js';
import { runsOf } from './find-encoded.js';
import { maskOf } from './injection-lexicon.js';
import { FORMS, SEQUENCES, type SequenceRule } from './injection-rules.js';
import { isIn, isKnownWord, signsOf, tokenise, type Words } from './prompt-words.js';
import { binaryView, decodedViews, leetView, reversed, rot13, spelledView } from './prompt-views.js';

export interface PromptScore {
  /** 0 ordinary to 1 certainly an attempt to override instructions; detectors flag from 0.5 on. */
  readonly score: number;
  /** The kinds of signs that were found, strongest first. */
  readonly reasons: readonly string[];
}

/** Who wrote the text: text that a tool or a search brought has no business to give orders. */
export type PromptSource = 'user' | 'retrieved' | 'tool';

const DEPTH_MAX = 2;
const ROT13 = maskOf(['encodedOther']);
const REVERSED = maskOf(['reversed']);
/** A sign that had to be uncovered first is meant to pass unseen. */
const LEET_WORDS_MIN = 2;
const LONE_LETTERS_MIN = 6;
const BINARY_WORDS_MIN = 6;
const HIDDEN_WEIGHT = 0.35;
const FOREIGN_SOURCE_FACTOR = 1.25;
/** Talk about attacks in quotes is mostly talk. */
const QUOTED_FACTOR = 0.5;
const ABOUT = /prompt[ -]injection|jailbreak(?:ing|s)?\b|red[ -]team|phrase|example|e\.g\.|such as|explain|what does|meaning of|detect|prevent|defend|security (?:training|course)|classif/;

const MARKED_FORMS = FORMS.map((form) => ({ ...form, signs: signsOf(form.gate + form.needs) }));

/** The rules that a word of these classes can open, in their order. */
const OPENED = new Map<number, SequenceRule[]>();
function openedBy(low: number, high: number): readonly SequenceRule[] {
  // Both have 30 bits at the most, and a double has 53: the words of the lexicon are few, so what is asked twice is kept.
  const key = high * 2 ** 30 + low;
  let rules = OPENED.get(key);
  if (rules === undefined) {
    rules = SEQUENCES.filter(({ steps: [first] }) => (first!.mask.low & low) !== 0 || (first!.mask.high & high) !== 0);
    OPENED.set(key, rules);
  }
  return rules;
}

/** Signs by reason; each reason counts with its strongest sign. */
type Signs = Map<string, number>;

/**
 * How much a text reads like an attempt to override instructions. Signs of one reason count once, reasons are joined as independent
 * evidence (noisy or: 1 − Π(1 − w)). Looks through compatibility forms, invisible and look-alike characters, leet, spaced letters, rot13,
 * reversal, base64 and hex. Linear in the text; ordinary words that attacks also use count only in the company that makes them one.
 */
export function scorePrompt(text: string, source: PromptSource = 'user'): PromptScore {
  const signs: Signs = new Map();
  read(text, signs, 0);
  let quiet = 1;
  for (const weight of signs.values()) quiet *= 1 - Math.min(0.97, source === 'user' ? weight : weight * FOREIGN_SOURCE_FACTOR);
  return { score: 1 - quiet, reasons: [...signs].sort((a, b) => b[1] - a[1]).map(([reason]) => reason) };
}

function read(text: string, signs: Signs, depth: number): void {
  const folded = foldText(text);
  const words = tokenise(folded);
  judge(folded, words, signs);
  if (depth >= DEPTH_MAX) return;
  if (words.leetWords >= LEET_WORDS_MIN) hidden(leetView(folded), signs, depth);
  if (words.loneLetters >= LONE_LETTERS_MIN) hidden(spelledView(folded, isKnownWord), signs, depth);
  if (words.binaryWords >= BINARY_WORDS_MIN) hidden(binaryView(folded), signs, depth);
  if (words.has(ROT13)) hidden(rot13(folded), signs, depth);
  if (words.has(REVERSED)) hidden(reversed(folded), signs, depth);
  if (words.longWords) for (const decoded of decodedViews(text, runsOf(text))) hidden(decoded, signs, depth);
}

/** What a disguise hid counts like itself, and being hidden counts too. */
function hidden(view: string, signs: Signs, depth: number): void {
  const found: Signs = new Map();
  read(view, found, depth + 1);
  let any = false;
  for (const [reason, weight] of found) {
    if (weight < 0.3 || weight <= (signs.get(reason) ?? 0)) continue;
    any = true;
    sign(signs, reason, weight);
  }
  if (any) sign(signs, 'hidden', HIDDEN_WEIGHT);
}

function sign(signs: Signs, reason: string, weight: number): void {
  if (weight > (signs.get(reason) ?? 0)) signs.set(reason, weight);
}

function judge(text: string, words: Words, signs: Signs): void {
  const weigh = (reason: string, weight: number, at: number): void => sign(signs, reason, isQuoted(text, at) && ABOUT.test(text) ? weight * QUOTED_FACTOR : weight);
  for (const { reason, weight, gate, pattern, signs: needed } of MARKED_FORMS) {
    if ((words.signs & needed) !== needed || !text.includes(gate)) continue;
    const at = text.search(pattern);
    if (at >= 0) weigh(reason, weight, at);
  }
  for (const i of words.marked) {
    for (const rule of openedBy(words.low[i]!, words.high[i]!)) {
      if (rule.steps.every(({ mask }) => words.has(mask)) && rule.weight > (signs.get(rule.reason) ?? 0) && matches(words, i, rule)) weigh(rule.reason, rule.weight, words.starts[i]!);
    }
  }
  for (let p = 0; p < words.phrases.length; p += 1) {
    const i = words.phrases[p]!;
    for (const { reason, weight, words: phrase } of words.rules[p]!) {
      if (stands(phrase, words, i)) weigh(reason, weight, words.starts[i]!);
    }
  }
}

/** The first word is known to stand there. */
function stands(phrase: readonly string[], words: Words, at: number): boolean {
  for (let k = 1; k < phrase.length; k += 1) if (!words.is(at + k, phrase[k]!)) return false;
  return true;
}

function matches(words: Words, first: number, { steps, unlessAfter }: SequenceRule): boolean {
  if (unlessAfter !== null && first > 0 && words.places[first]! - words.places[first - 1]! === 1 && isIn(words, first - 1, unlessAfter)) return false;
  let at = first;
  for (let s = 1; s < steps.length; s += 1) {
    const { mask, gap } = steps[s]!;
    let next = at + 1;
    while (next < words.count && words.places[next]! - words.places[at]! <= gap && !isIn(words, next, mask)) next += 1;
    if (next >= words.count || words.places[next]! - words.places[at]! > gap) return false;
    at = next;
  }
  return true;
}

const isQuoted = (text: string, at: number): boolean => /["'`“‘«([]\s?$/.test(text.slice(Math.max(0, at - 2), at));
