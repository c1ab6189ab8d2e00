import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Wary API</title><link rel="stylesheet" href="/docs/ui/swagger-ui.css"></head>
<body><main id="api"></main><script src="/docs/ui/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>
`;
const START = "window.ui = SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, persistAuthorization: false });\n";

/** `/openapi.json` for programs, `/docs` for people: Swagger UI from its own package, every script a file. */
export async function serveApiDocument(fastify: FastifyInstance, document: OpenAPIObject): Promise<void> {
  const text = JSON.stringify(document);
  const ui = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  fastify.get('/openapi.json', (_, reply) => reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache').send(text));
  fastify.get('/docs', (_, reply) => reply.type('text/html; charset=utf-8').send(PAGE));
  fastify.get('/docs/start.js', (_, reply) => reply.type('text/javascript; charset=utf-8').send(START));
  await fastify.register(fastifyStatic, { root: ui, prefix: '/docs/ui/', decorateReply: false, index: false, maxAge: 86_400_000, allowedPath: (path) => /^\/swagger-ui(?:-bundle)?\.(?:js|css)$/.test(path) });
}
