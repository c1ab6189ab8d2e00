import type { Json, JsonObject } from '@wary/model/json.js';
import type { Place } from './content-tally.js';
import { classifyKey, secretTypeOf } from './find-secret.js';
import { CARD_WORDS, IP_WORDS, PHONE_WORDS, SSN_WORDS } from './find-number.js';
import { withoutMasks } from './mask.js';
import { isPlaceholder } from './placeholder.js';
import { scanText } from './scan-text.js';
import type { SecretType, Span } from './span.js';
import type { Reading, TextMasker } from './text-masker.js';

/** Input is limited to less (depthMax); what another source nests deeper is withheld. */
const DEPTH_MAX = 64;
const TOO_DEEP = '[withheld: nested too deep]';
const KEYED_CHARS_MAX = 64;
const NAME_CHARS_MAX = 128;
const KEYS_CACHED_MAX = 10_000;

/** What the name of a value says about it. */
interface KeyFacts {
  readonly secret: ReturnType<typeof classifyKey>;
  /** A header that carries a credential, whatever its form. */
  readonly header: boolean;
  /** The name as words when it speaks of cards, phones, addresses …, else ''. */
  readonly words: string;
  readonly namesPerson: boolean;
}
const HEADER_KEY = /(?:^|[._-])(?:cookie|set[_-]cookie|authorization|x[_-]api[_-]key|x[_-]auth[_-]token)$/i;
const PERSON_KEY = /(?:^|[._-])(?:user|username|login|upn|enduser|subject|employee|(?:full|display|first|last|given|family|nick)_?name)(?:[._-]?(?:id|name|email|mail|principal|login|full_name))?$/i;

/** Names under which a value is a secret whatever it looks like; elsewhere the scanner sees as much in the text as in the parsed JSON. */
const KEYED = /passw|passphrase|passcode|pwd|pass\\?"|cookie|authorization|api[_-]key|auth[_-]token/i;

/**
 * Masks every text in a JSON value, keys and long integers included, with what the key says about a value. Gives the value itself back
 * when nothing changed, else a copy: parts of an event may be shared with the record or a register.
 */
export class JsonMasker {
  private readonly keys = new Map<string, KeyFacts>();

  constructor(private readonly masker: TextMasker) {}

  json(value: Json, place: Place | null, reading: Reading, key = '', depth = 0): Json {
    if (typeof value === 'string') return this.string(value, place, reading, key, depth);
    if (typeof value === 'number') return this.number(value, place, reading, key);
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= DEPTH_MAX) {
      reading.masked = true;
      return TOO_DEEP;
    }
    return Array.isArray(value) ? this.array(value, place, reading, key, depth) : this.object(value, place, reading, depth);
  }

  object(value: JsonObject, place: Place | null, reading: Reading, depth = 0): JsonObject {
    let entries: [string, Json][] | undefined;
    let index = 0;
    for (const key in value) {
      const before = value[key]!;
      const after = this.json(before, place, reading, key, depth + 1);
      const name = this.masker.text(key, place, reading);
      if ((after !== before || name !== key) && entries === undefined) entries = Object.entries(value).slice(0, index);
      entries?.push([name, after]);
      index += 1;
    }
    return entries === undefined ? value : fromEntries(entries);
  }

  /** Chat messages: what the application says as `system` is counted apart. */
  messages(value: Json, place: Place, reading: Reading): Json {
    if (!Array.isArray(value)) return this.json(value, place, reading);
    return mapChanged(value, (message) => this.json(message, isSystem(message) ? 'system' : place, reading, '', 1));
  }

  private array(value: Json[], place: Place | null, reading: Reading, key: string, depth: number): Json[] {
    return mapChanged(value, (element) => this.json(element, place, reading, key, depth + 1));
  }

  string(value: string, place: Place | null, reading: Reading, key: string, depth = 0): string {
    const facts = key === '' ? null : this.factsOf(key);
    const inside = this.jsonText(value, place, reading, depth);
    if (facts === null) return this.masker.text(inside, place, reading);
    const keyed = this.spansAs(inside, facts);
    const masked = keyed.length === 0 ? inside : this.masker.maskSpans(inside, keyed, place, reading);
    const text = this.masker.text(masked, place, reading);
    if (reading.names === null || !facts.namesPerson || text === '' || text.length > NAME_CHARS_MAX || withoutMasks(text) !== text) return text;
    const pseudonym = reading.names.pseudonymOf(text);
    if (pseudonym !== text) reading.masked = true;
    return pseudonym;
  }

  /** JSON as text, as in the arguments of tools and in raw records, is read as JSON where names in it may say more than its text does. */
  private jsonText(value: string, place: Place | null, reading: Reading, depth: number): string {
    const first = value.charCodeAt(0);
    const last = value.charCodeAt(value.length - 1);
    if (!((first === 123 && last === 125) || (first === 91 && last === 93)) || depth >= DEPTH_MAX || (reading.names === null && !KEYED.test(value))) return value;
    let parsed: Json;
    try {
      parsed = JSON.parse(value) as Json;
    } catch {
      return value;
    }
    const masked = this.json(parsed, place, reading, '', depth + 1);
    return masked === parsed ? value : JSON.stringify(masked);
  }

  private number(value: number, place: Place | null, reading: Reading, key: string): Json {
    if (!Number.isInteger(value) || (value < 100_000 && value > -100_000 && reading.names === null)) return value;
    const text = String(value);
    const facts = key === '' ? null : this.factsOf(key);
    const spans = text.length < FINDABLE_DIGITS_MIN ? [] : facts !== null && (facts.words !== '' || facts.secret !== '') ? this.spansAs(text, facts) : text.length < 12 ? [] : scanText(text);
    const masked = spans.length === 0 ? text : this.masker.maskSpans(text, spans, place, reading);
    const renamed = reading.names === null ? masked : reading.names.replace(masked);
    if (renamed === text) return value;
    reading.masked = true;
    return renamed;
  }

  /** What a value is because of its name. */
  private spansAs(value: string, facts: KeyFacts): readonly Span[] {
    if (facts.secret === '' && !facts.header && facts.words === '') return NONE;
    if (withoutMasks(value) !== value) return NONE;
    const secret = secretAs(value, facts);
    // A token with a form of its own says better what it is.
    if (secret !== '' && !scanText(value).some((span) => span.secret && span.start === 0 && span.end === value.length)) return [{ start: 0, end: value.length, type: secret, secret: true }];
    if (facts.words === '' || value.length > KEYED_CHARS_MAX || !/\d{4}/.test(value.replaceAll(/\D/g, ''))) return NONE;
    const shift = facts.words.length + 2;
    return scanText(`${facts.words}: ${value}`).filter((span) => span.start >= shift).map((span) => ({ ...span, start: span.start - shift, end: span.end - shift }));
  }

  private factsOf(key: string): KeyFacts | null {
    let facts = this.keys.get(key);
    if (facts === undefined) {
      const words = key.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll(/[^A-Za-z0-9]+/g, ' ').toLowerCase();
      const telling = words.length <= 40 && [CARD_WORDS, SSN_WORDS, PHONE_WORDS, IP_WORDS].some((pattern) => pattern.test(words));
      facts = { secret: classifyKey(key), header: HEADER_KEY.test(key), words: telling ? words : '', namesPerson: PERSON_KEY.test(key) };
      if (facts.secret === '' && !facts.header && !telling && !facts.namesPerson) facts = NO_FACTS;
      if (this.keys.size >= KEYS_CACHED_MAX) this.keys.clear();
      this.keys.set(key, facts);
    }
    return facts === NO_FACTS ? null : facts;
  }
}
const NO_FACTS: KeyFacts = { secret: '', header: false, words: '', namesPerson: false };
const NONE: readonly Span[] = [];
const FINDABLE_DIGITS_MIN = 6;

const isSystem = (message: Json): boolean => typeof message === 'object' && message !== null && !Array.isArray(message) && (message['role'] === 'system' || message['role'] === 'developer');

const PASSWORD_CHARS_MIN = 6;
const STATES = /^(?:invalid|incorrect|wrong|expired|changed|reset|missing|weak|valid|correct|hashed|encrypted|disabled|enabled)$/i;
/** In JSON the name is certain, so that a password needs no digit to be one. */
function secretAs(value: string, facts: KeyFacts): SecretType | '' {
  if (facts.header) return value.length >= 8 && !isPlaceholder(value) ? 'header' : '';
  const type = secretTypeOf(facts.secret, value, true);
  if (type !== '' || facts.secret !== 'password') return type;
  return value.length >= PASSWORD_CHARS_MIN && !/\s/.test(value) && !isPlaceholder(value) && !STATES.test(value) ? 'password' : '';
}

function mapChanged(values: Json[], change: (value: Json) => Json): Json[] {
  let changed: Json[] | undefined;
  for (let i = 0; i < values.length; i += 1) {
    const after = change(values[i]!);
    if (after !== values[i]) (changed ??= [...values])[i] = after;
  }
  return changed ?? values;
}

/** Masked names may meet; none of the values is lost. */
function fromEntries(entries: readonly [string, Json][]): JsonObject {
  const taken = new Set<string>();
  return Object.fromEntries(entries.map(([name, value]) => {
    let free = name;
    for (let copy = 2; taken.has(free); copy += 1) free = `${name}#${copy}`;
    taken.add(free);
    return [free, value];
  }));
}
