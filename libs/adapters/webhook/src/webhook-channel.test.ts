import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { selfSignedCertificate } from '@wary/testkit/self-signed-certificate.js';
import { afterEach, describe, expect, it } from 'vitest';
import { retryAfterMs } from './read-answer.js';
import { createWebhookChannel } from './webhook-channel.js';

const servers: Server[] = [];
async function listen(server: Server, host = '127.0.0.1', port = 0): Promise<number> {
  await new Promise<void>((done, fail) => { server.on('error', fail); server.listen(port, host, done); });
  servers.push(server);
  return (server.address() as AddressInfo).port;
}
afterEach(() => { for (const server of servers.splice(0)) { (server as http.Server).closeAllConnections?.(); server.close(); } });

const serve = (listener: RequestListener): Promise<number> => listen(http.createServer(listener));
const request = (url: string, timeoutMs = 5_000, body = '{"a":1}') => ({ url, headers: { 'content-type': 'application/json', 'webhook-id': 'msg_1' }, body, timeoutMs });
const local = createWebhookChannel({ allow: ['127.0.0.0/8'] });

describe('webhook channel', () => {
  it('posts body and headers, and gives status, Retry-After and the start of the answer', async () => {
    const seen: Array<{ method: string | undefined; path: string | undefined; headers: http.IncomingHttpHeaders; body: string }> = [];
    const port = await serve((incoming, answer) => {
      let body = '';
      incoming.on('data', (part) => { body += String(part); });
      incoming.on('end', () => {
        seen.push({ method: incoming.method, path: incoming.url, headers: incoming.headers, body });
        answer.writeHead(429, { 'retry-after': '7' }).end('slow down');
      });
    });
    expect(await local.send(request(`http://127.0.0.1:${port}/hook?x=1`, 5_000, '{"ü":"😀"}'))).toMatchObject({ kind: 'answered', status: 429, retryAfterMs: 7_000, body: 'slow down' });
    expect(seen).toMatchObject([{ method: 'POST', path: '/hook?x=1', body: '{"ü":"😀"}', headers: { 'webhook-id': 'msg_1', host: `127.0.0.1:${port}`, 'content-type': 'application/json' } }]);
  });

  it('passes every status from 200 to 599 on as it is', async () => {
    const port = await serve((incoming, answer) => { incoming.resume(); answer.writeHead(Number(incoming.url!.slice(1)), { location: `http://127.0.0.1:${port}/200` }).end(); });
    for (let status = 200; status <= 599; status += 1) expect(await local.send(request(`http://127.0.0.1:${port}/${status}`))).toMatchObject({ kind: 'answered', status });
  });

  it('never follows a redirect', async () => {
    let reached = 0;
    const target = await serve((_, answer) => { reached += 1; answer.end(); });
    for (const status of [301, 302, 303, 307, 308]) {
      const port = await serve((_, answer) => { answer.writeHead(status, { location: `http://127.0.0.1:${target}/` }).end(); });
      expect(await local.send(request(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'answered', status });
    }
    expect(reached).toBe(0);
  });

  it('connects to the address it judged, whatever the name says a moment later', async () => {
    let inner = 0;
    const port = await listen(http.createServer((_, answer) => { answer.end('outer'); }), '127.0.0.2');
    await listen(http.createServer((_, answer) => { inner += 1; answer.end('inner'); }), '127.0.0.1', port);
    let asked = 0;
    const channel = createWebhookChannel({ allow: ['127.0.0.2'], resolve: async () => { asked += 1; return [{ address: asked === 1 ? '127.0.0.2' : '127.0.0.1', family: 4 }]; } });
    expect(await channel.send(request(`http://rebind.example:${port}/`))).toMatchObject({ kind: 'answered', status: 200, body: 'outer' });
    expect(asked).toBe(1);
    expect(await channel.send(request(`http://rebind.example:${port}/`))).toMatchObject({ kind: 'failed', code: 'blocked_address' });
    expect(inner).toBe(0);
  });

  it('the allow list knows hosts, names below a host, addresses, networks and ports', async () => {
    const port = await serve((_, answer) => { answer.end(); });
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const reaches = async (allow: string, host: string): Promise<boolean> => (await createWebhookChannel({ allow: [allow], resolve }).send(request(`http://${host}:${port}/`))).kind === 'answered';
    const table: ReadonlyArray<readonly [string, string, boolean]> = [
      ['hooks.internal', 'hooks.internal', true], ['hooks.internal', 'HOOKS.internal', true], ['hooks.internal', 'other.internal', false], ['hooks.internal', 'x.hooks.internal', false], ['*.internal', 'hooks.internal', true], ['*.internal', 'internal', false],
      ['*.internal', 'evilinternal', false], [`hooks.internal:${port}`, 'hooks.internal', true], ['hooks.internal:1', 'hooks.internal', false], ['127.0.0.1', 'hooks.internal', true], ['127.0.0.0/8', 'hooks.internal', true], ['10.0.0.0/8', 'hooks.internal', false],
      [`127.0.0.1:${port}`, '127.0.0.1', true], ['127.0.0.1:1', '127.0.0.1', false], ['::1', '127.0.0.1', false], ['[::1]:80', '127.0.0.1', false], ['0.0.0.0/0', '127.0.0.1', true], ['::/0', '127.0.0.1', false],
    ];
    for (const [allow, host, expected] of table) expect([allow, host, await reaches(allow, host)]).toEqual([allow, host, expected]);
    for (const wrong of ['10.0.0.0/33', 'http://x', '10.0.0/8', 'a b', '*.10.0.0.1', '::1/200']) expect(() => createWebhookChannel({ allow: [wrong] })).toThrow(wrong);
  });

  it('checks certificates, also of hosts that are listed', async () => {
    const { key, cert } = selfSignedCertificate('localhost');
    const port = await listen(https.createServer({ key, cert }, (_, answer) => { answer.end('secure'); }));
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    expect(await createWebhookChannel({ allow: ['localhost'], resolve }).send(request(`https://localhost:${port}/`))).toMatchObject({ kind: 'failed', code: 'connection', message: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT') });
    expect(await createWebhookChannel({ allow: ['localhost'], resolve, ca: cert }).send(request(`https://localhost:${port}/`))).toMatchObject({ kind: 'answered', status: 200, body: 'secure' });
    expect(await createWebhookChannel({ allow: ['other.example'], resolve, ca: cert }).send(request(`https://other.example:${port}/`))).toMatchObject({ kind: 'failed', code: 'connection' });
  });
});

describe('endpoints that waste time or memory', () => {
  it('one that never answers is cut at the deadline', async () => {
    const port = await listen(createTcpServer((socket) => { socket.resume(); }));
    const outcome = await local.send(request(`http://127.0.0.1:${port}/`, 300));
    expect(outcome).toMatchObject({ kind: 'failed', code: 'timeout' });
    expect(outcome.durationMs).toBeLessThan(10_000);
  });

  it('one that drips its headers is cut at the deadline', async () => {
    const port = await listen(createTcpServer((socket) => {
      socket.on('error', () => {});
      const timer = setInterval(() => socket.write('x-a: b\r\n'), 50);
      socket.write('HTTP/1.1 200 OK\r\n');
      socket.on('close', () => { clearInterval(timer); });
    }));
    expect(await local.send(request(`http://127.0.0.1:${port}/`, 400))).toMatchObject({ kind: 'failed', code: 'timeout' });
  });

  it('one that drips or never ends its body has answered; what came is kept', async () => {
    const port = await serve((_, answer) => { answer.writeHead(200); answer.write('ok'); });
    const outcome = await local.send(request(`http://127.0.0.1:${port}/`, 500));
    expect(outcome).toMatchObject({ kind: 'answered', status: 200, body: 'ok' });
    expect(outcome.durationMs).toBeLessThan(10_000);
  });

  it('of an endless answer at most 64 KB are read', async () => {
    let sent = 0;
    let closed: () => void = () => {};
    const closing = new Promise<void>((done) => { closed = done; });
    const port = await serve((_, answer) => {
      const block = Buffer.alloc(16_384, 'x');
      const more = (): void => { for (let room = true; room;) { sent += block.length; room = answer.write(block); } };
      answer.on('drain', more);
      answer.on('close', closed);
      more();
    });
    const outcome = await local.send(request(`http://127.0.0.1:${port}/`));
    if (outcome.kind !== 'answered') throw new Error(outcome.message);
    expect(outcome.body.length).toBe(64 * 1024);
    await closing;
    // What the two sockets hold on the way is the system's; the process kept 64 KB.
    expect(sent).toBeLessThan(16 * 1024 * 1024);
  });

  it('one that refuses, hangs up or talks nonsense is a failed connection', async () => {
    const hangsUp = await listen(createTcpServer((socket) => { socket.destroy(); }));
    const nonsense = await listen(createTcpServer((socket) => { socket.end('SSH-2.0-OpenSSH\r\n'); }));
    const bigHead = await serve((_, answer) => { answer.setHeader('x-big', 'x'.repeat(60_000)); answer.end(); });
    for (const port of [hangsUp, nonsense, bigHead, 1]) expect(await local.send(request(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'failed', code: 'connection' });
  });

  it('a resolver that hangs or fails ends within the deadline too', async () => {
    expect(await createWebhookChannel({ allow: [], resolve: () => new Promise(() => {}) }).send(request('https://slow.example/', 200))).toMatchObject({ kind: 'failed', code: 'timeout' });
    expect(await createWebhookChannel({ allow: [], resolve: () => Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })) }).send(request('https://no.example/'))).toMatchObject({ kind: 'failed', code: 'connection', message: 'getaddrinfo ENOTFOUND' });
  });
});

describe('Retry-After', () => {
  it.each([
    ['120', undefined, 120_000], ['0', undefined, 0], ['Wed, 21 Oct 2026 07:29:00 GMT', 'Wed, 21 Oct 2026 07:28:00 GMT', 60_000], ['Wed, 21 Oct 2026 07:27:00 GMT', 'Wed, 21 Oct 2026 07:28:00 GMT', 0],
    ['Wed, 21 Oct 2026 07:29:00 GMT', undefined, null], ['soon', undefined, null], ['-5', undefined, null], [undefined, undefined, null],
  ] as const)('%s', (header, date, expected) => {
    expect(retryAfterMs(header, date)).toBe(expected);
  });
});
