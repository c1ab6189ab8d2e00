import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Session } from 'chdb';
import { Mutex } from '../engine/mutex.js';
import { ScratchFile } from '../engine/scratch-file.js';

/** The real engine behind as much of ClickHouse's HTTP interface as the client uses. For tests: no server binary is at hand where they run. */
export interface HttpEngine { readonly url: string; stop(): Promise<void> }

/** Settings of the HTTP layer, which the engine does not know. */
const HTTP_SETTINGS = new Set(['wait_end_of_query', 'send_progress_in_http_headers', 'enable_http_compression', 'http_headers_progress_interval_ms']);
const NOT_SETTINGS = new Set(['query', 'query_id', 'database', 'session_id', 'default_format', 'role']);

/** `port` 0 takes a free one. */
export async function startHttpEngine(folder: string, port = 0): Promise<HttpEngine> {
  const session = new Session(folder);
  const scratch = await ScratchFile.create(folder);
  const mutex = new Mutex();
  const server: Server = createServer((request, response) => {
    void mutex.run(async () => {
      try {
        const url = new URL(request.url ?? '/', 'http://localhost');
        if (url.pathname === '/ping') return response.end('Ok.\n');
        return response.end(await answer(session, scratch, ...await readRequest(request, url.searchParams)));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        response.writeHead(500, { 'x-clickhouse-exception-code': /Code: (\d+)/.exec(message)?.[1] ?? '1' });
        return response.end(message);
      }
    });
  });
  await new Promise<void>((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/over_http`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
      await mutex.run(() => Promise.resolve());
      session.close();
      await scratch.close();
    },
  };
}

async function answer(session: Session, scratch: ScratchFile, search: URLSearchParams, body: Buffer): Promise<Uint8Array> {
  const inUrl = search.get('query');
  let query = inUrl ?? body.toString('utf8');
  const params: Record<string, string | string[]> = {};
  for (const [name, value] of search) {
    if (name.startsWith('param_')) params[name.slice(6)] = paramOf(value, query.includes(`{${name.slice(6)}:Array(`));
    else if (!NOT_SETTINGS.has(name) && !HTTP_SETTINGS.has(name) && /^[a-z0-9_]+$/.test(name)) await session.queryAsync(`SET ${name} = '${value.replaceAll("'", "''")}'`);
  }
  if (inUrl !== null && query.endsWith(' FORMAT Native')) {
    await scratch.write([body]);
    query = query.replace(/ FORMAT Native$/, ` SELECT * FROM file('${scratch.path}', Native)`);
  }
  const bound = Object.keys(params).length > 0;
  return (bound ? await session.queryBindAsync(query, params) : await session.queryAsync(query)).bytes();
}

/** The client escapes a string as TSV does and quotes the strings of an array; chDB's binding wants them plain and escapes them again. */
const UNESCAPED: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f', '0': '\0', '\\': '\\', "'": "'" };
const unescaped = (value: string): string => value.replaceAll(/\\(.)/gs, (whole, unit: string) => UNESCAPED[unit] ?? whole);
const paramOf = (value: string, isArray: boolean): string | string[] => (isArray ? [...value.matchAll(/'((?:[^'\\]|\\.)*)'/gs)].map((match) => unescaped(match[1]!)) : unescaped(value));

/** Long parameters come as a form, with the query in it. */
async function readRequest(request: IncomingMessage, search: URLSearchParams): Promise<[URLSearchParams, Buffer]> {
  const body = await readBody(request);
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return [search, body];
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const all = new URLSearchParams(search);
  for (const [name, value] of form) all.set(name, String(value));
  return [all, Buffer.alloc(0)];
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
