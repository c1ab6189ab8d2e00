const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface OriginCheck {
  /** Of WARY_PUBLIC_URL, and other names of the same place. */
  readonly allowedOrigins: readonly string[];
  /** Also refuse requests that say nothing of where they come from. */
  readonly originRequired: boolean;
}
export interface OriginHeaders { readonly method: string; readonly origin: string | undefined; readonly fetchSite: string | undefined }

/**
 * Whether a request that a cookie could authorise may change something. A page cannot forge `Origin` or `Sec-Fetch-Site`, and every browser sends
 * one of them with such a request. What sends neither is a script that holds the cookie itself, which no foreign page can make it use
 * (the cookie is SameSite=Strict besides); it is refused only where `originRequired` says so.
 */
export function isOriginAllowed({ method, origin, fetchSite }: OriginHeaders, { allowedOrigins, originRequired }: OriginCheck): boolean {
  if (SAFE_METHODS.has(method)) return true;
  if (origin !== undefined && allowedOrigins.includes(origin)) return true;
  // The page was served by this very origin, under a name that the configuration does not know (localhost for 127.0.0.1).
  if (fetchSite === 'same-origin') return true;
  return origin === undefined && fetchSite === undefined && !originRequired;
}
