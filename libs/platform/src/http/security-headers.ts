import type { FastifyInstance } from 'fastify';

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

export function addSecurityHeaders(fastify: FastifyInstance, publicUrl: string): void {
  const policy = contentSecurityPolicy(publicUrl);
  const https = publicUrl.startsWith('https:');
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers({
      'content-security-policy': request.url.startsWith('/docs') ? DOCS_POLICY : policy,
      'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin',
      'x-request-id': request.id, 'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      ...(https ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
      ...(request.url.startsWith('/v1/') ? { 'cache-control': 'no-store' } : {}),
    });
    done();
  });
}
