import { buildEvent } from '@wary/testkit/event-builder.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventCategories } from './event-categories.js';
import { CATEGORY_COUNT, categoryHash, categoryValue } from './features.js';

const ip = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('', '::1', '2001:db8::7', '.1', '1.', ':', 'host', 'fe80::1%eth0', '::ffff:10.1.2.3'));
const userAgent = fc.oneof(fc.string({ maxLength: 90 }), fc.constantFrom('', '/', 'python-requests/2.32', 'Mozilla/5.0 Firefox/140.0', 'Mozilla/5.0 (X11) Chrome/1 Edg/1', 'curl', 'ä/1', 'Mozilla'));

describe('EventCategories', () => {
  it('hashes what categories say, to the bit, one event after another', () => {
    const categories = new EventCategories();
    fc.assert(fc.property(ip, userAgent, fc.integer({ min: 0, max: 3 }), fc.boolean(), fc.string(), (address, agent, asn, knownEgress, id) => {
      const event = { ...buildEvent({ client: { ip: address, userAgent: agent, asn, country: 'DE' }, resource: { id } }), knownEgress };
      categories.read(event);
      for (let category = 0; category < CATEGORY_COUNT; category += 1) {
        const value = categoryValue(event, category);
        expect(categories.hashes[category]).toBe(value === '' ? 0 : categoryHash(value));
      }
    }));
  });
});
