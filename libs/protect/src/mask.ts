import { createHmac } from 'node:crypto';
import { base32 } from './base32.js';
import { canonicalise } from './canonical-text.js';
import { PII_TYPES, SECRET_TYPES, type Span } from './span.js';

/** In text: 20 bits. Among the values on one screen two seldom share a tag, yet who can ask for tags (by sending events and reading them
 * masked) and tries all 10^9 social security numbers is left with about a thousand candidates for each tag. */
export const TEXT_TAG_CHARS = 4;
/** In ids: 80 bits, because two ids must never become one. */
export const ID_TAG_CHARS = 16;
const TAG_CACHE_MAX = 16_384;

const TYPES = `(?:${PII_TYPES.join('|')}|secret:(?:${SECRET_TYPES.join('|')}))`;
const TAG = `[a-z2-7]{${TEXT_TAG_CHARS}}(?:[a-z2-7]{${ID_TAG_CHARS - TEXT_TAG_CHARS}})?`;
const MASK = new RegExp(`\\[${TYPES}:${TAG}\\]`, 'y');
const MASKS = new RegExp(`\\[?${TYPES}:${TAG}\\]`, 'g');

/** End of the mask that starts here, or 0. */
export function maskEnd(text: string, start: number): number {
  MASK.lastIndex = start;
  return MASK.test(text) ? MASK.lastIndex : 0;
}

/** A piece of text without the masks in it (the first may have lost its bracket), so that the word "phone" of a mask says nothing about its neighbours. */
export const withoutMasks = (text: string): string => (text.includes(']') ? text.replaceAll(MASKS, '') : text);

/**
 * `[email:k3f9]`, `[secret:jwt:7xqa]`: the type, and a tag that is the same for the same value and tenant, so that a reader sees that two
 * prompts hold the same address. The tag is a keyed hash (HMAC-SHA-256): without the key no guess can be checked against it.
 */
export class Masks {
  private readonly cache = new Map<string, string>();

  constructor(private readonly key: Uint8Array) {}

  of(tenant: string, span: Span, value: string, tagChars: number): string {
    const cacheKey = `${tenant.length}\0${tenant}\0${span.type}\0${value}`;
    let tag = this.cache.get(cacheKey);
    if (tag === undefined) {
      tag = base32(createHmac('sha256', this.key).update(`mask\0${cacheKey}`).digest(), ID_TAG_CHARS);
      if (this.cache.size >= TAG_CACHE_MAX) this.cache.clear();
      this.cache.set(cacheKey, tag);
    }
    return `[${span.secret ? 'secret:' : ''}${span.type}:${tag.slice(0, tagChars)}]`;
  }

  /** Stands for an identity that must be kept apart from all others: `h_` and 128 bits. */
  digest(tenant: string, text: string): string {
    return `h_${base32(createHmac('sha256', this.key).update(`digest\0${tenant.length}\0${tenant}\0${text}`).digest(), 26)}`;
  }
}

const PLAIN = /^[ !-$'-[\]-~]*$/;
/** One spelling for equal values: case, separators and escapes do not make another address or number of them. */
export function valueOf(text: string, span: Span): string {
  const spelled = text.slice(span.start, span.end);
  const value = span.value ?? (PLAIN.test(spelled) ? spelled : canonicalise(spelled, false).text);
  if (span.secret) return value;
  switch (span.type) {
    case 'email': return value.toLowerCase();
    case 'iban': return value.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase();
    case 'card': case 'ssn': return value.replaceAll(/\D/g, '');
    case 'phone': return value.replace(/(?:x|ext).*$/i, '').replaceAll(/\D/g, '');
    default: return value.toLowerCase();
  }
}
