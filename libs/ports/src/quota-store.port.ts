/** Tokens that come back at a rate, up to a burst; one token is one record. */
export interface QuotaBounds { readonly perSecond: number; readonly burst: number }
/** Tokens taken, at least those asked for; or how long to wait until they can be. */
export type QuotaLease = { readonly tokens: number } | { readonly waitMs: number };

/** What tenants may send, counted over all processes: each takes tokens for some moments ahead, so that nothing is asked for a single record. */
export interface QuotaStore {
  /**
   * Takes `needed` tokens, and up to `wanted` when there are more. What is larger than a whole burst is let through when nothing is taken, and
   * leaves a debt that is paid back before anything else is.
   */
  lease(tenant: string, bounds: QuotaBounds, needed: number, wanted: number): Promise<QuotaLease>;
}
