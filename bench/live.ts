/** The live stream: one stalled of 200 sockets during 100,000 alerts, and clients offline for a while during 10,000. */
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { RunningWary } from '@wary/app-wary/start-wary.js';
import type { LiveChange, ResumeAnswer } from '@wary/model/live.js';
import { sampleAlert } from '@wary/testkit/sample-alert.js';
import { io, type Socket } from 'socket.io-client';
import { LiveCursor } from '../apps/dashboard/src/live/live-cursor.js';
import { RawLiveClient, SENT_MARK } from './support/raw-live-client.js';
import { quantile, serve, startServed, type Served } from './support/served.js';

const SELF = fileURLToPath(import.meta.url);
const [part = 'all', scaleText = '1', rateText = '500'] = process.argv.slice(2);
const SCALE = Number(scaleText);
const RATE = Number(rateText);
const SOCKETS = 200;
const ALERTS = 100_000 * SCALE;
const SAMPLED_EVERY = 10;
const ALERT_CHARS = 1_024;
const TICK_MS = 20;
const BURST_MAX = 100;
const wait = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

interface Publish { readonly publish: number; readonly rate: number }
interface Published { readonly rssMaxMiB: number; readonly rssStartMiB: number; readonly seconds: number; readonly droppedAfterMs: number | null }

/** In the service: hands alerts to the bus at a rate, as the relay does, and watches its own memory. */
async function publish({ publish: total, rate }: Publish, running: RunningWary): Promise<Published> {
  globalThis.gc?.();
  const rss = (): number => process.memoryUsage.rss() / 2 ** 20;
  const connections = async (): Promise<number> => Number(/wary_live_connections (\d+)/.exec(await running.registry.metrics())?.[1] ?? Number.NaN);
  const rssStartMiB = rss();
  const open = await connections();
  let rssMaxMiB = rssStartMiB;
  let droppedAfterMs: number | null = null;
  const started = performance.now();
  const watch = setInterval(() => {
    rssMaxMiB = Math.max(rssMaxMiB, rss());
    void connections().then((now) => { if (now < open) droppedAfterMs ??= performance.now() - started; });
  }, 100);
  let sent = 0;
  while (sent < total) {
    const due = Math.min(total, sent + BURST_MAX, Math.floor(((performance.now() - started) / 1_000) * rate));
    if (due > sent) {
      const first = sampleAlert({ title: `${SENT_MARK}${Date.now()}` });
      const alert = { ...first, title: first.title + 'x'.repeat(Math.max(0, ALERT_CHARS - JSON.stringify(first).length)) };
      running.bus.publish(Array.from({ length: due - sent }, (_, index) => ({ seq: 1_000_000 + sent + index, kind: 'alert' as const, change: 'updated' as const, alert })));
      sent = due;
    }
    // Behind the rate the next burst follows at once, but never without a turn of the loop, as the relay's never does.
    if (sent < Math.floor(((performance.now() - started) / 1_000) * rate)) await new Promise(setImmediate);
    else await wait(TICK_MS);
  }
  clearInterval(watch);
  return { rssMaxMiB, rssStartMiB, seconds: (performance.now() - started) / 1_000, droppedAfterMs };
}

async function stalled(served: Served, key: string): Promise<void> {
  const others = await Promise.all(Array.from({ length: SOCKETS - 1 }, (_, index) => RawLiveClient.open(served.url, key, index % SAMPLED_EVERY === 0)));
  const round = async (alerts: number): Promise<Published> => {
    const counts = others.map((client) => { client.lagMs.length = 0; return client.alerts; });
    const answer = await served.ask<Published>({ publish: alerts, rate: RATE } satisfies Publish);
    for (const end = Date.now() + 30_000; Date.now() < end && others.some((client, index) => client.alerts - counts[index]! < alerts);) await wait(50);
    const lags = others.flatMap(({ lagMs }) => lagMs);
    const whole = others.filter((client, index) => client.alerts - counts[index]! === alerts).length;
    console.log(`  ${whole} of ${others.length} have all ${alerts.toLocaleString('en')} alerts; sent → received p50 ${quantile(lags, 0.5)} ms, p99 ${quantile(lags, 0.99)} ms, worst ${Math.max(...lags.slice(0, 100_000))} ms; ${Math.round(alerts / answer.seconds)} alerts/s to each; RSS ${answer.rssStartMiB.toFixed(0)} → at most ${answer.rssMaxMiB.toFixed(0)} MiB`);
    return answer;
  };
  console.log(`${SOCKETS - 1} sockets that read:`);
  // The first round is for the compiler and the heap; the second, as long as the third, is what the stalled one is compared with.
  await round(Math.min(ALERTS / 5, 10_000));
  const calm = await round(ALERTS);
  console.log(`the same and one that has stopped reading:`);
  const sleeper = await RawLiveClient.open(served.url, key, false);
  sleeper.stall();
  const answer = await round(ALERTS);
  console.log(`  the stalled one was dropped after ${answer.droppedAfterMs === null ? 'the run, if at all' : `${(answer.droppedAfterMs / 1_000).toFixed(1)} s`}; RSS at most ${(answer.rssMaxMiB - calm.rssMaxMiB).toFixed(1)} MiB more than without it\n`);
  for (const client of [...others, sleeper]) client.close();
}

/** What a person has on the screen: the list as read, and every change after it, each once. */
class View {
  readonly ids = new Set<string>();
  repeated = 0;
  reloads = 0;
  resumed = 0;
  private readonly applied = new Set<number>();
  private readonly cursor = new LiveCursor<LiveChange>();
  private socket: Socket | null = null;
  private started = false;

  constructor(private readonly served: Served, private readonly key: string) {}

  async online(): Promise<void> {
    const socket = io(`${this.served.url}/live`, { transports: ['websocket'], auth: { token: this.key }, reconnection: false, forceNew: true });
    this.socket = socket;
    // Cut by the server (a missed ping on a busy machine): it comes back, as the dashboard does.
    socket.once('disconnect', () => { if (this.socket === socket) void this.online(); });
    this.cursor.hold();
    for (const kind of ['alert', 'incident'] as const) socket.on(kind, (message: object) => { this.apply(this.cursor.accept({ kind, ...message } as LiveChange)); });
    await new Promise<void>((resolve, reject) => { socket.once('connect', resolve); socket.once('connect_error', reject); });
    const answer = this.started ? ((await socket.emitWithAck('resume', { seq: this.cursor.seq })) as ResumeAnswer & { messages: LiveChange[] }) : { gap: true as const, ...((await socket.emitWithAck('subscribe', { filter: {} })) as { seq: number }) };
    this.started = true;
    const { apply, reload } = this.cursor.resumed(answer as never);
    if (reload) await this.reload();
    else this.resumed += apply.length;
    this.apply(apply);
  }
  offline(): void {
    const { socket } = this;
    this.socket = null;
    socket?.disconnect();
  }

  private apply(changes: readonly LiveChange[]): void {
    for (const change of changes) {
      if (this.applied.has(change.seq)) this.repeated += 1;
      this.applied.add(change.seq);
      if (change.kind === 'alert') this.ids.add(change.alert.id);
    }
  }
  private async reload(): Promise<void> {
    this.reloads += 1;
    for (const id of await allAlerts(this.served)) this.ids.add(id);
  }
}

async function allAlerts(served: Served): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = (await (await served.call('GET', `/v1/alerts?limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)).json()) as { items: Array<{ id: string }>; next: string | null };
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next;
  }
  return ids;
}

/** One client each that misses a part of the stream: what passes in 5 s, in 3 minutes and in an hour, at the same number of alerts a minute. */
async function offline(served: Served, key: string): Promise<void> {
  const alerts = 10_000 * SCALE;
  const BATCH = 50;
  await served.call('PATCH', '/v1/registers/canaries', [{ id: 'pot', kind: 'resource', value: 'honey/pot' }]);
  // 10,000 alerts are an hour and five minutes, so 154 a minute: 13 in 5 s, 462 in 3 minutes, 9,231 in an hour. Both ends of each absence lie inside the stream.
  const perMinute = alerts / 65;
  const away = { 'never': [-1, -1], '5 s': [alerts * 0.3, alerts * 0.3 + Math.max(1, perMinute / 12)], '3 min': [alerts * 0.5, alerts * 0.5 + perMinute * 3], '1 h': [alerts * 0.04, alerts * 0.04 + perMinute * 60], 'ten times 3 min': [0, 0] } as Record<string, [number, number]>;
  const absences = Object.entries(away).map(([name, span]) => ({ name, view: new View(served, key), spans: name.startsWith('ten') ? Array.from({ length: 10 }, (_, i): [number, number] => [alerts * (0.05 + i * 0.09), alerts * (0.05 + i * 0.09) + perMinute * 3]) : [span], gone: false }));
  for (const { view } of absences) await view.online();
  const started = performance.now();
  for (let sent = 0; sent < alerts; sent += BATCH) {
    await Promise.all(absences.map(async (one) => {
      const shouldBeGone = one.spans.some(([from, to]) => sent + BATCH > from && sent < to && from >= 0);
      if (shouldBeGone && !one.gone) one.view.offline();
      if (!shouldBeGone && one.gone) await one.view.online();
      one.gone = shouldBeGone;
    }));
    await served.send(Array.from({ length: BATCH }, (_, index) => ({ id: `touch-${sent + index}`, time: Date.now(), kind: 'access', action: 'read', actor: { id: `actor-${sent + index}` }, resource: { id: 'honey/pot', type: 'file' } })));
  }
  for (const one of absences) if (one.gone) await one.view.online();
  let ids: string[] = [];
  for (const end = Date.now() + 60_000; Date.now() < end && ids.length < alerts;) {
    await wait(500);
    ids = await allAlerts(served);
  }
  for (const end = Date.now() + 10_000; Date.now() < end && absences.some(({ view }) => view.ids.size < ids.length);) await wait(100);
  console.log(`${ids.length.toLocaleString('en')} alerts in ${((performance.now() - started) / 1_000).toFixed(0)} s, each with its incident; by the time of the stream a client was away`);
  for (const { name, view } of absences) {
    console.log(`  ${name.padEnd(16)} missing ${ids.filter((id) => !view.ids.has(id)).length}, repeated ${view.repeated}, strangers ${[...view.ids].filter((id) => !ids.includes(id)).length} (lists read ${view.reloads} times, ${view.resumed} changes resumed)`);
    view.offline();
  }
}

if (part === 'serve') await serve({}, (message, running) => publish(message as Publish, running));
else {
  console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}; clients on the same machine\n`);
  const served = await startServed(SELF);
  const { key } = (await (await served.call('POST', '/v1/api-keys', { name: 'bench', scopes: ['read'] })).json()) as { key: string };
  if (part === 'all' || part === 'stalled') await stalled(served, key);
  if (part === 'all' || part === 'offline') await offline(served, key);
  await served.stop();
}
