import type { FastifyInstance, FastifyRequest } from 'fastify';

/** No inline script or style, nothing from elsewhere, no frame around us (OWASP ASVS V3). `connect-src` names the socket's scheme for browsers that need it. */
export function contentSecurityPolicy(publicUrl: string): string {
  const socket = publicUrl.replace(/^http/, 'ws');
  return [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", `connect-src 'self' ${socket}`,
    "manifest-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
  ].join('; ');
}

/** The documentation page needs inline styles; its scripts are files like everybody's. */
const DOCS_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/** The headers of every answer. */
export function securityHeaders(publicUrl: string): (request: Pick<FastifyRequest, 'id' | 'url'>) => Record<string, string> {
  const policy = contentSecurityPolicy(publicUrl);
  const https = publicUrl.startsWith('https:');
  return ({ id, url }) => ({
    'content-security-policy': url.startsWith('/docs') ? DOCS_POLICY : policy,
    'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin',
    'x-request-id': id, 'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    ...(https ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
    ...(url.startsWith('/v1/') ? { 'cache-control': 'no-store' } : {}),
  });
}

export function addSecurityHeaders(fastify: FastifyInstance, headersOf: ReturnType<typeof securityHeaders>): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headersOf(request));
    done();
  });
}
