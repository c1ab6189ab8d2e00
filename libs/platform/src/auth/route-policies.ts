import { RequestMethod, type INestApplicationContext } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/internal';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { Action } from '@wary/model/permissions.js';
import { POLICY } from './allow.js';

export interface RoutePolicy { readonly method: string; readonly path: string; readonly actions: readonly Action[] | null; /** `UsersController.create`. */ readonly handler: string }

/** Every route of every controller with its policy: for the check at the start, the page of permissions and the tests of them. */
export function routePolicies(app: Pick<INestApplicationContext, 'get'>): RoutePolicy[] {
  const routes: RoutePolicy[] = [];
  const scanner = new MetadataScanner();
  for (const module of app.get(ModulesContainer, { strict: false }).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const prototype = metatype.prototype as Record<string, object>;
      for (const name of scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name]!;
        const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
        if (method === undefined) continue;
        const actions = (Reflect.getMetadata(POLICY, handler) ?? Reflect.getMetadata(POLICY, metatype) ?? null) as readonly Action[] | null;
        for (const base of pathsOf(metatype)) for (const path of pathsOf(handler)) routes.push({ method: RequestMethod[method], path: `/${[base, path].filter((part) => part !== '').join('/')}`, actions, handler: `${metatype.name}.${name}` });
      }
    }
  }
  return routes.sort((a, b) => (a.path === b.path ? (a.method < b.method ? -1 : 1) : a.path < b.path ? -1 : 1));
}

/** Throws naming every route that says not who may use it; and when it sees no route at all, because then it is blind. */
export function assertEveryRouteHasPolicy(app: Pick<INestApplicationContext, 'get'>): RoutePolicy[] {
  const routes = routePolicies(app);
  if (routes.length === 0) throw new Error('no route was found: the check of policies is blind');
  const open = routes.filter(({ actions }) => actions === null);
  if (open.length > 0) throw new Error(`every route needs a policy (@Allow): ${open.map(({ method, path, handler }) => `${method} ${path} (${handler})`).join(', ')}`);
  return routes;
}

function pathsOf(target: object): string[] {
  const path = Reflect.getMetadata(PATH_METADATA, target) as string | string[] | undefined;
  return (Array.isArray(path) ? path : [path ?? '']).map((part) => part.replaceAll(/^\/+|\/+$/g, ''));
}
