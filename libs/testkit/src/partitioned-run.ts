import { createCorrelationEngine, type CorrelationEngine, type ForwardedRecord, type Frontier } from '@wary/detect/correlation-engine.js';
import { createEngine, type ClosedHour, type Engine, type EngineOptions } from '@wary/detect/engine.js';
import type { CorrelationRunner } from '@wary/detect/rule-stage.js';
import type { Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { partitionOf, shardOf } from '@wary/model/shard.js';
import { numbered } from './event-builder.js';
import { SeededRandom } from './seeded-random.js';

export interface PartitionedOptions {
  readonly events: readonly Event[];
  readonly partitions: number;
  readonly engine: Omit<EngineOptions, 'partition'>;
  readonly seed: number;
  /** The second stage of rules; the engine's are then those of the first. */
  readonly correlationsOf?: (tenant: string) => CorrelationRunner | null;
  /** Of a hundred turns so many are a crash: the engine is lost, another restores the latest snapshot and replays. */
  readonly crashPercent?: number;
  /** Of a hundred turns so many end with a snapshot. */
  readonly snapshotPercent?: number;
  /** How many events a partition may be behind what is written to the log. */
  readonly lagEventsMax?: number;
}

export interface PartitionedResult { readonly findings: readonly Finding[]; readonly closed: readonly ClosedHour[]; readonly crashes: number; readonly blocked: number; readonly engines: readonly Engine[]; readonly forwarded: number }

type Passed = { readonly record: ForwardedRecord } | { readonly frontier: Frontier } | { readonly caughtUp: number; readonly read: readonly number[] };
interface Second { engine: CorrelationEngine; position: number; snapshot: { readonly bytes: Uint8Array; readonly position: number } }
interface Worker { passing: Passed[]; /** So many events of the partition are written. */ reach: number; engine: Engine; position: number; heard: number; outbox: ClosedHour[]; snapshot: { readonly bytes: Uint8Array; readonly position: number } | null }

const BATCH_EVENTS_MAX = 60;
/** After this many hours of silence everything is closed. */
const SILENCE_HOURS = 100;
const HOUR_MS = 3_600_000;
const IDLE_TURNS_MAX = 20_000;

export const tenantsOf = (events: readonly Event[]): string[] => [...new Set(events.map(({ tenant }) => tenant))];
export const lastHourOf = (events: readonly Event[]): number => Math.floor(events.reduce((latest, { time }) => Math.max(latest, time), 0) / HOUR_MS);

/** One engine over the whole stream, to the end of a long silence after it. */
export function runWhole(events: readonly Event[], options: Omit<EngineOptions, 'partition'>, engine = createEngine(options)): Finding[] {
  const findings: Finding[] = [];
  const stream = numbered(events);
  for (let at = 0; at < stream.length; at += 500) findings.push(...engine.scoreEvents(stream.slice(at, at + 500)));
  for (const tenant of tenantsOf(events)) findings.push(...engine.reach(tenant, lastHourOf(events) + SILENCE_HOURS).findings);
  return findings;
}

/**
 * N engines over N partitions of the stream, driven by a log in memory: closed hours arrive late and at each engine at another time,
 * partitions take turns at random, some are idle, some die and replay. Everything by the seed.
 */
export function runPartitioned({ events, partitions, engine: options, correlationsOf = () => null, seed, crashPercent = 0, snapshotPercent = 4, lagEventsMax = 400 }: PartitionedOptions): PartitionedResult {
  const random = new SeededRandom(seed);
  const streams = Array.from({ length: partitions }, (): Event[] => []);
  /** Of each event of a partition, where it lies in the whole stream. */
  const written = Array.from({ length: partitions }, (): number[] => []);
  events.forEach((event, index) => {
    const partition = partitionOf(shardOf(event.tenant, event.principal.type, event.principal.id), partitions);
    streams[partition]!.push({ ...event, seq: streams[partition]!.length + 1 });
    written[partition]!.push(index);
  });
  const log: ClosedHour[] = [];
  const findings: Finding[] = [];
  const start = (index: number): Engine => createEngine({ ...options, partition: { index, count: partitions } });
  const workers = Array.from({ length: partitions }, (_, index): Worker => ({ passing: [], reach: 0, engine: start(index), position: 0, heard: 0, outbox: [], snapshot: null }));
  let [produced, crashes, blocked, idle] = [0, 0, 0, 0];
  /** What the partitions pass on to the correlations, as it lies in the log. */
  const passed: Passed[] = [];
  const startSecond = (): CorrelationEngine => createCorrelationEngine({ partitions, rulesOf: correlationsOf });
  const second: Second = { engine: startSecond(), position: 0, snapshot: { bytes: startSecond().dump(), position: 0 } };

  function correlate(entries: number): void {
    for (let left = entries; left > 0 && second.position < passed.length;) {
      const entry = passed[second.position]!;
      // Events come singly or several in one message, as they were passed on.
      const records: ForwardedRecord[] = [];
      for (let most = Math.min(left, 1 + random.below(9)); records.length < most;) {
        const next = passed[second.position + records.length];
        if (next === undefined || !('record' in next)) break;
        records.push(next.record);
      }
      findings.push(...('record' in entry ? second.engine.takeAll(records) : 'frontier' in entry ? second.engine.frontier(entry.frontier) : second.engine.caughtUp(entry.caughtUp, entry.read)));
      const taken = Math.max(1, records.length);
      second.position += taken;
      left -= taken;
    }
  }

  function turnSecond(): void {
    correlate(random.below(200));
    if (random.next() * 100 < snapshotPercent) second.snapshot = { bytes: second.engine.dump(), position: second.position };
    if (random.next() * 100 >= crashPercent) return;
    crashes += 1;
    second.engine = startSecond();
    if (!second.engine.restore(second.snapshot.bytes)) throw new Error('a snapshot of the second stage was refused');
    second.position = second.snapshot.position;
  }

  const progress = (): string => workers.map(({ position, heard, outbox }, index) => `${position}/${streams[index]!.length} heard ${heard}/${log.length} outbox ${outbox.length}`).join('; ');

  function hear(worker: Worker, records: number): void {
    for (let left = records; left > 0 && worker.heard < log.length; left -= 1) {
      const offered = worker.engine.offerClosed(log[worker.heard]!);
      if (offered === 'conflict') throw new Error(`engine ${workers.indexOf(worker)} is in conflict with the log`);
      worker.heard += 1;
    }
  }

  function crash(index: number): void {
    crashes += 1;
    const worker = workers[index]!;
    worker.engine = start(index);
    if (worker.snapshot !== null && !worker.engine.restore(worker.snapshot.bytes)) throw new Error('a snapshot was refused');
    Object.assign(worker, { position: worker.snapshot?.position ?? 0, heard: 0, outbox: [], passing: [] });
    // Own hours come before the replay begins.
    hear(worker, log.length);
  }

  function turn(index: number): void {
    const worker = workers[index]!;
    const { engine } = worker;
    if (random.below(3) > 0) hear(worker, 1 + random.below(4));
    if (random.next() * 100 < crashPercent) { crash(index); return; }
    let { reach } = worker;
    while (reach < written[index]!.length && written[index]![reach]! < produced) reach += 1;
    worker.reach = reach;
    if (worker.position < reach) {
      const batch = streams[index]!.slice(worker.position, Math.min(reach, worker.position + 1 + random.below(BATCH_EVENTS_MAX)));
      const part = engine.scorePart(batch, 0);
      findings.push(...part.findings);
      worker.passing.push(...part.forwarded.map(({ event, rules }) => ({ record: { partition: index, seq: event.seq, event, rules } })), ...engine.frontiers().map((frontier) => ({ frontier })));
      worker.position += part.next;
      if (part.blocked !== null) {
        blocked += 1;
        // The other tenants are brought on meanwhile to where other partitions want them.
        findings.push(...engine.follow(part.blocked.hour).findings);
      }
      idle = part.next > 0 ? 0 : idle + 1;
    } else {
      findings.push(...engine.follow().findings);
      worker.passing.push(...engine.frontiers().map((frontier) => ({ frontier })));
      idle += 1;
    }
    worker.outbox.push(...engine.closedHours());
    // A snapshot stands for everything before it: that lies in the log by then.
    const isSnapshot = random.next() * 100 < snapshotPercent;
    if (isSnapshot || random.below(3) === 0) passed.push(...worker.passing.splice(0));
    if (isSnapshot) worker.snapshot = { bytes: engine.dump(), position: worker.position };
    // What is given out reaches the log later, in its order.
    if (random.below(2) === 0) log.push(...worker.outbox.splice(0, 1 + random.below(3)));
  }

  while (workers.some(({ position }, index) => position < streams[index]!.length)) {
    const slowest = Math.min(...workers.map(({ position }, index) => written[index]![position] ?? events.length));
    produced = Math.min(events.length, Math.max(produced, slowest + 1 + random.below(lagEventsMax)));
    turn(random.below(partitions));
    turnSecond();
    if (idle > IDLE_TURNS_MAX) throw new Error(`partitions wait for each other for ever: ${progress()}`);
  }
  // A long silence: everything is told to go there, as by a tenant whose events came to another partition.
  const until = lastHourOf(events) + SILENCE_HOURS;
  for (idle = 0; ; idle += 1) {
    const waiting = tenantsOf(events).filter((tenant) => workers.map(({ engine }) => { const reached = engine.reach(tenant, until); findings.push(...reached.findings); return reached.blocked; }).some((each) => each !== null));
    for (const worker of workers) { log.push(...worker.outbox.splice(0), ...worker.engine.closedHours()); }
    for (const worker of workers) hear(worker, log.length);
    if (waiting.length === 0) break;
    if (idle > IDLE_TURNS_MAX) throw new Error(`the end is not reached: ${progress()}`);
  }
  workers.forEach(({ engine, passing }, index) => { passed.push(...passing, ...engine.frontiers().map((frontier) => ({ frontier })), { caughtUp: index, read: workers.map((worker) => worker.engine.lastSeq) }); });
  correlate(passed.length);
  for (const [index, { engine }] of workers.entries()) for (const tenant of tenantsOf(events)) findings.push(...second.engine.frontier({ tenant, partition: index, seq: engine.lastSeq, time: until * HOUR_MS, historyTime: null, reachedTime: until * HOUR_MS }));
  return { forwarded: passed.filter((entry) => 'record' in entry).length, findings, closed: log, crashes, blocked, engines: workers.map(({ engine }) => engine) };
}

/** Each finding as it ended: its last revision, with numbers to nine digits and without what numbers the log. */
export function finalFindings(findings: readonly Finding[]): Map<string, unknown> {
  const last = new Map<string, Finding>();
  for (const finding of findings) {
    const known = last.get(finding.id);
    if (known === undefined || finding.revision >= known.revision) last.set(finding.id, finding);
  }
  return new Map([...last].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, finding]) => [id, contentOf(finding)]));
}

/** Revisions that were given more than once, as after a crash, and did not say the same. */
export function contradictions(findings: readonly Finding[]): string[] {
  const said = new Map<string, string>();
  return findings.flatMap((finding) => {
    const key = `${finding.id}/${finding.revision}`;
    const content = JSON.stringify(contentOf(finding));
    const before = said.get(key);
    said.set(key, content);
    return before === undefined || before === content ? [] : [`${key}: ${before} and ${content}`];
  });
}

function contentOf(finding: Finding): unknown {
  const content: Partial<Finding> = { ...finding };
  delete (content as { seq?: number }).seq;
  return JSON.parse(JSON.stringify(content, (_key, value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? Number(value.toPrecision(9)) : value)));
}
