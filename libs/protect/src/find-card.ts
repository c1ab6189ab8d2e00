/** Luhn's check over digits (ISO/IEC 7812-1, annex B). */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = digits.length - 1, second = false; i >= 0; i -= 1, second = !second) {
    let digit = digits.charCodeAt(i) - 48;
    if (second) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}

/**
 * Issuer ranges by length, from the networks' public BIN tables: Visa, Mastercard, American Express, Discover, Diners Club, JCB,
 * UnionPay, Maestro, Mir, RuPay, Troy. Ranges narrower than the whole digit space keep order numbers out.
 */
export function isIssued(digits: string): boolean {
  const length = digits.length;
  const two = Number(digits.slice(0, 2));
  const three = Number(digits.slice(0, 3));
  const four = Number(digits.slice(0, 4));
  const six = Number(digits.slice(0, 6));
  if (digits.charCodeAt(0) === 52) return length === 13 || length === 16 || length === 19;
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length === 16;
  if (two === 34 || two === 37) return length === 15;
  if (four === 2131 || four === 1800) return length === 15;
  if (two === 36) return length === 14;
  if ((three >= 300 && three <= 305) || four === 3095 || two === 38 || two === 39) return length === 14 || length === 16;
  if (four >= 3528 && four <= 3589) return length >= 16 && length <= 19;
  if (four === 6011 || (three >= 644 && three <= 649) || two === 65 || two === 62 || (six >= 810000 && six <= 817199)) return length >= 16 && length <= 19;
  if (four >= 2200 && four <= 2204) return length >= 16 && length <= 19;
  if (four === 9792 || three === 508 || two === 60) return length === 16;
  return MAESTRO.has(four) && length >= 12 && length <= 19;
}
const MAESTRO = new Set([5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763]);

/** The two lengths that other numbers share most (EAN-13, old serials): only beside a word about cards. */
export const needsCardContext = (digits: string): boolean => digits.length <= 13;

/** Groups as printed on cards: 4-4-4-4, 4-4-4-4-3, 4-6-5, 4-6-4. The number of groups used, or 0. */
export function cardGroups(lengths: Int32Array, count: number): number {
  if (count >= 1 && lengths[0]! >= 12 && lengths[0]! <= 19) return 1;
  if (lengths[0] !== 4 || count < 3) return 0;
  if (lengths[1] === 6 && (lengths[2] === 5 || lengths[2] === 4)) return 3;
  if (count < 4 || lengths[1] !== 4 || lengths[2] !== 4 || lengths[3] !== 4) return 0;
  return count >= 5 && lengths[4] === 3 ? 5 : 4;
}
