import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { WaryError } from '@wary/model/errors.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { ThrottleBounds, ThrottleStore } from '@wary/ports/throttle-store.port.js';
import type { AuthLimits } from './auth-limits.js';

export interface LoginThrottle {
  /** Takes one try of the account and of the address before the password is looked at, so that parallel tries count too. Throws `rate_limited`. */
  begin(account: string, ip: string): Promise<void>;
  /** It was right: the account's tries are forgotten, the address gets its one back. */
  succeeded(account: string, ip: string): Promise<void>;
}

export interface LoginThrottleParts {
  readonly store: ThrottleStore;
  readonly clock: Clock;
  readonly limits: Pick<AuthLimits, 'accountFailuresMax' | 'addressFailuresMax' | 'failureWindowSeconds' | 'waitSeconds'>;
  /** What is tried: tries of one thing are not those of another. */
  readonly what: 'sign-in' | 'second-factor';
}

/** Counted in the database: whoever tries at several processes, or after a restart, has the same few tries. */
export function createLoginThrottle({ store, clock, limits, what }: LoginThrottleParts): LoginThrottle {
  const bounds = (triesMax: number): ThrottleBounds => ({ triesMax, windowMs: limits.failureWindowSeconds * 1_000, waitMs: limits.waitSeconds * 1_000 });
  const ofAccount = bounds(limits.accountFailuresMax);
  const ofAddress = bounds(limits.addressFailuresMax);
  // Hashed: the key is as long as ours, not as what somebody typed.
  const accountKey = (account: string): string => `${what}:account:${createHash('sha256').update(account.toLowerCase()).digest('base64url').slice(0, 22)}`;
  const ipKey = (ip: string): string => `${what}:address:${addressKey(ip)}`;
  const take = async (key: string, of: ThrottleBounds): Promise<void> => {
    const waitMs = await store.take(key, of, clock.now());
    if (waitMs !== null) throw new WaryError('rate_limited', 'Too many failed sign-ins; wait as long as Retry-After says', { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) });
  };
  return {
    async begin(account, ip) {
      await take(ipKey(ip), ofAddress);
      await take(accountKey(account), ofAccount);
    },
    async succeeded(account, ip) {
      await store.forget(accountKey(account));
      await store.giveBack(ipKey(ip), clock.now());
    },
  };
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
