import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../logging/create-logger.js';
import { answerTo } from './problem.js';

/** Every error of every route as problem+json. Never a stack, never SQL, never a secret: what was unexpected goes to the log with the request id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { problem, retryAfterSeconds, unexpected } = answerTo(thrown, request.id);
    if (unexpected) this.logger.error({ err: thrown, requestId: request.id, method: request.method, path: pathOf(request.url) }, 'http.request.failed');
    else if (problem.status >= 500) this.logger.warn({ err: thrown, requestId: request.id, method: request.method, path: pathOf(request.url) }, 'http.request.refused');
    // An answer already begun (a streamed export) cannot become a problem; ending it early tells the client.
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (retryAfterSeconds !== null) reply.header('retry-after', String(retryAfterSeconds));
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="wary"');
    void reply.status(problem.status).header('cache-control', 'no-store').type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
  }
}

/** Query strings can hold what people searched for. */
const pathOf = (url: string): string => url.split('?', 1)[0]!;
