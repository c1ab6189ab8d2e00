import type { CanaryIndex } from './canary-index.js';
import { ContentTally, type Place } from './content-tally.js';
import { ID_TAG_CHARS, type Masks, TEXT_TAG_CHARS, valueOf } from './mask.js';
import type { NameReplacer } from './person-names.js';
import { FINDABLE_CHARS_MIN, isPlain } from './plain-text.js';
import { scanText } from './scan-text.js';
import type { Span } from './span.js';

/** What is collected while the texts of one event are read. */
export class Reading {
  tally: ContentTally | null = null;
  canaries: Set<string> | null = null;
  masked = false;

  /** `names` is null unless persons are pseudonymised. */
  constructor(readonly tenant: string, readonly names: NameReplacer | null) {}

  count(place: Place, span: Span, value: string): void {
    this.tally ??= new ContentTally();
    this.tally.add(place, span, value);
  }
}

export interface MaskPolicy {
  readonly pii: 'mask' | 'keep';
  readonly secrets: 'mask' | 'keep';
}

type Choice = (span: Span, text: string) => boolean;
const EVERYTHING: Choice = () => true;
const SECRETS: Choice = (span) => span.secret;
/** An address that is the id, or the host of a URL, names a machine. */
const NO_MACHINES: Choice = (span, text) => span.type !== 'ip' || !((span.start === 0 && span.end === text.length) || text.startsWith('//', span.start - 2) || text.startsWith('//[', span.start - 3));

const CLEAN_CHARS_MAX = 256;
const CLEAN_TEXTS_MAX = 16_384;
/** A mask can change how the text around it reads; this many looks settle any text that is not made for the purpose. */
const ROUNDS_MAX = 8;

/** Looks into a text for canaries and finds, counts them (nowhere when the place is null), masks by policy, and puts pseudonyms for names. */
export class TextMasker {
  /** Short texts without anything in them: names, programs and paths come again and again. */
  private readonly clean = new Set<string>();

  constructor(private readonly policy: MaskPolicy, private readonly masks: Masks, private readonly canaries: CanaryIndex) {}

  text(text: string, place: Place | null, reading: Reading): string {
    return this.renamed(this.label(text, place, reading), reading);
  }

  /** A text that names no person: a verb, a type, a model. */
  label(text: string, place: Place | null, reading: Reading): string {
    return this.isClean(text) ? text : this.read(text, place, reading, TEXT_TAG_CHARS, EVERYTHING);
  }

  /** An id of a thing. */
  id(text: string, place: Place | null, reading: Reading): string {
    return this.renamed(this.idLabel(text, place, reading), reading);
  }

  /** The same for an id that is pseudonymised as a whole, or not at all. */
  idLabel(text: string, place: Place | null, reading: Reading): string {
    return this.isClean(text) ? text : this.read(text, place, reading, ID_TAG_CHARS, NO_MACHINES);
  }

  /** An id of somebody: it says who acted, so a mail address in it stays; a secret never does. */
  personId(text: string, reading: Reading): string {
    return this.isClean(text) ? text : this.read(text, 'context', reading, ID_TAG_CHARS, SECRETS);
  }

  /** Counts and masks `spans` of a text that were found by another way. */
  maskSpans(text: string, spans: readonly Span[], place: Place | null, reading: Reading, tagChars = TEXT_TAG_CHARS, chosen = EVERYTHING): string {
    let masked = '';
    let from = 0;
    for (const span of spans) {
      const counts = place !== null && (span.secret || place !== 'context');
      const masks = (span.secret ? this.policy.secrets : this.policy.pii) === 'mask' && chosen(span, text);
      if (!counts && !masks) continue;
      const value = valueOf(text, span);
      if (counts) reading.count(place, span, value);
      if (!masks) continue;
      masked += text.slice(from, span.start) + this.masks.of(reading.tenant, span, value, tagChars);
      from = span.end;
    }
    if (from === 0) return text;
    reading.masked = true;
    return masked + text.slice(from);
  }

  /** True when it is known, or seen at a glance, that nothing is in the text. */
  isClean(text: string): boolean {
    if (text.length < FINDABLE_CHARS_MIN) return true;
    if (!this.canaries.hasTexts && isPlain(text)) return true;
    return text.length <= CLEAN_CHARS_MAX && this.clean.has(text);
  }

  private read(text: string, place: Place | null, reading: Reading, tagChars: number, chosen: Choice): string {
    let clean = true;
    if (this.canaries.hasTexts && this.canaries.findTexts(text, (reading.canaries ??= new Set()))) clean = false;
    let current = text;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const spans = scanText(current);
      if (spans.length === 0) break;
      clean = false;
      const next = this.maskSpans(current, spans, place, reading, tagChars, chosen);
      if (next === current) break;
      current = next;
    }
    if (clean && text.length <= CLEAN_CHARS_MAX) {
      if (this.clean.size >= CLEAN_TEXTS_MAX) this.clean.clear();
      this.clean.add(text);
    }
    return current;
  }

  private renamed(text: string, reading: Reading): string {
    if (reading.names === null) return text;
    let current = text;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const next = reading.names.replace(current);
      if (next === current) return current;
      reading.masked = true;
      current = this.label(next, null, reading);
    }
    return current;
  }
}
