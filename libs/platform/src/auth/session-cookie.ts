import { isSessionToken } from './secret-token.js';

export const SESSION_COOKIE = 'wary_session';

/** The session's token in a Cookie header; null when there is none that could be one. */
export function readSessionCookie(header: string | undefined): string | null {
  if (header === undefined || header.length > 8_192) return null;
  for (const part of header.split(';')) {
    const equals = part.indexOf('=');
    if (equals < 0 || part.slice(0, equals).trim() !== SESSION_COOKIE) continue;
    const value = part.slice(equals + 1).trim();
    return isSessionToken(value) ? value : null;
  }
  return null;
}

export function sessionCookie(token: string, maxAgeMs: number, secure: boolean): string {
  return `${SESSION_COOKIE}=${token}; Path=/; Max-Age=${Math.floor(maxAgeMs / 1_000)}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}
export const endedSessionCookie = (secure: boolean): string => sessionCookie('', 0, secure);
