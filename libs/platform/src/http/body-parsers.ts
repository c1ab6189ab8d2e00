import type { FastifyInstance, FastifyRequest } from 'fastify';
import { WaryError } from '@wary/model/errors.js';
import { API_LIMITS, INGEST_LIMITS } from '@wary/model/limits.js';
import secureJsonParse from 'secure-json-parse';

const INGEST_PATH = /^\/v1\/(events|traces|logs|metrics)(?:[/?]|$)/;
export const isIngest = (request: Pick<FastifyRequest, 'method' | 'url'>): boolean => request.method === 'POST' && INGEST_PATH.test(request.url);

const YAML: ReadonlySet<string> = new Set(['application/yaml', 'application/x-yaml', 'text/yaml']);

const tooLarge = (limit: number): WaryError => new WaryError('body_too_large', `The body may have ${limit} bytes at the most; send it in parts`);

/**
 * Ingest routes get their bytes as they came (they have limits and formats of their own); every other route gets JSON or text.
 * Keys that would reach a prototype are refused.
 */
export function addBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: INGEST_LIMITS.bodyBytesMax }, (request, body: Buffer, done) => {
    if (isIngest(request)) {
      done(null, body);
      return;
    }
    const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
    const registerFile = request.method === 'PUT' && request.url.startsWith('/v1/registers/');
    if (body.length > (registerFile ? INGEST_LIMITS.bodyBytesMax : API_LIMITS.bodyBytesMax)) {
      done(tooLarge(API_LIMITS.bodyBytesMax), undefined);
    } else if (type === 'text/csv' && registerFile) {
      done(null, body.toString('utf8'));
    } else if (YAML.has(type) && request.method === 'POST' && /^\/v1\/rules\/?(?:\?|$)/.test(request.url)) {
      done(null, body.toString('utf8'));
    } else if (type !== 'application/json' && type !== '') {
      done(new WaryError('unsupported_media_type', `${type} is not taken here; send application/json`), undefined);
    } else if (body.length === 0) {
      done(null, undefined);
    } else {
      parseJson(body, done);
    }
  });
}

function parseJson(body: Buffer, done: (error: Error | null, value?: unknown) => void): void {
  try {
    done(null, secureJsonParse.parse(body.toString('utf8'), null, { protoAction: 'error', constructorAction: 'error' }));
  } catch {
    done(new WaryError('bad_request', 'The body is not valid JSON, or has a key that is refused (__proto__, constructor)'));
  }
}
