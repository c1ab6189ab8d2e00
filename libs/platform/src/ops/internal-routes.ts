import { timingSafeEqual } from 'node:crypto';

/** What one process of an installation asks another, on the port of health and metrics. */
export interface InternalRoute {
  readonly path: string;
  answer(query: URLSearchParams): Promise<{ readonly status: number; readonly body: unknown }>;
}

export const INTERNAL_PREFIX = '/internal/';
/** The bearer of internal requests, from the key derived for them (`deriveKey(secret, 'internal')`). */
export const internalToken = (key: Uint8Array): string => Buffer.from(key).toString('base64url');

/** Answers one request below `/internal/`: only who has the installation's secret gets an answer. */
export async function answerInternal(url: string, authorization: string | undefined, routes: readonly InternalRoute[], token: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const given = Buffer.from(/^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? '');
  const expected = Buffer.from(token);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { status: 401, body: { code: 'unauthenticated' } };
  const { pathname, searchParams } = new URL(url, 'http://internal');
  const route = routes.find(({ path }) => path === pathname);
  if (route === undefined) return { status: 404, body: { code: 'not_found' } };
  try {
    return await route.answer(searchParams);
  } catch {
    return { status: 500, body: { code: 'internal' } };
  }
}
