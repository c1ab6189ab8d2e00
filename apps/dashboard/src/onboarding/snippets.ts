export const KEY_PLACEHOLDER = 'YOUR_INGEST_KEY';

export interface SnippetText { readonly title: string; readonly code: string }
export type SnippetKind = 'curl' | 'python' | 'node' | 'files';

/** What is pasted into a shell is quoted, so that no address or key can become a command. */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Ways to send the first event, with the address this page was loaded from and a key. */
export function snippets(kind: SnippetKind, origin: string, key: string, now: string): SnippetText[] {
  const url = (path: string) => shellQuote(`${origin}${path}`);
  const bearer = shellQuote(`Authorization: Bearer ${key}`);
  const otel = [`export OTEL_EXPORTER_OTLP_ENDPOINT=${shellQuote(`${origin}`)}`, `export OTEL_EXPORTER_OTLP_HEADERS=${shellQuote(`authorization=Bearer ${key}`)}`, "export OTEL_EXPORTER_OTLP_PROTOCOL='http/protobuf'"];
  switch (kind) {
    case 'curl': {
      const event = JSON.stringify({ time: now, kind: 'access', action: 'download', actor: { id: 'alice', type: 'user' }, resource: { id: 'ds/customers', type: 'dataset' }, rows: 12 });
      return [{ title: 'One event', code: `curl -sS ${url('/v1/events')} \\\n  -H ${bearer} \\\n  -H 'Content-Type: application/x-ndjson' \\\n  -d ${shellQuote(event)}` }];
    }
    case 'python':
      return [
        { title: 'Where to send it', code: `${otel.join('\n')}\nexport OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true` },
        { title: 'Your program, unchanged', code: 'pip install opentelemetry-distro opentelemetry-exporter-otlp opentelemetry-instrumentation-openai-v2\nopentelemetry-instrument python app.py' },
      ];
    case 'node':
      return [
        { title: 'Where to send it', code: otel.join('\n') },
        { title: 'Your program, unchanged', code: 'npm install @opentelemetry/auto-instrumentations-node @opentelemetry/instrumentation-openai\nnode --require @opentelemetry/auto-instrumentations-node/register app.js' },
      ];
    case 'files':
      return [
        { title: 'Follow a web server’s log', code: `npm run wary -- ingest --source nginx --follow /var/log/nginx/access.log --url ${shellQuote(origin)} --key ${shellQuote(key)}` },
        { title: 'Take in history, oldest first', code: `npm run wary -- ingest --source cloudtrail trail.json.gz --url ${shellQuote(origin)} --key ${shellQuote(key)}` },
      ];
  }
}
