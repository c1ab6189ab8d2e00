import { HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerTo } from './problem.js';

/**
 * What the router refuses before any hook or filter runs: an address that cannot be decoded (400), a part of it that is too long (414).
 * Without this they would be the framework's own JSON, which repeats the address.
 */
export function frameworkErrors(headersOf: (request: Pick<FastifyRequest, 'id' | 'url'>) => Record<string, string>) {
  return (error: { readonly statusCode?: number }, request: FastifyRequest, reply: FastifyReply): void => {
    const { problem } = answerTo(new HttpException('', error.statusCode ?? 400), request.id);
    void reply.status(problem.status).headers({ ...headersOf(request), 'cache-control': 'no-store' }).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
  };
}
