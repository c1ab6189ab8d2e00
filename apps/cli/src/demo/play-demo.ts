import { setTimeout as sleep } from 'node:timers/promises';
import { REGISTER_NAMES } from '@wary/model/registers.js';
import type { SimulatedEvent } from '@wary/simulate/native-event.js';
import { createOrganisation, type Organisation } from '@wary/simulate/organisation.js';
import type { Scenario } from '@wary/simulate/scenarios/scenario.js';
import { ApiClient } from '../client/api-client.js';
import { EventSender } from '../client/event-sender.js';
import { LINES_TYPE } from '../files/pieces.js';
import { CliError } from '../terminal/cli-error.js';
import { AdminSession } from './admin-session.js';
import type { DemoState } from './demo-state.js';
import { createTimeline, LEAD_MS } from './timeline.js';

export type DemoNews =
  | { readonly kind: 'history'; readonly done: number; readonly of: number; readonly events: number }
  | { readonly kind: 'history_done'; readonly events: number; readonly seconds: number }
  | { readonly kind: 'live'; readonly speed: number; readonly scenarios: readonly { readonly kind: string; readonly entity: string; readonly description: string; readonly inSeconds: number }[] }
  | { readonly kind: 'first_alert'; readonly title: string; readonly id: string; readonly seconds: number }
  | { readonly kind: 'caught_up' };

export interface PlayOptions {
  readonly url: string;
  readonly state: DemoState;
  /** Scenarios of the catalogue that each round plays beside the six attacks. */
  readonly also: readonly string[];
  readonly save: (state: DemoState) => void;
  readonly tell: (news: DemoNews) => void;
  readonly signal: AbortSignal;
}

/** The last days of the history hold the oddities. */
const ODD_DAYS = 3;
const LINES_PER_PIECE = 4_000;
const TICK_MS = 250;
const PATIENCE_MS = 120_000;
const GAP_DAYS_MAX = 14;
const DAY_MS = 86_400_000;
const ROUND_MS = 60 * 60_000;
const PAUSE_MS = 30 * 60_000;

/** Plays the organisation into a running service: registers, history as fast as it is taken, then live traffic with attacks in it, until the signal. */
export async function playDemo(options: PlayOptions): Promise<void> {
  const { url, state, save, signal } = options;
  const oddDays = Math.min(ODD_DAYS, state.days);
  const organisation = createOrganisation({ seed: state.seed, start: state.start, days: state.days - oddDays, liveDays: oddDays });
  const oddities = organisation.scenarios.filter((scenario) => scenario.category === 'oddity');
  const admin = new AdminSession(url, state.adminEmail, state.adminPassword);
  if (!state.registersSent) {
    for (const name of REGISTER_NAMES) await admin.put(`/v1/registers/${name}`, organisation.registers[name]);
    state.registersSent = true;
    save(state);
  }

  const sender = new EventSender(new ApiClient({ url, key: state.ingestKey }), 'native', PATIENCE_MS, signal);
  const now = Date.now();
  // A demo that slept for long goes on with the last two weeks.
  const from = Math.max(state.sentUntil, state.start, now - GAP_DAYS_MAX * DAY_MS - DAY_MS);
  if (now - LEAD_MS > from) await history(organisation, oddities, sender, from, now - LEAD_MS, options);
  if (!signal.aborted) await live(organisation, oddities, sender, admin, options);
}

async function history(organisation: Organisation, oddities: readonly Scenario[], sender: EventSender, from: number, to: number, { state, save, tell, signal }: PlayOptions): Promise<void> {
  const started = performance.now();
  let lines: string[] = [];
  let events = 0;
  let last = from;
  const flush = async (until: number): Promise<void> => {
    await post(sender, lines);
    lines = [];
    state.sentUntil = until;
    save(state);
    tell({ kind: 'history', done: until - from, of: to - from, events });
  };
  for (const { at, event } of organisation.events(from, to, oddities)) {
    // Never between two events of the same millisecond: what was sent is named by its time.
    if (lines.length >= LINES_PER_PIECE && at > last) {
      await flush(at);
      if (signal.aborted) return;
    }
    lines.push(JSON.stringify(event));
    events += 1;
    last = at;
  }
  await flush(to);
  tell({ kind: 'history_done', events, seconds: (performance.now() - started) / 1000 });
}

async function live(organisation: Organisation, oddities: readonly Scenario[], sender: EventSender, admin: AdminSession, options: PlayOptions): Promise<void> {
  const { state, save, tell, signal, also } = options;
  const begun = Date.now();
  const timeline = createTimeline(state.sentUntil, begun);
  let roundEnd = timeline.liveFrom + timeline.spanMs;
  let scenarios = organisation.planLive({ start: timeline.liveFrom, spanMs: timeline.spanMs, round: state.rounds }, also);
  let stream = eventsFrom(organisation, timeline.liveFrom, [...oddities, ...scenarios]);
  state.rounds += 1;
  save(state);
  tell({ kind: 'live', speed: timeline.speed, scenarios: scenarios.map(({ kind, entity, description, start }) => ({ kind, entity: `${entity.type}:${entity.id}`, description, inSeconds: Math.round((start - timeline.liveFrom) / timeline.speed / 1000) })) });
  void tellFirstAlert(admin, begun, tell, signal);

  let next = stream.next();
  let caughtUp = false;
  while (!signal.aborted) {
    const now = Date.now();
    const until = timeline.at(now);
    const lines: string[] = [];
    while (next.done !== true && next.value.at <= until && lines.length < LINES_PER_PIECE) {
      lines.push(JSON.stringify(next.value.event));
      next = stream.next();
    }
    if (lines.length > 0) {
      await post(sender, lines);
      state.sentUntil = lines.length < LINES_PER_PIECE ? until + 1 : next.done === true ? until + 1 : next.value.at;
      save(state);
    }
    if (!caughtUp && until >= now) {
      caughtUp = true;
      tell({ kind: 'caught_up' });
    }
    if (until > roundEnd + PAUSE_MS) {
      // Another round by others, now in real time.
      roundEnd = until + ROUND_MS;
      scenarios = organisation.planLive({ start: until, spanMs: ROUND_MS, round: state.rounds }, also);
      state.rounds += 1;
      save(state);
      stream = eventsFrom(organisation, until + 1, [...oddities, ...scenarios]);
      next = stream.next();
    }
    if (lines.length < LINES_PER_PIECE) await sleep(TICK_MS, undefined, { signal }).catch(() => {});
  }
}

const eventsFrom = (organisation: Organisation, from: number, scenarios: readonly Scenario[]): Iterator<SimulatedEvent> => organisation.events(from, from + 3_650 * DAY_MS, scenarios)[Symbol.iterator]();

async function post(sender: EventSender, lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await sender.send({ body: Buffer.from(`${lines.join('\n')}\n`), offset: 0, firstLine: 1, file: undefined, mediaType: LINES_TYPE });
}

async function tellFirstAlert(admin: AdminSession, begun: number, tell: PlayOptions['tell'], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let first: { readonly id: string; readonly title: string; readonly createdAt: number } | undefined;
    try {
      const page = await admin.get<{ items: readonly { id: string; title: string; createdAt: number }[] }>('/v1/alerts?historical=false&limit=50');
      first = page.items.filter((alert) => alert.createdAt >= begun).sort((a, b) => a.createdAt - b.createdAt)[0];
    } catch (error) {
      // Refused (somebody has changed the password): trying again would only lock them out.
      if (error instanceof CliError) return;
    }
    if (first !== undefined) {
      tell({ kind: 'first_alert', title: first.title, id: first.id, seconds: Math.round((Date.now() - begun) / 1000) });
      return;
    }
    await sleep(500, undefined, { signal }).catch(() => {});
  }
}
