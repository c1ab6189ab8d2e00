import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@wary/testkit/free-port.js';
import { startForTest, type TestWary } from '../e2e/support/start-for-test.js';

const CLI = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));

async function eventually<T>(what: string, read: () => Promise<T | undefined>, ms = 20_000): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    const value = await read();
    if (value !== undefined) return value;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  throw new Error(`${what} did not happen in ${ms} ms`);
}

describe('real input', () => {
  let wary: TestWary;
  const folder = mkdtempSync(join(tmpdir(), 'wary-real-'));
  beforeAll(async () => { wary = await startForTest(); }, 120_000);
  afterAll(async () => {
    await wary?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const eventsOf = async (entity: string): Promise<Array<Record<string, unknown>>> => (await wary.admin.get(`/v1/events?entity=${encodeURIComponent(entity)}&limit=50`).expect(200)).body.items as Array<Record<string, unknown>>;

  it('takes what an unmodified OpenTelemetry SDK with the OpenAI instrumentation sends', async () => {
    const openAi = createServer((request, response) => {
      request.resume();
      request.on('end', () => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({
          id: 'chatcmpl-1', object: 'chat.completion', created: Math.floor(Date.now() / 1000), model: 'gpt-4o-mini-2024-07-18',
          choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }], usage: { prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 },
        }));
      });
    });
    await new Promise<void>((resolve) => { openAi.listen(0, '127.0.0.1', resolve); });
    const script = fileURLToPath(new URL('./support/otel-client.mjs', import.meta.url));
    const client = spawn(process.execPath, [script, `http://127.0.0.1:${(openAi.address() as AddressInfo).port}/v1`], {
      env: { PATH: process.env['PATH'], OTEL_EXPORTER_OTLP_ENDPOINT: wary.url, OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${wary.ingestKey}`, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_SERVICE_NAME: 'support-bot', OTEL_TRACES_EXPORTER: 'otlp', OTEL_METRICS_EXPORTER: 'otlp', OTEL_LOGS_EXPORTER: 'otlp' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    client.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
    client.stderr.on('data', (chunk: Buffer) => { output += chunk.toString(); });
    const code = await new Promise((resolve) => { client.on('exit', resolve); });
    openAi.close();
    expect(output).not.toMatch(/error/i);
    expect(code).toBe(0);

    const event = await eventually('the chat is stored', async () => (await eventsOf('service:support-bot')).find(({ kind }) => kind === 'inference'));
    expect(event).toMatchObject({ source: 'otlp', action: 'chat', genAi: { requestModel: 'gpt-4o-mini', responseModel: 'gpt-4o-mini-2024-07-18', inputTokens: 11, outputTokens: 3 } });
    const { body: page } = await wary.admin.get('/v1/entities/service/support-bot').expect(200);
    expect(page.summary.events).toBeGreaterThan(0);
  }, 90_000);

  it('follows the access log of a real nginx', async () => {
    const port = await freePort();
    const log = join(folder, 'access.log');
    writeFileSync(join(folder, 'nginx.conf'), `daemon off; error_log ${folder}/error.log; pid ${folder}/nginx.pid; worker_processes 1; events {}
http { access_log ${log} combined; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
server { listen 127.0.0.1:${port}; location / { return 200 "ok"; } location /forbidden { return 403; } } }`);
    const nginx = spawn('/usr/sbin/nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
    writeFileSync(log, '', { flag: 'a' });
    const follow = spawn(process.execPath, [CLI, 'ingest', log, '--source', 'nginx', '--follow'], { env: { PATH: process.env['PATH'], WARY_URL: wary.url, WARY_TOKEN: wary.ingestKey }, stdio: 'ignore' });
    try {
      await eventually('nginx listens', async () => (await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined))?.status);
      for (let i = 0; i < 5; i += 1) await fetch(`http://127.0.0.1:${port}/reports/${i}?q=1`, { headers: { 'user-agent': 'curl/8.5.0' } });
      await fetch(`http://127.0.0.1:${port}/forbidden`);
      const events = await eventually('the requests are stored', async () => {
        const found = (await eventsOf('device:127.0.0.1')).filter(({ source }) => source === 'nginx');
        return found.length >= 6 ? found : undefined;
      });
      expect(events.some(({ outcome }) => outcome === 'denied')).toBe(true);
      const { body: page } = await wary.admin.get('/v1/entities/device/127.0.0.1').expect(200);
      expect(page.summary.events).toBeGreaterThanOrEqual(6);
    } finally {
      follow.kill('SIGTERM');
      nginx.kill('SIGTERM');
    }
  }, 60_000);
});
