import { describe, expect, it } from 'vitest';
import { addressKey, createLoginThrottle } from './login-throttle.js';

const limits = { accountFailuresMax: 5, addressFailuresMax: 8, failureWindowSeconds: 60, waitSeconds: 1 };
const refused = { code: 'rate_limited', details: { retryAfterSeconds: 1 } };

describe('the throttle of sign-ins', () => {
  it('lets five tries of an account through, then none until the wait is over', async () => {
    const throttle = createLoginThrottle(limits);
    for (let i = 0; i < 5; i += 1) await throttle.begin('Bob@x.example', `192.0.2.${i}`);
    await expect(throttle.begin('bob@x.example', '192.0.2.9')).rejects.toMatchObject(refused);
    await throttle.begin('eve@x.example', '192.0.2.9');
    await new Promise((resolve) => { setTimeout(resolve, 1_100); });
    await throttle.begin('bob@x.example', '192.0.2.9');
  });

  it('forgets the failures of an account that got in, and not those of the address', async () => {
    const throttle = createLoginThrottle(limits);
    for (let round = 0; round < 3; round += 1) {
      await throttle.begin('bob@x.example', '192.0.2.1');
      await throttle.begin('bob@x.example', '192.0.2.1');
      await throttle.succeeded('bob@x.example', '192.0.2.1');
    }
    for (let i = 3; i < 8; i += 1) await throttle.begin(`user${i}@x.example`, '192.0.2.1');
    await expect(throttle.begin('another@x.example', '192.0.2.1')).rejects.toMatchObject(refused);
    await throttle.begin('another@x.example', '192.0.2.2');
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'], ['::ffff:192.0.2.1', '192.0.2.1'], ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'], ['2001:db8:1:2::9', '2001:db8:1:2'], ['2001:0db8:0001:0002::', '2001:db8:1:2'], ['::1', '0:0:0:0'], ['2001:db8::', '2001:db8:0:0'],
  ])('counts %s as %s: an IPv6 network is one address', (ip, key) => {
    expect(addressKey(ip)).toBe(key);
  });
});
