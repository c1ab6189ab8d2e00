import { createHmac } from 'node:crypto';
import { base32 } from './base32.js';

const PATTERN = /^p_[a-z2-7]{20}$/;
const CACHED_MAX = 100_000;

/**
 * Stable stand-ins for ids: `p_` and 20 characters of base32. The first 16 are 80 bits of HMAC-SHA-256 over tenant and id;
 * the last 4 authenticate them, so that a pseudonym is recognised (and not pseudonymised again) and cannot be made up by a sender.
 */
export class Pseudonyms {
  private readonly cache = new Map<string, string>();

  constructor(private readonly key: Uint8Array) {}

  of(tenant: string, id: string): string {
    const cacheKey = `${tenant.length}\0${tenant}\0${id}`;
    let pseudonym = this.cache.get(cacheKey);
    if (pseudonym === undefined) {
      if (this.cache.size >= CACHED_MAX) this.cache.clear();
      pseudonym = this.isOurs(tenant, id) ? id : this.make(tenant, id);
      this.cache.set(cacheKey, pseudonym);
    }
    return pseudonym;
  }

  private make(tenant: string, id: string): string {
    const body = base32(createHmac('sha256', this.key).update(`id\0${tenant.length}\0${tenant}\0${id}`).digest(), 16);
    return `p_${body}${this.check(tenant, body)}`;
  }

  private isOurs(tenant: string, id: string): boolean {
    return PATTERN.test(id) && this.check(tenant, id.slice(2, 18)) === id.slice(18);
  }

  private check(tenant: string, body: string): string {
    return base32(createHmac('sha256', this.key).update(`check\0${tenant.length}\0${tenant}\0${body}`).digest(), 4);
  }
}
