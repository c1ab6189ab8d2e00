import { createServer, type Server } from 'node:http';
import { collectDefaultMetrics, type Registry } from 'prom-client';
import { answerInternal, INTERNAL_PREFIX, type InternalRoute } from './internal-routes.js';

export interface OpsServer { readonly port: number; close(): Promise<void> }

export interface OpsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly registry: Registry;
  readonly isReady: () => Promise<{ ready: boolean; reason: string }>;
  /** What other processes of the installation may ask, with their bearer; unset: nothing. */
  readonly internal?: { readonly token: string; readonly routes: () => readonly InternalRoute[] };
}

/**
 * Health and metrics on a port of their own, without a password, for the orchestrator alone. Live and ready are apart:
 * a store that is down makes the process unready, never dead.
 */
export async function startOpsServer({ host, port, registry, isReady, internal }: OpsServerOptions): Promise<OpsServer> {
  collectDefaultMetrics({ register: registry });
  const server: Server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string): void => { response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body); };
    const path = (request.url ?? '').split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') answer(405, 'text/plain', 'method not allowed\n');
    else if (path === '/healthz') answer(200, 'application/json', '{"status":"ok"}\n');
    else if (path === '/readyz') {
      isReady().then(
        ({ ready, reason }) => { answer(ready ? 200 : 503, 'application/json', `${JSON.stringify({ status: ready ? 'ready' : 'not_ready', reason })}\n`); },
        () => { answer(503, 'application/json', '{"status":"not_ready","reason":"the check failed"}\n'); },
      );
    } else if (path === '/metrics') {
      registry.metrics().then((text) => { answer(200, registry.contentType, text); }, () => { answer(500, 'text/plain', 'metrics failed\n'); });
    } else if (internal !== undefined && path?.startsWith(INTERNAL_PREFIX) === true) {
      void answerInternal(request.url!, request.headers.authorization, internal.routes(), internal.token).then(({ status, body }) => { answer(status, 'application/json', `${JSON.stringify(body)}\n`); });
    } else answer(404, 'text/plain', 'not found\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => { resolve(); });
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => new Promise((resolve) => {
      server.close(() => { resolve(); });
      server.closeAllConnections();
    }),
  };
}
