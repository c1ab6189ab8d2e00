import type { Scope } from '@wary/model/permissions.js';
import request from 'supertest';
import { SYSTEM_ACTOR } from '@wary/ports/workflow.port.js';
import { ADMIN, PUBLIC_URL, TENANT, type ApiApp } from './api-app.js';

/** Requests of one person or key. A browser's come with its cookie and its origin. */
export interface ApiClient {
  get(path: string): request.Test;
  post(path: string, body?: object): request.Test;
  put(path: string, body: object | string): request.Test;
  patch(path: string, body: object): request.Test;
  delete(path: string, body?: object): request.Test;
}

function clientOf(api: ApiApp, headers: Record<string, string>): ApiClient {
  const send = (method: 'get' | 'post' | 'put' | 'patch' | 'delete') => (path: string, body?: object | string): request.Test => {
    const test = request(api.url)[method](path).set(headers);
    if (body === undefined) return test;
    return typeof body === 'string' ? test.type('text/csv').send(body) : test.send(body);
  };
  return { get: send('get'), post: send('post'), put: send('put'), patch: send('patch'), delete: send('delete') };
}

export const anonymous = (api: ApiApp): ApiClient => clientOf(api, {});
export const withKey = (api: ApiApp, key: string): ApiClient => clientOf(api, { authorization: `Bearer ${key}` });
export const withCookie = (api: ApiApp, cookie: string, origin = PUBLIC_URL): ApiClient => clientOf(api, { cookie, origin });

export const cookieOf = (response: request.Response): string => {
  const [header] = (response.headers['set-cookie'] ?? []) as unknown as string[];
  return header?.split(';')[0] ?? '';
};

export async function signIn(api: ApiApp, email = ADMIN.email, password = ADMIN.password): Promise<{ client: ApiClient; cookie: string; response: request.Response }> {
  const response = await request(api.url).post('/v1/auth/login').send({ email, password });
  const cookie = cookieOf(response);
  return { client: withCookie(api, cookie), cookie, response };
}

/** A key made below the API, for tests that are about something else. */
export async function newKey(api: ApiApp, ...scopes: Scope[]): Promise<{ client: ApiClient; key: string; id: string }> {
  const { key, secret } = await api.accounts.apiKeys.create(TENANT, { name: scopes.join('+'), scopes, expiresAt: null }, SYSTEM_ACTOR);
  return { client: withKey(api, secret ?? ''), key: secret ?? '', id: key.id };
}
