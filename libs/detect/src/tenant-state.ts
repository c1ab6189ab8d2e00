import type { Event } from '@wary/model/event.js';
import { knowsCategory } from './category-memory.js';
import { CampaignWatch } from './campaign/campaign-watch.js';
import type { Core, TenantCore } from './core.js';
import { NOTE_KINDS, type EventContext, type EventDetector } from './detector.js';
import { createCanaryDetector } from './detectors/canary.js';
import { createImpossibleTravelDetector } from './detectors/impossible-travel.js';
import { createInjectionCampaignDetector } from './detectors/injection-campaign.js';
import { createPersonalDataBulkDetector } from './detectors/personal-data-bulk.js';
import { createPurposeDetector } from './detectors/purpose.js';
import { createSecretInOutputDetector } from './detectors/secret-in-output.js';
import { createSensitiveEgressDetector } from './detectors/sensitive-egress.js';
import { DriftWatch } from './drift/drift-watch.js';
import { DAY_MS } from './engine-limits.js';
import { ENTITY } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import { EntityTable } from './entity-table.js';
import { HourGate } from './hour-gate.js';
import { categoryHash, COUNTRY, DAY, FEATURE_COUNT, NETWORK, REQUESTS, RESOURCE } from './features.js';
import { LevelLedger } from './level-ledger.js';
import { DEFAULT_PEER_MODE, type PeerMode } from './peers/peer-mode.js';
import { Population } from './population.js';
import { RuleStage } from './rule-stage.js';
import { SignalBook } from './signal-book.js';
import type { ValueNames } from './value-names.js';
import { SystemWatch } from './watch/system-watch.js';

const CATEGORY_INDEX = { resource: RESOURCE, country: COUNTRY, network: NETWORK } as const;

/** A new detector is a line here. The order is that of findings raised by one event. */
const DETECTOR_FACTORIES: readonly (() => EventDetector)[] = [
  createCanaryDetector, createSecretInOutputDetector, createPersonalDataBulkDetector, createPurposeDetector,
  createImpossibleTravelDetector, createSensitiveEgressDetector, createInjectionCampaignDetector,
];

/** Everything of one tenant: its entities, what is known across them, its budget, and the detectors that judge event by event. */
export class TenantState implements TenantCore, EventContext {
  readonly id: string;
  readonly names: ValueNames;
  readonly ledger: LevelLedger;
  readonly population: Population;
  readonly entities: EntityTable;
  readonly detectors: readonly EventDetector[] = DETECTOR_FACTORIES.map((create) => create());
  readonly book: SignalBook;
  readonly watch: SystemWatch;
  readonly drift: DriftWatch;
  readonly campaigns: CampaignWatch;
  /** Which hours may be entered, where the stream is cut into partitions. */
  readonly gate: HourGate | null;
  /** Sigma rules, judged after the detectors. */
  readonly rules: RuleStage | null;
  peerMode: PeerMode = DEFAULT_PEER_MODE;
  // The context of the event under way.
  learn = true;
  private entity: EntityState | undefined;
  private day = 0;
  private readonly idle = new Map<number, number[]>();

  constructor(core: Core, id: string, budgetPerDay: number) {
    this.id = id;
    this.names = core.names;
    this.ledger = new LevelLedger(budgetPerDay);
    this.population = new Population(this.ledger, core.limits);
    this.entities = new EntityTable(core, this);
    this.book = new SignalBook(id);
    this.watch = new SystemWatch(id);
    this.drift = new DriftWatch(id, budgetPerDay);
    this.campaigns = new CampaignWatch(id, budgetPerDay);
    this.gate = core.partition === null ? null : new HourGate(id, core.partition, this.population);
    const runner = core.rulesOf(id);
    this.rules = runner === null ? null : new RuleStage(runner);
  }

  /** One place in a queue of hours for each entity and hour. */
  watchIdle(entity: EntityState, hour: number): void {
    if (entity.idleHour === hour) return;
    entity.idleHour = hour;
    const queue = this.idle.get(hour);
    if (queue === undefined) this.idle.set(hour, [entity.ordinal]);
    else queue.push(entity.ordinal);
  }

  /** The next hour at which somebody is looked at: the one after that for which it was asked. */
  get nextIdle(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const hour of this.idle.keys()) if (hour < next) next = hour;
    return Math.max(next, this.population.current) + 1;
  }

  /** Numbers of the entities to be looked at now, in order: the same after a restart, whatever the order they were queued in. */
  takeIdle(hour: number): Uint32Array {
    const due: number[] = [];
    for (const [when, queue] of this.idle) {
      if (when > hour) continue;
      this.idle.delete(when);
      for (const ordinal of queue) due.push(ordinal);
    }
    // Without a comparison in JavaScript: in the hour after a busy one they are a hundred thousand.
    const sorted = new Uint32Array(due).sort();
    return sorted.filter((ordinal, at) => at === 0 || ordinal !== sorted[at - 1]);
  }

  dumpIdle(): [number, Uint32Array][] {
    // `from` would ask an iterator for each of what may be a million numbers.
    return [...this.idle].map(([hour, queue]) => [hour, new Uint32Array(queue)]);
  }

  loadIdle(idle: readonly [number, Uint32Array][]): void {
    for (const [hour, queue] of idle) this.idle.set(hour, [...queue]);
  }

  /** What a detector keeps of the principal; undefined when it kept nothing, or when there is no principal yet. */
  note(index: number): unknown {
    return this.entity?.notes[index] ?? undefined;
  }

  keepNote(index: number, note: unknown): void {
    if (this.entity === undefined) return;
    if (this.entity.notes.length === 0) this.entity.notes = new Array<unknown>(NOTE_KINDS).fill(undefined);
    this.entity.notes[index] = note;
  }

  noteTime(index: number): number {
    return this.entity === undefined ? 0 : this.entity.chunk.f64[this.entity.d + ENTITY.noteTime + index]!;
  }

  noteWord(index: number): number {
    return this.entity === undefined ? 0 : this.entity.chunk.u32[this.entity.f + ENTITY.noteWord + index]!;
  }

  keepMark(index: number, time: number, word: number): void {
    if (this.entity === undefined) return;
    const { chunk, d, f } = this.entity;
    chunk.f64[d + ENTITY.noteTime + index] = time;
    chunk.u32[f + ENTITY.noteWord + index] = word;
  }

  /** Points the context at an event and its principal. */
  look(event: Event, entity: EntityState | undefined, learn: boolean): this {
    this.entity = entity;
    this.learn = learn;
    this.day = Math.floor(event.time / DAY_MS);
    return this;
  }

  hasUsed(category: 'resource' | 'country' | 'network', value: string): boolean {
    return this.entity !== undefined && value !== '' && knowsCategory(this.entity, CATEGORY_INDEX[category], categoryHash(value));
  }

  get daysLearned(): number {
    const { entity } = this;
    return entity === undefined ? 0 : entity.chunk.f32[entity.momentsAt(DAY * FEATURE_COUNT + REQUESTS)]!;
  }

  networkUsers(network: string): number {
    return this.population.adoptersOf(NETWORK, categoryHash(network));
  }

  get runLengthDecades(): number {
    return this.ledger.runLengthDecades(this.day);
  }
}
