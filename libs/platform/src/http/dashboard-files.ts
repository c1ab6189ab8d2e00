import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import { WaryError } from '@wary/model/errors.js';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { answerTo } from '../errors/problem.js';

/** apps/dashboard/dist, wherever the repository lies (this file runs from libs/platform/src/http or libs/platform/dist/http). */
export const dashboardDir = (): string => join(dirname(fileURLToPath(import.meta.url)), '../../../../apps/dashboard/dist');

const NO_PAGE = /^\/(?:v1|docs|openapi|socket\.io|assets)(?:[/.?-]|$)/;
const isPage = ({ url, headers }: Pick<FastifyRequest, 'url' | 'headers'>): boolean => !NO_PAGE.test(url) && /text\/html|\*\/\*/.test(headers.accept ?? '*/*');

/** Serves the dashboard's files; every page address answers with the one page, which routes by itself. Hashed files never change. */
export async function serveDashboard(fastify: FastifyInstance, dir = dashboardDir()): Promise<void> {
  const there = existsSync(join(dir, 'index.html'));
  if (there) {
    await fastify.register(fastifyStatic, {
      root: dir, wildcard: false, index: ['index.html'], cacheControl: false,
      setHeaders: (reply, path) => { void reply.setHeader('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'); },
    });
  }
  fastify.get('/*', (request, reply) => {
    if (there && isPage(request)) return reply.header('cache-control', 'no-cache').sendFile('index.html', dir);
    const { problem } = answerTo(new WaryError('not_found', there ? undefined : 'The dashboard is not built; run npm run setup'), request.id);
    return reply.status(404).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
  });
}
