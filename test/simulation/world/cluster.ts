import { createCorrelationEngine } from '@wary/detect/correlation-engine.js';
import { createEngine, type Engine, type Partition } from '@wary/detect/engine.js';
import { WaryError } from '@wary/model/errors.js';
import type { Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { TOPICS } from '@wary/model/topics.js';
import { CORRELATE_SNAPSHOT_VERSION, CorrelateWork } from '@wary/platform/log/correlate-work.js';
import { DETECT_SNAPSHOT_VERSION, DetectWork } from '@wary/platform/log/detect-work.js';
import { decodeEvent } from '@wary/platform/log/event-record.js';
import { createFindingIntake } from '@wary/platform/log/finding-intake.js';
import { sendFindings } from '@wary/platform/log/finding-record.js';
import { HoursLog } from '@wary/platform/log/hours-log.js';
import { LogLane } from '@wary/platform/log/log-lane.js';
import { sendMatches } from '@wary/platform/log/match-record.js';
import { PartitionWorkers, type PartitionWork, type WorkerControl } from '@wary/platform/log/partition-workers.js';
import { createStoreIntake } from '@wary/platform/log/store-intake.js';
import { createTopicEventLog } from '@wary/platform/log/topic-event-log.js';
import { PathMetrics } from '@wary/platform/path/path-metrics.js';
import { SeededRandom } from '@wary/testkit/seeded-random.js';
import { compileRules } from '@wary/rules/live/compiled-rules.js';
import { LIVE_LIMITS, LiveRules, type RuleStageName } from '@wary/rules/live/live-rules.js';
import { createRunner, createSecondRunner } from '@wary/rules/live/runner.js';
import { loadRules } from '@wary/rules/load-rules.js';
import { createWorkflow } from '@wary/workflow/create-workflow.js';
import { Registry } from 'prom-client';
import { Bus } from './bus.js';
import { AnalyticsStore, WorkflowTables } from './stores.js';
import { START, workload } from './workload.js';
import { Life, World, type Faults } from './world.js';

const LIMITS = { hotEntitiesMax: 512, coldEntitiesMax: 512, recentIdsMax: 4_096, valueNamesMax: 1_024 } as const;
const BUDGET = 50;
const CLIENT_BATCH_MAX = 25;
const LOOK_MS = 1_000;
/** Dead processes are found out, and everything is worked off, long before. */
const QUIET_MS_MAX = 300_000;
/** Metrics count nothing here that is looked at. */
const metrics = new PathMetrics(new Registry(), () => 0);
const plain = { encrypt: (text: string) => text, decrypt: (text: string) => text };

/** A rule that speaks for itself, one that only feeds, and correlations over addresses that belong to nobody. */
const RULES = compileRules(loadRules([{ path: 'simulated.yml', text: `title: Refused
name: refused
id: 00000000-0000-4000-8000-000000000001
level: low
logsource: { product: wary, category: access }
detection: { selection: { outcome: denied }, condition: selection }
---
title: Taken
name: taken
id: 00000000-0000-4000-8000-000000000002
level: informational
logsource: { product: wary, category: access }
detection: { selection: { action: download }, condition: selection }
---
title: Several people refused at one address
id: 00000000-0000-4000-8000-000000000003
level: high
correlation: { type: value_count, rules: [refused], group-by: [client.ip], timespan: 2h, condition: { field: actor.id, gte: 3 } }
---
title: Many downloads at one address
id: 00000000-0000-4000-8000-000000000004
level: medium
correlation: { type: event_count, rules: [taken], group-by: [client.ip], timespan: 3h, condition: { gte: 9 } }
` }]));
const stageOf = (stage: RuleStageName): LiveRules => new LiveRules(RULES, null, LIVE_LIMITS, stage);

type Kind = 'ingest' | 'store' | 'detect' | 'respond';
export interface Outcome {
  readonly world: World;
  readonly events: readonly Event[];
  /** What is wrong; empty: every invariant holds. */
  readonly broken: readonly string[];
  readonly kills: number;
  /** Acknowledged events that are not stored, and alerts that were announced more than once. Rows of one id may be several: who reads them takes one. */
  readonly lost: number;
  readonly doubled: number;
  /** For whoever wants to know what lay where. */
  readonly bus: Bus;
}

/** Every service on one bus and its stores, in a world that fails as its seed says. */
class Cluster {
  readonly bus: Bus;
  readonly analytics = new AnalyticsStore();
  readonly tables = new WorkflowTables();
  readonly delivered = new Map<string, number>();
  readonly partitions: number;
  kills = 0;
  private readonly ingests: LogLane[] = [];
  private ready = new Set<LogLane>();
  private readonly lives = new Map<string, Life>();

  constructor(readonly world: World) {
    const { random } = world;
    this.partitions = 1 + random.below(4);
    this.bus = new Bus(world, { [TOPICS.events]: this.partitions, [TOPICS.findings]: 1 + random.below(3), [TOPICS.hours]: 1, [TOPICS.matches]: 1 + random.below(2), [TOPICS.deadLetters]: 1 });
    const counts: Record<Kind, number> = { ingest: 1 + random.below(2), store: 1 + random.below(2), detect: 1 + random.below(3), respond: 1 + random.below(2) };
    for (const [kind, count] of Object.entries(counts) as Array<[Kind, number]>) for (let index = 0; index < count; index += 1) this.boot(kind, `${kind}-${index}`, 0);
  }

  /** Starts a process, and starts it again when it dies. */
  private boot(kind: Kind, name: string, incarnation: number): void {
    const life = new Life(this.world, `${name}.${incarnation}`);
    this.lives.set(name, life);
    life.whenDead(() => {
      this.kills += 1;
      this.world.at(this.world.elapsed + 500 + this.world.random.below(5_000), () => { this.boot(kind, name, incarnation + 1); });
    });
    this[kind](life);
  }

  get allAlive(): boolean { return [...this.lives.values()].every(({ alive }) => alive); }

  private ingest(life: Life): void {
    const lane = new LogLane(createTopicEventLog(this.bus.sink(life), this.partitions), metrics, { batchRecordsMax: 10 + this.world.random.below(20), queueRecordsMax: 1_000, recentIdsMax: 4_096, idSeed: this.world.seed, retryDelaysMs: [50, 250], timers: life.timers });
    this.ready.add(lane);
    this.ingests.push(lane);
    life.whenDead(() => { this.ready.delete(lane); this.ingests.splice(this.ingests.indexOf(lane), 1); });
  }

  private store(life: Life): void {
    const { analytics, bus } = this;
    const take = createStoreIntake({
      events: { insertEvents: (events, token) => analytics.insertEvents(life, events, token) }, findings: { insertFindings: (findings) => analytics.insertFindings(life, findings) }, deadLetters: { insertDeadLetters: () => Promise.reject(new Error('nothing here is no record')) },
      cipher: plain, clock: this.world.clock, metrics, onTaken: () => {},
    });
    void bus.batches(life, 'store', [TOPICS.events, TOPICS.findings], 30).start(take);
  }

  private detect(life: Life): void {
    const { analytics, bus, world } = this;
    const hours = new HoursLog({ tail: bus.tail(life, TOPICS.hours), sink: bus.sink(life), onTrouble: () => {} });
    const sink = bus.sink(life);
    const emit = (findings: readonly Finding[]): Promise<void> => sendFindings(sink, findings);
    const unreadable = (_message: unknown, reason: string): never => { throw new Error(reason); };
    const snapshotMs = (2_000 + world.random.below(60_000)) / world.faults.snapshotsOftener;
    const workersOf = <W extends PartitionWork>(name: string, snapshotVersion: number, open: (partition: number, control: WorkerControl) => W): PartitionWorkers<W> => new PartitionWorkers({
      nameOf: (partition) => `${name}-${partition}`, snapshotVersion, snapshotMs, timers: life.timers, clock: world.clock, onLag: () => {}, onSnapshot: () => {}, onTrouble: () => {}, onFatal: (error) => { throw error; },
      snapshots: { saveSnapshot: (of, snapshot) => analytics.saveSnapshot(life, of, snapshot), latestSnapshot: (of) => analytics.latestSnapshot(life, of) },
    }, open);
    const events = bus.partitionSource(life, 'detect', TOPICS.events);
    const detection = workersOf('detect', DETECT_SNAPSHOT_VERSION, (partition, control) => new DetectWork({
      engine: this.engine({ index: partition, count: this.partitions }), partition, control, hours, emit, pass: (records) => sendMatches(sink, bus.partitions(TOPICS.matches), records),
      bounds: () => life.call('a read of the bounds', () => Array.from({ length: this.partitions }, (_, other) => ({ low: 0, high: bus.log(TOPICS.events, other).length })), () => new WaryError('store_unavailable')),
      restart: () => { events.again(partition); }, clock: world.clock, metrics, onTrouble: () => {}, onUnreadable: unreadable, onEnd: () => {},
    }));
    const correlation = workersOf('correlate', CORRELATE_SNAPSHOT_VERSION, (_partition, control) => new CorrelateWork({
      engine: createCorrelationEngine({ partitions: this.partitions, rulesOf: () => createSecondRunner(stageOf('second')) }), control, emit, clock: world.clock, metrics, onUnreadable: unreadable, onEnd: () => {},
    }));
    void hours.start();
    detection.start();
    correlation.start();
    void events.start(detection);
    void bus.partitionSource(life, 'correlate', TOPICS.matches).start(correlation);
  }

  private respond(life: Life): void {
    const { tables, bus } = this;
    const workflow = createWorkflow({ db: tables.store(life), random: new SeededRandom(this.world.seed) });
    void bus.batches(life, 'respond', [TOPICS.findings], 10).start(createFindingIntake({ workflow, clock: this.world.clock, onTaken: () => {}, onApplied: () => {}, onUnreadable: (_partition, _message, reason) => { throw new Error(reason); } }));
    // The relay, and whoever sends what is in the outbox: at least once.
    life.timers.every(300, () => { void workflow.relay(this.world.clock.now()).catch(() => {}); });
    life.timers.every(400, () => {
      const due = tables.outbox.find(({ id }) => !this.delivered.has(id));
      if (due !== undefined) void life.call('a delivery', () => { this.delivered.set(due.id, (this.delivered.get(due.id) ?? 0) + 1); }, () => new Error('the endpoint failed')).catch(() => {});
    });
  }

  engine(partition?: Partition): Engine {
    const stage = partition === undefined ? 'whole' : 'first';
    return createEngine({ budgetPerDay: BUDGET, seed: 1, limits: LIMITS, rulesOf: () => createRunner(stageOf(stage)), ...(partition === undefined ? {} : { partition }) });
  }

  /**
   * Sends everything in order, again and again until it is acknowledged, to whichever process answers. What is sent at once is one
   * principal's: of a request that failed in the middle, some would otherwise be in the log later than what is younger.
   */
  async client(events: readonly Event[], onDone: () => void): Promise<void> {
    const { world } = this;
    for (let from = 0; from < events.length;) {
      let to = from + 1;
      const most = from + 1 + world.random.below(CLIENT_BATCH_MAX);
      while (to < Math.min(most, events.length) && events[to]!.tenant === events[from]!.tenant && events[to]!.principal.id === events[from]!.principal.id) to += 1;
      const batch = events.slice(from, to);
      from += batch.length;
      for (let acknowledged = false; !acknowledged;) {
        await world.delay();
        if (world.happens('clockJump')) {
          const ms = world.random.below(120_000) - 60_000;
          world.count(ms < 0 ? 'clock set back' : 'clock set forward');
          world.jumpClock(ms);
        }
        if (world.happens('rebalance')) {
          const group = world.random.pick(this.bus.groupIds());
          world.count(`${group}: dealt anew for no reason`);
          this.bus.rebalance(group);
        }
        const lane = this.ingests.length === 0 ? undefined : world.random.pick(this.ingests);
        if (lane === undefined) { await world.sleep(500); continue; }
        const answer = lane.add(batch.map((event) => ({ event: { ...event }, duplicate: false }))).then(() => true, () => false);
        // A process that died does not answer; the client gives up waiting.
        acknowledged = await Promise.race([answer, world.sleep(3_000).then(() => false)]);
        // The answer may be lost on its way.
        if (world.happens('failAfter')) { world.count('answer to a client lost'); acknowledged = false; }
        if (!acknowledged) await world.sleep(world.random.below(300));
      }
    }
    onDone();
  }
}

/** Runs a seed to its end and looks at what must hold. */
export async function simulate(seed: number, faults: Faults): Promise<Outcome> {
  const world = new World(seed, START, faults);
  const cluster = new Cluster(world);
  const events = workload(seed);
  let done = false;
  let failed: unknown = null;
  cluster.client(events, () => { done = true; }).catch((error: unknown) => { failed = error; });
  const broken: string[] = [];
  try {
    await world.run('every acknowledgement', () => done || failed !== null);
    if (failed !== null) throw failed as Error;
    // Everything heals, and the world becomes quiet.
    world.calm = true;
    const golden = goldenOf(cluster);
    let lookAt = 0;
    const isQuiet = (): boolean => {
      if (world.elapsed < lookAt) return false;
      lookAt = world.elapsed + LOOK_MS;
      return cluster.allAlive && missing(cluster, golden, 1).length === 0;
    };
    await world.run('quiet', isQuiet, QUIET_MS_MAX).catch(() => { broken.push(...missing(cluster, golden)); if (broken.length === 0) broken.push('the world does not come to rest'); });
    // And stays as it is.
    const until = world.elapsed + 15_000;
    world.at(until, () => {});
    if (broken.length === 0) await world.run('rest', () => world.elapsed >= until);
    broken.push(...check(cluster, events, golden));
  } catch (error) {
    broken.push(String(error));
  }
  const stored = new Set(cluster.analytics.rows.map(({ tenant, id }) => `${tenant}/${id}`));
  const announced = cluster.tables.outbox.filter(({ type }) => type === 'alert.created').map(({ payload }) => payload.id);
  return { world, events, broken, kills: cluster.kills, lost: events.filter(({ tenant, id }) => !stored.has(`${tenant}/${id}`)).length, doubled: announced.length - new Set(announced).size, bus: cluster.bus };
}

interface Golden { readonly findings: ReadonlyMap<string, Finding>; readonly ids: ReadonlySet<string> }

/** One engine over everything that was appended, in that order, each event once. */
function goldenOf(cluster: Cluster): Golden {
  const seen = new Set<string>();
  const events: Event[] = [];
  for (const { topic, partition, message } of cluster.bus.appended) {
    if (topic !== TOPICS.events) continue;
    const event = decodeEvent(partition, message);
    if (seen.has(`${event.tenant}/${event.id}`)) continue;
    seen.add(`${event.tenant}/${event.id}`);
    events.push({ ...event, seq: events.length + 1 });
  }
  const findings = new Map<string, Finding>();
  for (const finding of cluster.engine().scoreEvents(events)) findings.set(finding.id, finding);
  return { findings, ids: seen };
}

const latestOf = (findings: ReadonlyMap<string, Finding>): Map<string, Finding> => {
  const latest = new Map<string, Finding>();
  for (const finding of findings.values()) if ((latest.get(finding.id)?.revision ?? -1) < finding.revision) latest.set(finding.id, finding);
  return latest;
};

/** What two runs must agree in: everything but the place in the log, numbers to nine digits. */
function lineOf(finding: Finding): string {
  return JSON.stringify({ ...finding, seq: 0 }, (_key, value: unknown) => (typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(9)) : value));
}

/** What is not there yet. */
function missing({ analytics, tables, delivered }: Cluster, golden: Golden, most = 20): string[] {
  const lacks: string[] = [];
  const stored = new Set(analytics.rows.map(({ tenant, id }) => `${tenant}/${id}`)).size;
  if (stored < golden.ids.size) lacks.push(`${golden.ids.size - stored} events are not stored`);
  const latest = latestOf(analytics.findings);
  for (const [id, finding] of golden.findings) {
    if (lacks.length >= most) break;
    const last = latest.get(id);
    if (last === undefined || last.revision < finding.revision) lacks.push(`finding ${finding.detector.id} of ${finding.entity.id}, revision ${finding.revision}: ${last === undefined ? 'is not stored' : `only ${last.revision} is stored`}`);
    else if ((tables.applied.get(id)?.revision ?? -1) < finding.revision) lacks.push(`finding ${finding.detector.id} of ${finding.entity.id}, revision ${finding.revision} is in no alert`);
  }
  if (tables.outbox.some(({ id }) => !delivered.has(id))) lacks.push('a message was not sent');
  return lacks;
}

function check({ analytics, tables }: Cluster, events: readonly Event[], golden: Golden): string[] {
  const broken: string[] = [];
  const ids = analytics.rows.map(({ tenant, id }) => `${tenant}/${id}`);
  const distinct = new Set(ids);
  for (const { tenant, id } of events) if (!distinct.has(`${tenant}/${id}`)) broken.push(`lost: acknowledged event ${id} is not stored`);
  for (const token of analytics.broken) broken.push(`a batch came again with other rows: ${token}`);
  const latest = latestOf(analytics.findings);
  for (const [id, finding] of golden.findings) {
    const stored = latest.get(id);
    if (stored === undefined) broken.push(`lost: finding ${finding.detector.id} of ${finding.entity.id}`);
    else if (lineOf(stored) !== lineOf(finding)) broken.push(`another finding ${id}:\n    ${lineOf(stored)}\n    ${lineOf(finding)}`);
  }
  for (const [id, finding] of latest) if (!golden.findings.has(id)) broken.push(`invented: finding ${finding.detector.id} of ${finding.entity.id}`);
  const inAlerts = new Set([...tables.applied.values()].map(({ alertId }) => alertId));
  for (const id of inAlerts) if (!tables.alerts.has(id)) broken.push(`a finding is in alert ${id}, which is not there`);
  for (const id of tables.alerts.keys()) if (!inAlerts.has(id)) broken.push(`alert ${id} has no finding`);
  const created = tables.outbox.filter(({ type }) => type === 'alert.created').map(({ payload }) => payload.id);
  if (new Set(created).size !== created.length) broken.push('an alert was announced twice');
  for (const { alert } of tables.alerts.values()) if (!alert.historical && !created.includes(alert.id)) broken.push(`alert ${alert.id} was not announced`);
  tables.changes.forEach(({ seq }, index) => { if (seq !== index + 1) broken.push(`change ${index + 1} has number ${seq}`); });
  return broken;
}
