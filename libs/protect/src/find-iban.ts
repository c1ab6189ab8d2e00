import { isAlnum, isAsciiLetter, isDigit } from './chars.js';
import type { Span } from './span.js';

/** Length by country (SWIFT IBAN registry, release 99). */
const LENGTHS: { readonly [country: string]: number } = {
  AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, BI: 27, BR: 29, BY: 28, CH: 21, CR: 22, CY: 28, CZ: 24, DE: 22, DJ: 27, DK: 18, DO: 28,
  EE: 20, EG: 29, ES: 24, FI: 18, FK: 18, FO: 18, FR: 27, GB: 22, GE: 22, GI: 23, GL: 18, GR: 27, GT: 28, HN: 28, HR: 21, HU: 28, IE: 22, IL: 23, IQ: 23, IS: 26,
  IT: 27, JO: 30, KW: 30, KZ: 20, LB: 28, LC: 32, LI: 21, LT: 20, LU: 20, LV: 21, LY: 25, MC: 27, MD: 24, ME: 22, MK: 19, MN: 20, MR: 27, MT: 31, MU: 30, NI: 28,
  NL: 18, NO: 15, OM: 23, PK: 24, PL: 28, PS: 29, PT: 25, QA: 29, RO: 24, RS: 22, RU: 33, SA: 24, SC: 31, SD: 18, SE: 24, SI: 19, SK: 24, SM: 27, SO: 23, ST: 25,
  SV: 28, TL: 23, TN: 24, TR: 26, UA: 29, VA: 22, VG: 24, XK: 20, YE: 30,
};

/** An IBAN at a word start: country and length of the registry, check digits by ISO 7064 mod 97-10. Blanks or dashes may part groups of four. */
export function findIban(text: string, start: number): Span | null {
  if (!isDigit(text.charCodeAt(start + 2)) || !isDigit(text.charCodeAt(start + 3)) || !isAsciiLetter(text.charCodeAt(start + 1))) return null;
  const length = LENGTHS[text.slice(start, start + 2).toUpperCase()];
  if (length === undefined) return null;
  let compact = '';
  let end = start;
  for (let i = start, inGroup = 0; compact.length < length; i += 1) {
    const c = text.charCodeAt(i);
    if (isAlnum(c)) {
      compact += text[i];
      inGroup += 1;
      end = i + 1;
    } else if ((c === 32 || c === 45 || c === 0xa0) && inGroup === 4) inGroup = 0;
    else return null;
  }
  if (isAlnum(text.charCodeAt(end)) || !passesMod97(compact.toUpperCase())) return null;
  return { start, end, type: 'iban', secret: false };
}

export function passesMod97(iban: string): boolean {
  let rest = 0;
  const turned = iban.slice(4) + iban.slice(0, 4);
  for (let i = 0; i < turned.length; i += 1) {
    const c = turned.charCodeAt(i);
    rest = isDigit(c) ? (rest * 10 + c - 48) % 97 : (rest * 100 + c - 55) % 97;
  }
  return rest === 1;
}
