import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isIssued, passesLuhn } from './find-card.js';
import { scanText } from './scan-text.js';

const found = (text: string): string[] => scanText(text).map((span) => `${span.type} ${text.slice(span.start, span.end)}`);

/** The digit that makes Luhn's sum a multiple of ten. */
const withCheckDigit = (digits: string): string => [...'0123456789'].map((check) => digits + check).find(passesLuhn)!;

describe('cards', () => {
  test.each([
    ['pay with 4111 1111 1111 1111 please', 'card 4111 1111 1111 1111'],
    ['4111111111111111', 'card 4111111111111111'],
    ['4111-1111-1111-1111', 'card 4111-1111-1111-1111'],
    ['Amex 3782 822463 10005', 'card 3782 822463 10005'],
    ['{"pan":"5555555555554444"}', 'card 5555555555554444'],
    ['?card=6011111111111117&x=1', 'card 6011111111111117'],
    ['JCB 3530111333300000.', 'card 3530111333300000'],
    ['(2223003122003222)', 'card 2223003122003222'],
    ['4111111111111111, exp 12/29, cvv 123', 'card 4111111111111111'],
    ['visa 4222222222222', 'card 4222222222222'], ['my card 639047381244 is lost', 'card 639047381244'],
  ])('%s', (text, expected) => expect(found(text)).toContain(expected));

  test.each([
    ['fails Luhn', '4111 1111 1111 1112'],
    ['no issuer', '9999999999999995'],
    ['an order number', 'order number 4111111111111111'],
    ['part of a longer number', '41111111111111110000000'],
    ['a decimal', '0.4111111111111111'],
    ['13 digits without a word about cards', 'at 4222222222222 units'],
    ['no issuer, no card', 'cardinality 9999999999999995'],
    ['milliseconds', 'took from 1732489762123 to 1732489763456'],
    ['microseconds', '1732489762123456'],
    ['a UUID', '4111111a-1111-4111-8111-411111111111'],
    ['hex', '0x4111111111111111ab'],
  ])('not: %s', (_name, text) => expect(found(text).filter((each) => each.startsWith('card'))).toEqual([]));

  test('any issued number with a right check digit is found, with any other it is not', () => {
    const number = fc.tuple(fc.constantFrom('4', '51', '55', '2221', '6011', '65', '3528'), fc.stringMatching(/^\d{14}$/)).map(([prefix, rest]) => (prefix + rest).slice(0, 15)).map(withCheckDigit);
    fc.assert(fc.property(number, fc.constantFrom('', ' ', '-'), fc.integer({ min: 1, max: 9 }), (digits, separator, step) => {
      expect(isIssued(digits)).toBe(true);
      const printed = digits.match(/\d{4}/g)!.join(separator);
      expect(found(`paid by ${printed} today`)).toEqual([`card ${printed}`]);
      const wrong = digits.slice(0, 15) + ((Number(digits[15]) + step) % 10);
      expect(found(`paid by ${wrong} today`).filter((each) => each.startsWith('card'))).toEqual([]);
    }), { numRuns: 300 });
  });
});

describe('social security numbers', () => {
  test.each([
    ['SSN 123-45-6789', 'ssn 123-45-6789'],
    ['her number is 536-90-4399.', 'ssn 536-90-4399'],
    ['social security: 536904399', 'ssn 536904399'],
    ['536904399 is my SSN', 'ssn 536904399'],
    ['ssn 536 90 4399', 'ssn 536 90 4399'],
  ])('%s', (text, expected) => expect(found(text)).toContain(expected));

  test.each([
    ['area 000', 'ssn 000-45-6789'], ['area 666', 'ssn 666-45-6789'], ['area 9xx', 'ssn 912-45-6789'], ['group 00', 'ssn 123-00-6789'], ['serial 0000', 'ssn 123-45-0000'],
    ['withdrawn', 'ssn 078-05-1120'], ['a part number', 'part no 123-45-6789'], ['nine digits alone', 'we counted 536904399 rows'], ['a longer code', '123-45-67890'],
  ])('not: %s', (_name, text) => expect(found(text).filter((each) => each.startsWith('ssn'))).toEqual([]));
});

describe('phone numbers', () => {
  test.each([
    ['+49 30 901820', 'phone +49 30 901820'], ['call +1 415-555-2671 now', 'phone +1 415-555-2671'], ['(415) 555-2671', 'phone (415) 555-2671'], ['415-555-2671 x123', 'phone 415-555-2671 x123'],
    ['1-800-555-0199 ext. 7', 'phone 1-800-555-0199 ext. 7'], ['Telefon: (030) 901820', 'phone (030) 901820'], ['mobile 0171 2345678', 'phone 0171 2345678'], ['tel:+442079460958', 'phone +442079460958'],
    ['415.555.2671', 'phone 415.555.2671'], ['(197)735-6435x12 office', 'phone (197)735-6435x12'], ['591.510.7281-Fax', 'phone 591.510.7281'], ['0924400380 office', 'phone 0924400380'], ['+34 922 461 113-Office', 'phone +34 922 461 113'], ['+33 (0)1 42 68 53 00', 'phone +33 (0)1 42 68 53 00'],
  ])('%s', (text, expected) => expect(found(text)).toContain(expected));

  test.each([
    ['a coordinate', '+48.8566140'], ['a sum', '1+4155552671'], ['an order', 'order 415-555-2671'], ['a date', '2024-11-22'], ['a time', 'at 2024-11-22 10:15:30'], ['a version', 'v1.415.555.2671'],
    ['an area that begins with 1', '115 555 2671'], ['a serial', '415-555-2671-9'], ['a count', '1234567 rows'], ['an unknown country code', '+999 123 456 789'],
  ])('not: %s', (_name, text) => expect(found(text).filter((each) => each.startsWith('phone'))).toEqual([]));
});

describe('addresses', () => {
  test.each([
    ['from 203.0.112.7 port 22', 'ip 203.0.112.7'], ['http://8.8.8.8/x', 'ip 8.8.8.8'], ['[2a00:1450:4001:82a::200e]:443', 'ip 2a00:1450:4001:82a::200e'], ['peer 2606:4700:4700::1111 up', 'ip 2606:4700:4700::1111'],
    ['91.198.174.192:443', 'ip 91.198.174.192'], ['src=91.198.174.192', 'ip 91.198.174.192'],
  ])('%s', (text, expected) => expect(found(text)).toContain(expected));

  test.each([
    ['private', '10.1.2.3'], ['private', '192.168.1.1'], ['loopback', '127.0.0.1'], ['documentation', '203.0.113.5'], ['multicast', '224.0.0.251'], ['too large', '300.1.2.3'], ['five parts', '91.198.174.192.1'],
    ['a version', 'version 91.198.174.192'], ['a package', 'chrome/120.0.6099.109'], ['small numbers', 'section 1.2.3.4'], ['leading zeros', '091.198.174.192'], ['local IPv6', 'fe80::1'], ['documentation IPv6', '2001:db8::1'], ['a time', '20:15:30:22'],
  ])('not: %s', (_name, text) => expect(found(text)).toEqual([]));
});
