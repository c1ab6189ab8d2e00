import { createHmac, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;
/** `wary_` and 32 random bytes or more in base64url; the prefix lets secret scanners find a leaked one. */
const API_KEY = /^wary_[A-Za-z0-9_-]{43,300}$/;
const SESSION_TOKEN = /^[A-Za-z0-9_-]{43}$/;

export const newApiKey = (): string => `wary_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
export const newSessionToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');
export const isApiKey = (text: string): boolean => API_KEY.test(text);
export const isSessionToken = (text: string): boolean => SESSION_TOKEN.test(text);

/** Tokens are random, so a fast keyed hash is enough; who reads the table can neither use nor check one. */
export const hashToken = (key: Uint8Array, token: string): string => createHmac('sha256', key).update(token).digest('base64url');
export const hintOf = (apiKey: string): string => apiKey.slice(-4);
