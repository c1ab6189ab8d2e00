import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCli, type BuiltCli } from './cli-process.test-data.js';
import { retryAfterMs } from './client/api-client.js';

interface Taken { readonly method: string; readonly url: URL; readonly headers: IncomingMessage['headers']; readonly body: Buffer }
type Reply = { status: number; headers?: Record<string, string>; body?: object };

let cli: BuiltCli;
let server: Server;
let url: string;
let dir: string;
const taken: Taken[] = [];
let replies: Reply[] = [];

beforeAll(async () => {
  cli = await buildCli();
  // What the service promises in its contract; the service itself is met in the end-to-end tests.
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      taken.push({ method: request.method!, url: new URL(request.url!, 'http://x'), headers: request.headers, body: request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body });
      const reply = replies.shift() ?? { status: 202, body: { accepted: taken.at(-1)!.body.toString().trimEnd().split('\n').length, duplicates: 0, rejected: [] } };
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(JSON.stringify(reply.body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  dir = mkdtempSync(join(tmpdir(), 'wary-ingest-'));
});
afterAll(() => {
  cli.remove();
  server.close();
  rmSync(dir, { recursive: true });
});
beforeEach(() => {
  taken.length = 0;
});
afterEach(() => {
  replies = [];
});
const env = (): Record<string, string> => ({ WARY_URL: url, WARY_TOKEN: 'wary_test' });

describe('wary ingest', () => {
  it('sends gzipped pieces with file and offset, the same ones when sent again', async () => {
    const file = join(dir, 'access.log');
    const lines = Array.from({ length: 12_000 }, (_, i) => `10.0.0.1 - - [24/Nov/2026:22:00:00 +0000] "GET /${i} HTTP/1.1" 200 12 "-" "curl/8"`);
    writeFileSync(file, `${lines.join('\n')}\n`);
    const { status, stdout } = await cli.run(['ingest', file, '--source', 'nginx', '--json'], { env: env() });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 12_000, duplicates: 0, rejected: 0 });
    expect(taken.map((each) => each.url.searchParams.get('offset'))).toEqual(['0', String(lines.slice(0, 10_000).join('\n').length + 1)]);
    expect(taken[0]!.url.searchParams.get('source')).toBe('nginx');
    expect(taken[0]!.url.searchParams.get('file')).toMatch(/^[\w.-]{1,128}$/);
    expect(taken[0]!.headers).toMatchObject({ authorization: 'Bearer wary_test', 'content-encoding': 'gzip', 'content-type': 'text/plain' });
    expect(Buffer.concat(taken.map((each) => each.body)).toString()).toBe(`${lines.join('\n')}\n`);
    const first = taken.map((each) => each.url.href);
    taken.length = 0;
    await cli.run(['ingest', file, '--source', 'nginx'], { env: env() });
    expect(taken.map((each) => each.url.href)).toEqual(first);
  });

  it('waits as long as Retry-After says, and sends the very same piece', async () => {
    replies = [{ status: 429, headers: { 'retry-after': '1' }, body: { title: 'Too many requests', code: 'rate_limited' } }, { status: 503, headers: { 'retry-after': '0' }, body: { title: 'The store cannot take data now', code: 'store_unavailable' } }];
    const started = performance.now();
    const { status, stderr, stdout } = await cli.run(['ingest', '-'], { env: env(), input: '{"id":"a"}\n' });
    expect(status).toBe(0);
    expect(performance.now() - started).toBeGreaterThan(1_000);
    expect(stdout).toMatch(/^1 events accepted/);
    expect(stderr).toContain('Too many requests (429 rate_limited); next try in 1.0 s');
    expect(taken.length).toBe(3);
    expect(new Set(taken.map((each) => `${each.url.href} ${each.body.toString()}`)).size).toBe(1);
  });

  it('reports rejected records by their line in the file, and fails', async () => {
    replies = [{ status: 202, body: { accepted: 1, duplicates: 0, rejected: [{ line: 1, code: 'missing_actor', message: 'actor.id is missing or empty' }] } }];
    const some = await cli.run(['ingest', '-'], { env: env(), input: '{"id":"a"}\n{"id":"b"}\n' });
    expect(some.status).toBe(1);
    expect(some.stderr).toContain('line 2: missing_actor: actor.id is missing or empty');
    replies = [{ status: 400, body: { title: 'The request could not be read', code: 'bad_request', detail: 'Nothing in the body could be used', rejected: [{ line: 0, code: 'malformed_json', message: 'not JSON' }] } }];
    const none = await cli.run(['ingest', '-'], { env: env(), input: 'nonsense\n' });
    expect(none).toMatchObject({ status: 1, stderr: expect.stringContaining('line 1: malformed_json') });
    replies = [{ status: 401, body: { title: 'Sign in, or send a valid API key', code: 'unauthenticated' } }];
    const refused = await cli.run(['ingest', '-'], { env: env(), input: '{"id":"a"}\n' });
    expect(refused).toMatchObject({ status: 1, stderr: 'wary: POST /v1/events: Sign in, or send a valid API key (401 unauthenticated)\n'.replace('/v1/events', taken.at(-1)!.url.pathname + taken.at(-1)!.url.search) });
  });

  it('follows a growing file and ends with status 0 on SIGINT', async () => {
    const file = join(dir, 'growing.log');
    writeFileSync(file, 'first line\n');
    const child = cli.start(['ingest', file, '--source', 'sshd', '--follow', '--json'], { env: env() });
    let stdout = '';
    child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
    const until = async (count: number): Promise<void> => {
      for (let i = 0; i < 1_000 && taken.length < count; i += 1) await sleep(20);
    };
    await until(1);
    appendFileSync(file, 'second line\nthi');
    await until(2);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(taken.map((each) => each.body.toString())).toEqual(['first line\n', 'second line\n']);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 2, bytes: 23 });
  });
});

describe('wary registers and dead-letters', () => {
  it('send files as they are, and refuse what is no JSON before it is sent', async () => {
    const people = join(dir, 'people.csv');
    writeFileSync(people, 'id,group\nanna,sales\n');
    expect((await cli.run(['registers', 'put', 'people', people], { env: env() })).stdout).toBe('register people replaced\n');
    expect(taken[0]).toMatchObject({ method: 'PUT', headers: { 'content-type': 'text/csv' } });
    expect(taken[0]!.body.toString()).toBe('id,group\nanna,sales\n');
    const broken = join(dir, 'broken.json');
    writeFileSync(broken, '[');
    expect(await cli.run(['registers', 'put', 'people', broken], { env: env() })).toMatchObject({ status: 1, stderr: expect.stringContaining('is not valid JSON') });
    expect(taken.length).toBe(1);
  });

  it('list and replay over pages', async () => {
    const letter = { id: 'd1', source: 'native', offset: 3, code: 'missing_actor', message: 'no actor', receivedAt: 0, payloadBytes: 9, replayedAt: null };
    replies = [{ status: 200, body: { items: [letter], next: 'c' } }, { status: 200, body: { items: [{ ...letter, id: 'd2', replayedAt: 5 }], next: null } }, { status: 200, body: { replayed: 1, rejected: [] } }];
    expect((await cli.run(['dead-letters', 'replay', '--all'], { env: env() })).stdout).toBe('1 of 1 replayed\n');
    expect(taken[1]!.url.searchParams.get('cursor')).toBe('c');
    expect(JSON.parse(taken[2]!.body.toString())).toEqual({ ids: ['d1'] });
    replies = [{ status: 200, body: { replayed: 0, rejected: [{ id: 'd1', code: 'missing_actor', message: 'no actor' }] } }];
    expect(await cli.run(['dead-letters', 'replay', 'd1'], { env: env() })).toMatchObject({ status: 1, stderr: expect.stringContaining('1 of 1 failed again') });
  });
});

describe('retryAfterMs', () => {
  it('reads seconds and dates, and doubles without them', () => {
    expect(retryAfterMs('3', 0)).toBe(3_000);
    expect(retryAfterMs('Tue, 24 Nov 2026 22:00:10 GMT', 0, Date.UTC(2026, 10, 24, 22))).toBe(10_000);
    expect([0, 1, 2].map((attempt) => retryAfterMs(null, attempt))).toEqual([500, 1_000, 2_000]);
    expect(retryAfterMs('99999', 0)).toBe(60_000);
  });
});
