import type { Dice } from '../dice.js';
import { FIRST_NAMES, LAST_NAMES } from '../world/names.js';

export interface FakePerson { readonly name: string; readonly email: string; readonly phone: string; readonly iban: string; readonly card: string; readonly street: string; readonly city: string; readonly policy: string }

const DIGITS = '0123456789';
/** Issuer numbers that the schemes and processors keep for testing; no such card is issued to anybody. */
const TEST_ISSUERS = ['400000', '424242', '555555', '510510', '520082'] as const;
const MAIL_HOSTS = ['example.com', 'example.org', 'example.net', 'mail.example.com', 'post.example.org'] as const;
const STREETS = ['Lindenstraße', 'Harbour Road', 'Mill Lane', 'Kastanienallee', 'Orchard Street', 'Station Road', 'Park Avenue', 'Am Markt', 'Cedar Drive', 'Bergstraße'] as const;
const CITIES = ['Berlin', 'Hamburg', 'Leipzig', 'Boston', 'Albany', 'Portland', 'Singapore', 'Potsdam', 'Newark', 'Köln'] as const;

/** Invented data with valid check digits: what a scanner must find, and nobody owns. */
export function fakePerson(dice: Dice): FakePerson {
  const first = dice.pick(FIRST_NAMES);
  const last = dice.pick(LAST_NAMES);
  return {
    name: `${first} ${last}`, email: `${first}.${last}${dice.whole(1, 99)}@${dice.pick(MAIL_HOSTS)}`.toLowerCase(), phone: fakePhone(dice), iban: fakeIban(dice), card: fakeCard(dice),
    street: `${dice.pick(STREETS)} ${dice.whole(1, 180)}`, city: dice.pick(CITIES), policy: `KM-${dice.text(DIGITS, 8)}`,
  };
}

/** Numbers that regulators keep for drama: the US exchange 555-01xx, Ofcom's 020 7946 0xxx, the Bundesnetzagentur's 030 23125 xxx. */
export const fakePhone = (dice: Dice): string => dice.pick([`+1 212 555 01${dice.text(DIGITS, 2)}`, `+44 20 7946 0${dice.text(DIGITS, 3)}`, `+49 30 23125 ${dice.text(DIGITS, 3)}`]);

export function fakeCard(dice: Dice): string {
  const body = dice.pick(TEST_ISSUERS) + dice.text(DIGITS, 9);
  const card = body + luhnDigit(body);
  return dice.chance(0.5) ? card : card.replace(/(\d{4})(?=\d)/g, '$1 ');
}

/** Check digit of Luhn's formula (ISO/IEC 7812-1, annex B). */
export function luhnDigit(body: string): string {
  let sum = 0;
  for (let i = body.length - 1, double = true; i >= 0; i -= 1, double = !double) {
    const digit = Number(body[i]);
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return String((10 - (sum % 10)) % 10);
}

/** German form; the bank code begins with 0, which none does. */
export function fakeIban(dice: Dice): string {
  const account = `0${dice.text(DIGITS, 17)}`;
  const iban = `DE${ibanCheck('DE', account)}${account}`;
  return dice.chance(0.5) ? iban : iban.replace(/(.{4})(?=.)/g, '$1 ');
}

/** Check digits by ISO 7064 mod 97-10: 98 − (account, country as numbers, 00) mod 97. */
export function ibanCheck(country: string, account: string): string {
  let rest = 0;
  for (const c of `${account}${country}00`) {
    const value = c >= 'A' && c <= 'Z' ? c.charCodeAt(0) - 55 : Number(c);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return String(98 - rest).padStart(2, '0');
}
