import type { RegisterRow } from '@wary/model/registers.js';
import { maskEnd } from './mask.js';
import type { Pseudonyms } from './pseudonym.js';

/** Shorter names are replaced only where they are the whole text: "7" or "al" stands in too many texts that mean something else. */
const PART_CHARS_MIN = 3;
const MASK_CHARS_MAX = 64;

/** What the people register knows of names: every id, alias and mail address leads to the one id of the person. */
export class PersonNames {
  private readonly ids = new Map<string, string>();
  private readonly forms = new Map<string, readonly string[]>();

  constructor(people: readonly RegisterRow<'people'>[], private readonly pseudonyms: Pseudonyms) {
    for (const { id } of people) setNew(this.ids, id.toLowerCase(), id);
    for (const { id, aliases } of people) for (const alias of aliases) setNew(this.ids, alias.toLowerCase(), id);
    for (const { id, email } of people) if (email !== '') setNew(this.ids, email.toLowerCase(), id);
    for (const { id, email, name, aliases } of people) if (!this.forms.has(id)) this.forms.set(id, [email, name, ...aliases].filter((form) => form !== ''));
  }

  isKnown(name: string): boolean {
    return this.ids.has(name.toLowerCase());
  }

  /** The pseudonym of the person, whichever of the names is given; '' stays ''. */
  pseudonymOf(tenant: string, name: string): string {
    return name === '' ? '' : this.pseudonyms.of(tenant, this.ids.get(name.toLowerCase()) ?? name);
  }

  /** Replaces the given names, and all that the register knows of their bearers, in texts. */
  replacer(tenant: string, names: readonly string[]): NameReplacer {
    const replacer = new NameReplacer((name) => this.pseudonymOf(tenant, name));
    for (const name of names) {
      if (name === '') continue;
      const pseudonym = this.pseudonymOf(tenant, name);
      replacer.add(name, pseudonym);
      for (const form of this.forms.get(this.ids.get(name.toLowerCase()) ?? name) ?? []) replacer.add(form, pseudonym);
    }
    return replacer;
  }
}

const setNew = (map: Map<string, string>, key: string, value: string): void => {
  if (!map.has(key)) map.set(key, value);
};

export class NameReplacer {
  private readonly whole = new Map<string, string>();
  private readonly parts: { readonly name: string; readonly pseudonym: string }[] = [];
  private sorted = true;

  constructor(readonly pseudonymOf: (name: string) => string) {}

  /** The name itself, and what in it names the person: the part before the at sign, the end of a path or ARN. */
  add(name: string, pseudonym: string): void {
    if (name === pseudonym) return;
    this.addForm(name, pseudonym);
    const at = name.indexOf('@');
    if (at > 0) this.addForm(name.slice(0, at), pseudonym);
    const part = Math.max(name.lastIndexOf('/'), name.lastIndexOf(':'), name.lastIndexOf('\\'));
    if (part > 0) this.addForm(name.slice(part + 1), pseudonym);
    // A lone surrogate has no encoding.
    if (!/\p{Cs}/u.test(name)) this.addForm(encodeURIComponent(name), pseudonym);
  }

  /** Whole words, whatever their case; masks are left alone. */
  replace(text: string): string {
    const whole = this.whole.get(text.toLowerCase());
    if (whole !== undefined) return whole;
    if (!this.sorted) {
      // The longest first, or "anna" would break "anna.b@x.org" apart.
      this.parts.sort((a, b) => b.name.length - a.name.length);
      this.sorted = true;
    }
    let result = text;
    for (const { name, pseudonym } of this.parts) result = replaceWord(result, name, pseudonym);
    return result;
  }

  private addForm(form: string, pseudonym: string): void {
    const lower = form.toLowerCase();
    if (lower === '' || this.whole.has(lower)) return;
    this.whole.set(lower, pseudonym);
    if (lower.length < PART_CHARS_MIN) return;
    this.parts.push({ name: lower, pseudonym });
    this.sorted = false;
  }
}

function replaceWord(text: string, name: string, pseudonym: string): string {
  const lower = text.toLowerCase();
  // A few letters change their length with their case; then only the exact spelling is found.
  const haystack = lower.length === text.length ? lower : text;
  let result = '';
  let from = 0;
  for (let at = haystack.indexOf(name); at >= 0; at = haystack.indexOf(name, at)) {
    const end = at + name.length;
    if ((isWord(haystack, at - 1) && isWord(haystack, at)) || (isWord(haystack, end - 1) && isWord(haystack, end)) || insideMask(text, at)) {
      at += 1;
      continue;
    }
    result += text.slice(from, at) + pseudonym;
    from = end;
    at = end;
  }
  return from === 0 ? text : result + text.slice(from);
}

const WORD = /[\p{L}\p{N}_]/u;
const isWord = (text: string, at: number): boolean => {
  const c = text.charCodeAt(at);
  if (c < 128) return (c >= 97 && c <= 122) || (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || c === 95;
  return at >= 0 && at < text.length && WORD.test(text[at]!);
};

function insideMask(text: string, at: number): boolean {
  const open = text.lastIndexOf('[', at);
  return open >= 0 && at - open < MASK_CHARS_MAX && maskEnd(text, open) > at;
}
