import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scanText } from './scan-text.js';

const found = (text: string): string[] => scanText(text).filter((span) => span.type === 'email').map((span) => text.slice(span.start, span.end));

describe('mail addresses', () => {
  test.each([
    ['write to anna.b+tag@mail.example.org.', 'anna.b+tag@mail.example.org'], ['<jo@x.io>', 'jo@x.io'], ['"o\'neil@x.com"', "o'neil@x.com"], ['mailto:jo@x.io?subject=x', 'jo@x.io'],
    ['jörg@müller.de', 'jörg@müller.de'], ['?mail=jo%40x.io&a=1', 'jo%40x.io'], ['"jo\\u0040x.io"', 'jo\\u0040x.io'], ['jo&#64;x.io', 'jo&#64;x.io'], ['see jo@x.io.Then', 'jo@x.io.Then'],
    ['\\njo@x.io\\n', 'jo@x.io'], ['JO@X.IO', 'JO@X.IO'], ['jo@xn--mller-kva.de', 'jo@xn--mller-kva.de'], ['a@b.co', 'a@b.co'], ['jo%2Btag%40x.io', 'jo%2Btag%40x.io'],
  ])('%s', (text, address) => expect(found(text)).toEqual([address]));

  test.each(['logo@2x.png', 'git@github.com:org/repo.git', 'user@localhost', '@handle', 'a@b', 'chunk@main.js', 'x@1.2.3', 'foo@@bar.com', 'dot.@x.com', 'a @ b.com'])('not: %s', (text) => expect(found(text)).toEqual([]));

  test('an address between blanks is found whole, whatever stands around', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{1,11}$/);
    fc.assert(fc.property(word, word, fc.constantFrom('com', 'org', 'de', 'io', 'travel'), fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (local, host, top, before, after) => {
      const address = `${local}@${host}.${top}`;
      expect(scanText(`${before} ${address} ${after}`).some((span) => `${before} ${address} ${after}`.slice(span.start, span.end).includes(address))).toBe(true);
    }), { numRuns: 300 });
  });
});
