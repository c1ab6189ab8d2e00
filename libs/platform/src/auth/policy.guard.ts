import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { WaryError } from '@wary/model/errors.js';
import type { Action } from '@wary/model/permissions.js';
import type { Clock } from '@wary/ports/clock.port.js';
import { POLICY } from './allow.js';
import type { Authenticator } from './authenticator.js';
import { isOriginAllowed, type OriginCheck } from './origin-check.js';
import { headerOf, setPrincipal, type HttpRequest } from './request-context.js';

const MUST_FIRST = { mustChangePassword: 'Change your password first (POST /v1/me/password)', mustSetUpSecondFactor: 'Set up your second factor first (POST /v1/me/second-factor)' } as const;

/** Deny by default: a route says who may use it, or nobody may. */
export class PolicyGuard implements CanActivate {
  private readonly reflector = new Reflector();

  constructor(private readonly authenticator: Authenticator, private readonly clock: Clock, private readonly origins: OriginCheck) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Sockets are admitted by their gateway.
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const policy = this.reflector.getAllAndOverride<readonly Action[] | undefined>(POLICY, [context.getHandler(), context.getClass()]);
    if (policy === undefined) throw new WaryError('forbidden', 'This route has no policy');
    const authorization = headerOf(request, 'authorization');
    // A key is sent on purpose; a cookie goes along with whatever a page makes the browser send.
    if (authorization === undefined && !isOriginAllowed({ method: request.method, origin: headerOf(request, 'origin'), fetchSite: headerOf(request, 'sec-fetch-site') }, this.origins)) throw new WaryError('origin_forbidden');
    if (policy.includes('public')) return true;

    const principal = await this.authenticator.authenticate({ cookie: headerOf(request, 'cookie'), authorization, ip: request.ip, now: this.clock.now() });
    if (principal === null) throw new WaryError('unauthenticated');
    if (!policy.some((action) => principal.actions.has(action))) {
      if (principal.mustFirst !== undefined) throw new WaryError('forbidden', MUST_FIRST[principal.mustFirst], { [principal.mustFirst]: true });
      throw new WaryError('forbidden');
    }
    setPrincipal(request, principal);
    return true;
  }
}
