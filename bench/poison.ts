/** 1 % poison in 1,000,000 records over HTTP: every bad one reported and kept with its reason, every good one stored, replay changes nothing. */
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { BENCH_KEY, quantile, serve, startServed } from './support/served.js';

const SELF = fileURLToPath(import.meta.url);
const [part = '1000000'] = process.argv.slice(2);
const BATCH = 10_000;
const POISON_EVERY = 100;
const REPLAYED = 500;
const AHEAD = 2;

const now = Date.now();
/** Bad JSON, a schema that does not match, 5 MB, a version that is not known, and what else comes. */
const POISON: ReadonlyArray<readonly [code: string, line: (i: number) => string]> = [
  ['malformed_json', (i) => `{"id":"p${i}","time":${now},`], ['missing_actor', (i) => JSON.stringify({ id: `p${i}`, time: now, kind: 'access', action: 'read', actor: {} })], ['invalid_event', (i) => JSON.stringify({ id: `p${i}`, time: now, kind: 'teleport', action: 'read', actor: { id: 'a' } })],
  ['unsupported_record', (i) => JSON.stringify({ schema: 'wary.event/9', id: `p${i}`, time: now, kind: 'access', action: 'read', actor: { id: 'a' } })], ['number_out_of_range', (i) => `{"id":"p${i}","time":${now},"kind":"access","action":"read","actor":{"id":"a"},"bytes":1e400}`],
  ['forbidden_key', (i) => `{"id":"p${i}","time":${now},"kind":"access","action":"read","actor":{"id":"a"},"__proto__":{}}`], ['too_deep', (i) => `{"id":"p${i}","x":${'['.repeat(100)}${']'.repeat(100)}}`], ['time_out_of_retention', (i) => JSON.stringify({ id: `p${i}`, time: 1, kind: 'access', action: 'read', actor: { id: 'a' } })],
];
const FIVE_MB = `{"id":"huge","time":${now},"kind":"access","action":"read","actor":{"id":"a"},"reason":"${'x'.repeat(5 * 1024 * 1024)}"}`;

if (part === 'serve') await serve({ WARY_DRAIN_SECONDS: '60' });
else {
  const total = Number(part);
  const served = await startServed(SELF);
  console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}; ${total.toLocaleString('en')} records, every ${POISON_EVERY}th poisoned, batches of ${BATCH.toLocaleString('en')}, ${AHEAD} at a time\n`);
  const wrong: string[] = [];
  const tookMs: number[] = [];
  let accepted = 0;
  let rejected = 0;
  const started = performance.now();
  async function batch(first: number): Promise<void> {
    const expected = new Map<number, string>();
    const lines: string[] = [];
    for (let i = first; i < Math.min(total, first + BATCH); i += 1) {
      if (i % POISON_EVERY !== 7) {
        lines.push(JSON.stringify({ id: `e${i}`, time: now, kind: 'access', action: 'read', actor: { id: `user-${i % 500}` }, resource: { id: `doc/${i % 2_000}`, type: 'file' } }));
        continue;
      }
      // One in each batch has five megabytes.
      const [code, line] = i - first === 7 ? (['record_too_large', () => FIVE_MB] as const) : POISON[Math.floor(i / POISON_EVERY) % POISON.length]!;
      expected.set(i - first, code);
      lines.push(line(i));
    }
    const begun = performance.now();
    const answer = await fetch(`${served.url}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${BENCH_KEY}`, 'content-type': 'application/x-ndjson' }, body: lines.join('\n') });
    if (answer.status === 429 || answer.status === 503) {
      await answer.arrayBuffer();
      await new Promise((resolve) => { setTimeout(resolve, Number(answer.headers.get('retry-after') ?? 1) * 1_000); });
      return batch(first);
    }
    if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
    const body = (await answer.json()) as { accepted: number; rejected: Array<{ line: number; code: string }> };
    tookMs.push(performance.now() - begun);
    accepted += body.accepted;
    rejected += body.rejected.length;
    for (const { line, code } of body.rejected) {
      if (expected.get(line) !== code) wrong.push(`${code} instead of ${expected.get(line) ?? 'nothing'} at ${first + line}`);
      expected.delete(line);
    }
    for (const [line, code] of expected) wrong.push(`${code} at ${first + line} was not rejected`);
  }
  const starts = Array.from({ length: Math.ceil(total / BATCH) }, (_, i) => i * BATCH);
  await Promise.all(Array.from({ length: AHEAD }, async () => { for (let next = starts.shift(); next !== undefined; next = starts.shift()) await batch(next); }));
  const seconds = (performance.now() - started) / 1_000;

  const letters = async (): Promise<Map<string, string>> => {
    const found = new Map<string, string>();
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = (await (await served.call('GET', `/v1/dead-letters?limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)).json()) as { items: Array<{ id: string; code?: string; reason?: string }>; next: string | null };
      for (const { id, code, reason } of page.items) found.set(id, code ?? reason ?? '');
      cursor = page.next;
    }
    return found;
  };
  const before = await letters();
  const ids = [...before.keys()].slice(0, REPLAYED);
  const replays: string[] = [];
  for (let round = 0; round < 2; round += 1) replays.push(JSON.stringify(((await (await served.call('POST', '/v1/dead-letters/replay', { ids })).json()) as { replayed: number; duplicates: number; rejected: object[] })).slice(0, 60));
  const after = await letters();
  const metrics = await (await fetch(`${served.opsUrl}/metrics`)).text();
  const stats = (await (await served.call('GET', '/v1/stats')).json()) as { events?: number };
  await served.stop();
  const poison = Math.ceil((total - 7) / POISON_EVERY);
  console.log(`sent ${total.toLocaleString('en')} in ${seconds.toFixed(0)} s (${Math.round(total / seconds).toLocaleString('en')}/s): accepted ${accepted.toLocaleString('en')} of ${(total - poison).toLocaleString('en')}, rejected ${rejected.toLocaleString('en')} of ${poison.toLocaleString('en')}, with another reason than expected ${wrong.length}`);
  for (const one of wrong.slice(0, 5)) console.log(`  ${one}`);
  console.log(`events in the store: ${stats.events?.toLocaleString('en') ?? 'unknown'}; dead letters ${before.size.toLocaleString('en')}, without a reason ${[...before.values()].filter((reason) => reason === '').length}`);
  console.log(`a batch is answered, stored, in p50 ${quantile(tookMs, 0.5).toFixed(0)} ms, p99 ${quantile(tookMs, 0.99).toFixed(0)} ms; waiting to be scored at the end: ${/wary_score_queue_events (\d+)/.exec(metrics)?.[1] ?? 'unknown'}`);
  console.log(`${ids.length} replayed twice: ${replays.join(' then ')}; dead letters before ${before.size}, after ${after.size}, the same ${[...before.keys()].every((id) => after.has(id))}`);
}
