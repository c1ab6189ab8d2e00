import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received { readonly path: string; readonly id: string; readonly timestamp: number; readonly headers: Record<string, string>; readonly body: string; readonly at: number }
export type Answer = number | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string } | 'hang';

/** A real HTTP server that keeps what it got, and answers each path as a test says (default 204). */
export interface WebhookReceiver { readonly url: string; readonly received: Received[]; of(path: string): Received[]; answer(path: string, how: Answer | ((nth: number) => Answer)): void; /** Answers what hangs. */ release(): void; close(): Promise<void> }

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const answers = new Map<string, Answer | ((nth: number) => Answer)>();
  const hanging: http.ServerResponse[] = [];
  const of = (path: string): Received[] => received.filter((one) => one.path === path);
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (part) => { body += String(part); });
    request.on('end', () => {
      const path = request.url ?? '';
      received.push({ path, id: String(request.headers['webhook-id']), timestamp: Number(request.headers['webhook-timestamp']), headers: request.headers as Record<string, string>, body, at: Date.now() });
      const how = answers.get(path) ?? 204;
      const answer = typeof how === 'function' ? how(of(path).length) : how;
      if (answer === 'hang') hanging.push(response);
      else if (typeof answer === 'number') response.writeHead(answer).end();
      else response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, of,
    answer(path, how) { answers.set(path, how); },
    release() { for (const response of hanging.splice(0)) response.writeHead(204).end(); },
    close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(() => { resolve(); }); }),
  };
}
