import { WaryError } from '@wary/model/errors.js';
import type { Actor } from '@wary/ports/workflow.port.js';
import type { Principal } from './principal.js';

/** What this code reads of a request; Fastify's fits. */
export interface HttpRequest {
  readonly id: string;
  readonly ip: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

// Beside the request, so that nothing a client sends can ever pass for a principal.
const PRINCIPALS = new WeakMap<object, Principal>();

export function setPrincipal(request: object, principal: Principal): void {
  PRINCIPALS.set(request, principal);
}

/** Who asks, or null on a public route. */
export const optionalPrincipalOf = (request: object): Principal | null => PRINCIPALS.get(request) ?? null;

/** Who asks. Only in handlers behind a policy other than `public`. */
export function principalOf(request: object): Principal {
  const principal = PRINCIPALS.get(request);
  if (principal === undefined) throw new WaryError('unauthenticated');
  return principal;
}

/** Who does it, for rows, timeline and audit. */
export function actorOf(request: HttpRequest): Actor {
  const { id, name, kind } = principalOf(request);
  return { id, name, kind, ip: request.ip, requestId: request.id };
}

export function headerOf(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
