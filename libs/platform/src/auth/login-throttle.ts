import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { WaryError } from '@wary/model/errors.js';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { AuthLimits } from './auth-limits.js';

export interface LoginThrottle {
  /** Takes one try of the account and of the address before the password is looked at, so that parallel tries count too. Throws `rate_limited`. */
  begin(account: string, ip: string): Promise<void>;
  /** It was right: the account's tries are forgotten, the address gets its one back. */
  succeeded(account: string, ip: string): Promise<void>;
}

/** In memory: each process of many counts for itself. */
export function createLoginThrottle(limits: Pick<AuthLimits, 'accountFailuresMax' | 'addressFailuresMax' | 'failureWindowSeconds' | 'waitSeconds'>): LoginThrottle {
  const limiter = (points: number, keyPrefix: string) => new RateLimiterMemory({ keyPrefix, points, duration: limits.failureWindowSeconds, blockDuration: limits.waitSeconds });
  const accounts = limiter(limits.accountFailuresMax, 'account');
  const addresses = limiter(limits.addressFailuresMax, 'address');
  // Hashed: the key is as long as ours, not as what somebody typed.
  const accountKey = (account: string): string => createHash('sha256').update(account.toLowerCase()).digest('base64url').slice(0, 22);
  return {
    async begin(account, ip) {
      await consume(addresses, addressKey(ip));
      await consume(accounts, accountKey(account));
    },
    async succeeded(account, ip) {
      await accounts.delete(accountKey(account));
      await addresses.reward(addressKey(ip));
    },
  };
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw new WaryError('rate_limited', 'Too many failed sign-ins; wait as long as Retry-After says', { retryAfterSeconds: Math.max(1, Math.ceil(refused.msBeforeNext / 1_000)) });
  }
}

/** Somebody with an IPv6 network has 2^64 addresses in it: the network counts as one. */
export function addressKey(ip: string): string {
  if (!isIPv6(ip) || ip.startsWith('::ffff:')) return ip.replace(/^::ffff:/, '');
  const [head = '', tail = ''] = ip.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === '' ? [] : tail.split(':');
  const groups = ip.includes('::') ? [...front, ...Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0'), ...back] : front;
  return groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}
