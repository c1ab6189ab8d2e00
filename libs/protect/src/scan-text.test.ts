import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPlain } from './plain-text.js';
import { scanShallow, scanText } from './scan-text.js';
import { findPii } from './score-pii.js';

/** Any UTF-16 at all, lone surrogates included. */
const anyUnits = (maxLength: number) => fc.array(fc.nat({ max: 0xffff }), { maxLength }).map((units) => String.fromCharCode(...units));

const found = (text: string): string[] => scanText(text).map((span) => `${span.type} ${text.slice(span.start, span.end)}`);
const wide = (text: string): string => text.replaceAll(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));
const withBetween = (text: string, between: string): string => [...text].join(between);
const inTags = (text: string): string => [...text].map((char) => String.fromCodePoint(char.charCodeAt(0) + 0xe0000)).join('');
const inUnicode = (text: string): string => [...text].map((char) => `\\u00${char.charCodeAt(0).toString(16)}`).join('');
const inPercent = (text: string): string => [...text].map((char) => `%${char.charCodeAt(0).toString(16)}`).join('');
const inHtml = (text: string): string => [...text].map((char) => `&#${char.charCodeAt(0)};`).join('');
const inBase64 = (text: string): string => Buffer.from(`note: ${text} end`).toString('base64');
const inHex = (text: string): string => Buffer.from(`note: ${text} end`).toString('hex');
const digitsOf = (zero: number) => (text: string): string => text.replaceAll(/\d/g, (digit) => String.fromCharCode(zero + Number(digit)));

describe('disguises', () => {
  const values = [['email', 'anna@example.org'], ['card', '4111111111111111'], ['iban', 'DE89370400440532013000'], ['ssn', '536-90-4399'], ['phone', '+49 30 901820'], ['ip', '91.198.174.192'], ['password', 'password=Tr0ub4dor9']] as const;
  const disguises: readonly [string, (text: string) => string][] = [
    ['full-width', wide], ['zero-width spaces', (text) => withBetween(text, '\u200b')], ['joiners', (text) => withBetween(text, '\u2060')], ['soft hyphens', (text) => withBetween(text, '\u00ad')], ['a byte order mark', (text) => withBetween(text, '\ufeff')],
    ['tags', inTags], ['JSON escapes', inUnicode], ['percent', inPercent], ['HTML', inHtml], ['base64', inBase64], ['base64url', (text) => inBase64(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')],
    ['base64 twice', (text) => inBase64(inBase64(text))], ['hex', inHex],
  ];

  test.each(disguises.flatMap(([name, disguise]) => values.map(([type, value]) => [name, type, value, disguise] as const)))('%s hide no %s', (_name, type, value, disguise) => {
    const text = `see ${disguise(value)} there`;
    const spans = scanText(text);
    expect(spans.map((span) => span.type)).toEqual([type]);
    // Nothing of the disguised value is left outside of the span, except the name of a password.
    const left = text.slice(0, spans[0]!.start) + text.slice(spans[0]!.end);
    expect(left.length).toBeLessThanOrEqual('see  there'.length + (type === 'password' ? disguise('password=').length + 1 : 0));
  });

  test.each([['Arabic', 0x660], ['Persian', 0x6f0], ['Devanagari', 0x966]])('%s digits', (_name, zero) => {
    expect(scanText(`card ${digitsOf(zero)('4111111111111111')}`).map((span) => span.type)).toEqual(['card']);
  });

  test('other dashes between groups', () => {
    expect(found('card 4111–1111–1111–1111')).toEqual(['card 4111–1111–1111–1111']);
  });

  test('bytes that are no text are not read as text', () => {
    expect(found(Buffer.from(Uint8Array.from({ length: 300 }, (_, i) => (i * 97) % 256)).toString('base64'))).toEqual([]);
  });
});

describe('spans', () => {
  test('stand in order, do not overlap, and lie inside, whatever the text', () => {
    const piece = fc.oneof(anyUnits(20), fc.constantFrom('jo@x.io', '4111111111111111', 'password=', 'Tr0ub4dor', '-----BEGIN PRIVATE KEY-----', '[email:abcd]', 'Bearer ', 'eyJ', '+49', '%40', '\\u0040', '\u200b', '＠', 'https://a:b1c2d3@', '(415) 555-', '2671', ' ', '"'));
    fc.assert(fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join('');
      const spans = scanText(text);
      const wrong = spans.filter((span, i) => span.start < (spans[i - 1]?.end ?? 0) || span.end <= span.start || span.end > text.length);
      expect(wrong).toEqual([]);
    }), { numRuns: 250 });
  });

  test('several kinds in one text', () => {
    expect(found('From: jo@x.io, +49 30 901820, card 4111 1111 1111 1111, password: Tr0ub4dor9 from 91.198.174.192')).toEqual(['email jo@x.io', 'phone +49 30 901820', 'card 4111 1111 1111 1111', 'password Tr0ub4dor9', 'ip 91.198.174.192']);
  });

  test('a mask is not read again, and its words say nothing about its neighbours', () => {
    expect(found('[phone:abcd] 0301234567, [card:efgh] 4222222222222, [secret:password:abcd] [email:abcdefghijklmnop]')).toEqual([]);
  });

  test('findPii gives personal data only', () => {
    expect(findPii('jo@x.io password=Tr0ub4dor9')).toEqual([{ start: 0, end: 7, type: 'email' }]);
  });
});

describe('the quick look', () => {
  test('says plain only where the scanner finds nothing', () => {
    const piece = fc.oneof(fc.stringMatching(/^[a-z0-9./_-]{1,12}$/), fc.constantFrom('1.2.3.4', 'AKIA', 'sk_', 'hooks.slack.com/services/T1/B2/', '91.198.174.192', '415-555', '2671', 'GB82WEST', 'eyJ', 'jo@x.io', 'password', '=', ':', ' ', '091'));
    fc.assert(fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join('')), (text) => {
      if (isPlain(text)) expect(scanText(text)).toEqual([]);
    }), { numRuns: 2_000 });
  });

  test('knows the names of an ordinary event', () => {
    for (const text of ['alice', 'ds/customers', 'download', 'sales-emea', 'eu-west-1', 'gpt-4o-mini', '10.1.2', 'lt-42', 'support']) expect(isPlain(text)).toBe(true);
  });

  test('the shallow look decodes nothing', () => {
    expect(scanShallow(inBase64('anna@example.org'))).toEqual([]);
    expect(scanShallow('jo@x.io')).toHaveLength(1);
  });
});

describe('hostile texts take linear time', () => {
  /** Microseconds of the processor, which other processes do not lengthen. */
  const timeOf = (text: string): number => {
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 2; run += 1) {
      const start = process.cpuUsage();
      scanText(text);
      best = Math.min(best, process.cpuUsage(start).user);
    }
    return best;
  };
  const SMALL = 8_192;
  const FACTOR = 16;

  test.each([
    'eyJ-eyJ-', 'eyJ', 'eyJ.', '@', 'a@', '@a.', 'a.', '1', '1 ', '1-', '12:', '::', '4111', '+1', '(1', '-----BEGIN PRIVATE KEY-----', '-----BEGIN ', '://a:', 'password=', 'password', 'token:"', '=', '%40', '%', '\\u0040', '\\', '[', '[email:', '\u200b', '１', 'AKIA', 'sk-', 'Bearer ', 'A+/', 'QUFB', '61', '~Q~', 'GB82', 'hooks.slack.com/', '&#64;', '"', "'", 'password is ',
  ])('%j', (piece) => {
    const small = timeOf(piece.repeat(Math.ceil(SMALL / piece.length)));
    const large = timeOf(piece.repeat(Math.ceil((SMALL * FACTOR) / piece.length)));
    // Quadratic time would be 256 times as long; what is left is room for a busy machine.
    expect(large).toBeLessThan(Math.max(small, 1_000) * FACTOR * 6);
  });
});
