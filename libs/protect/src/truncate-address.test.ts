import { expect, test } from 'vitest';
import { truncateAddress } from './truncate-address.js';

test.each([
  ['91.198.174.192', '91.198.174.0'], ['10.0.0.0', '10.0.0.0'], ['2a00:1450:4001:82a::200e', '2a00:1450:4001::'], ['2001:db8::1', '2001:db8:0::'], ['::ffff:91.198.174.192', '::ffff:5bc6:ae00'], ['unknown', 'unknown'], ['', ''],
])('%s', (ip, network) => {
  expect(truncateAddress(ip)).toBe(network);
  expect(truncateAddress(network)).toBe(network);
});
