import { createHash } from 'node:crypto';
import { createEnricher } from '@wary/enrich/enricher.js';
import { createCountryOf } from '@wary/enrich/geo.js';
import type { InjectedAttack } from '@wary/model/backtest.js';
import { entityKey, type ActorType } from '@wary/model/entity.js';
import { hasFlag, EVENT_FLAG, type Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import type { Registers } from '@wary/model/registers.js';
import { normalizeRecord } from '@wary/normalize/normalize-record.js';
import { createProtector } from '@wary/protect/protector.js';
import { createOrganisation } from '@wary/simulate/organisation.js';
import type { AttackKind, Scenario } from '@wary/simulate/scenarios/scenario.js';
import type { BacktestTask } from './backtest.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** A round of every attack for each of so many days, each round played by others. */
const ROUND_DAYS = 7;
const ROUNDS_MAX = 4;
const LIVE_DAYS_MAX = 3;
/** Principals of a type that may be cast, chosen by the hash of their id. */
const CANDIDATES_MAX = 2_000;
/** Whoever was there on fewer days before has no habit to break. */
const DAYS_KNOWN_MIN = 5;
/** Resources of a peer group that its insider takes, instead of names nobody there has heard of. */
const RESOURCES_MAX = 300;
const GROUPS_MAX = 500;
const RESOURCES_MIN = 20;
/** Those in which the attacker is somewhere else; in the others it is the victim's own place. */
const FROM_OUTSIDE: ReadonlySet<AttackKind> = new Set(['stolen_key']);
const PSEUDONYM_KEY = new Uint8Array(32);

interface Candidate { readonly hash: string; latest: Event; days: number; lastDay: number }
type Which = 'current' | 'proposed';
interface Running { readonly view: { -readonly [K in keyof InjectedAttack]: InjectedAttack[K] }; readonly events: readonly Event[]; inserted: number }

/**
 * The simulator's attacks, done by principals of this stream: who plays what is drawn from the seed among those that the warm-up has known
 * for some days. A victim keeps its own identity, peer group and (unless the attacker is elsewhere) place and local time, and an insider takes
 * what its own peers use. Injected events have negative sequence numbers, by which findings are told.
 */
export class AttackInjector {
  private readonly candidates = new Map<string, Candidate>();
  private readonly counts = new Map<ActorType, number>();
  private readonly resources = new Map<string, Map<string, Pick<Event, 'resource' | 'criticality'>>>();
  private waiting: Event[] | null = null;
  private next = 0;
  private readonly bySeq = new Map<number, Running>();
  private readonly running: Running[] = [];
  private readonly leftOut: string[] = [];

  constructor(private readonly task: BacktestTask) {}

  /** The attacks that were put in whole, by start. */
  get attacks(): InjectedAttack[] {
    return this.running.filter(({ inserted, events }) => inserted === events.length).map(({ view }) => ({ ...view })).sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
  }

  /** Attacks that nobody here could play, or that the stream ended before. */
  get left(): string[] {
    return [...this.leftOut, ...this.running.filter(({ inserted, events }) => inserted < events.length).map(({ view }) => view.id)];
  }

  /** What comes into the stream before this event. */
  before(event: Event): readonly Event[] {
    if (event.time < this.task.from) {
      this.learn(event);
      return [];
    }
    if (hasFlag(event, EVENT_FLAG.future) || hasFlag(event, EVENT_FLAG.historical)) return [];
    this.waiting ??= this.cast();
    const due: Event[] = [];
    while (this.next < this.waiting.length && this.waiting[this.next]!.time <= event.time) {
      const attack = this.waiting[this.next]!;
      this.bySeq.get(attack.seq)!.inserted += 1;
      due.push(attack);
      this.next += 1;
    }
    return due;
  }

  /** The findings that an injected event raised: is its victim among them? */
  found(which: Which, attack: Event, findings: readonly Finding[]): void {
    const { view } = this.bySeq.get(attack.seq)!;
    if (!view[which] && findings.some((finding) => finding.seq === attack.seq && !finding.closed && entityKey(finding.entity) === entityKey(view.entity))) view[which] = true;
  }

  private learn(event: Event): void {
    const { type, id } = event.principal;
    if (id === '' || hasFlag(event, EVENT_FLAG.future)) return;
    const key = `${type}:${id}`;
    const day = Math.floor(event.time / DAY_MS);
    const known = this.candidates.get(key);
    if (known === undefined) this.admit(key, type, { hash: digest(`${this.task.seed}/${key}`), latest: event, days: 1, lastDay: day });
    else {
      if (day > known.lastDay) { known.days += 1; known.lastDay = day; }
      if (event.time >= known.latest.time) known.latest = event;
    }
    if (event.action !== 'download' && event.action !== 'read') return;
    let resources = this.resources.get(event.peerGroup);
    if (resources === undefined && this.resources.size < GROUPS_MAX) this.resources.set(event.peerGroup, resources = new Map());
    if (resources !== undefined && resources.size < RESOURCES_MAX && event.resource.id !== '') resources.set(event.resource.id, { resource: event.resource, criticality: event.criticality });
  }

  /** Of too many the ones with the smallest hashes stay: the same whatever order they come in. */
  private admit(key: string, type: ActorType, candidate: Candidate): void {
    const count = this.counts.get(type) ?? 0;
    if (count >= CANDIDATES_MAX) {
      const [last] = [...this.candidates].filter(([, { latest }]) => latest.principal.type === type).sort(([, a], [, b]) => (a.hash < b.hash ? 1 : -1));
      if (last === undefined || last[1].hash < candidate.hash) return;
      this.candidates.delete(last[0]);
    } else this.counts.set(type, count + 1);
    this.candidates.set(key, candidate);
  }

  private cast(): Event[] {
    const { from, to, seed } = this.task;
    const rounds = Math.max(1, Math.min(ROUNDS_MAX, Math.floor((to - from) / (ROUND_DAYS * DAY_MS))));
    const roundMs = (to - from) / rounds;
    const taken = new Set<string>();
    const events: Event[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const start = Math.ceil((from + round * roundMs) / DAY_MS) * DAY_MS;
      const liveDays = Math.max(1, Math.min(LIVE_DAYS_MAX, Math.floor((from + (round + 1) * roundMs - start) / DAY_MS)));
      const organisation = createOrganisation({ seed: seed * 1_000 + round, start: start - DAY_MS, days: 1, liveDays });
      const attacks = organisation.scenarios.filter(({ category }) => category === 'attack');
      for (const scenario of attacks) {
        const id = `${scenario.kind}-${round + 1}`;
        const victim = this.victimFor(scenario.entity.type as ActorType, id, taken);
        if (victim === null) { this.leftOut.push(id); continue; }
        taken.add(entityKey(victim.latest.principal));
        const own = this.perform(scenario, id, organisation.registers, victim.latest, events.length);
        if (own.length === 0) { this.leftOut.push(id); continue; }
        const running: Running = { view: { id, kind: scenario.kind, entity: { ...victim.latest.principal }, start: own[0]!.time, end: own.at(-1)!.time, events: own.length, current: false, proposed: false }, events: own, inserted: 0 };
        this.running.push(running);
        for (const event of own) {
          this.bySeq.set(event.seq, running);
          events.push(event);
        }
      }
    }
    this.candidates.clear();
    this.resources.clear();
    return events.sort((a, b) => a.time - b.time || b.seq - a.seq);
  }

  private victimFor(type: ActorType, id: string, taken: ReadonlySet<string>): Candidate | null {
    const able = [...this.candidates.values()].filter(({ latest, days }) => latest.principal.type === type && days >= DAYS_KNOWN_MIN && !taken.has(entityKey(latest.principal)));
    const order = (candidate: Candidate): string => digest(`${candidate.hash}/${id}`);
    return able.map((candidate) => [order(candidate), candidate] as const).sort(([a], [b]) => (a < b ? -1 : 1))[0]?.[1] ?? null;
  }

  /** The scenario's events as the path would have stored them, done by the victim. */
  private perform(scenario: Scenario, id: string, registers: Registers, victim: Event, before: number): Event[] {
    const enricher = createEnricher({ registers, countryOf: createCountryOf() });
    const protector = createProtector({ registers, policy: { pii: 'mask', secrets: 'mask', pseudonymise: false }, pseudonymKey: PSEUDONYM_KEY });
    const outside = FROM_OUTSIDE.has(scenario.kind as AttackKind);
    const theirs = [...this.resources.get(victim.peerGroup)?.values() ?? []];
    const events: Event[] = [];
    let shiftMs: number | null = null;
    let downloads = 0;
    for (const { at, event: native } of scenario.events()) {
      const step = normalizeRecord({ source: 'native', tenant: this.task.tenant, receivedAt: at, value: native, text: '', line: 0, transportId: '' }, { retentionDays: 36_500 });
      if (step.kind !== 'ok') throw new Error(`the simulator made an event that cannot be read: ${step.kind}`);
      const event = protector.protectEvent(enricher.enrichEvent(step.value));
      // A night there is a night here.
      shiftMs ??= outside ? 0 : (event.tzOffsetMinutes - victim.tzOffsetMinutes) * MINUTE_MS;
      const index = before + events.length;
      event.id = `backtest:${id}:${events.length}`;
      event.seq = -(index + 1);
      event.time = Math.round(event.time + shiftMs);
      event.receivedAt = event.time;
      event.actor = { ...event.actor, id: victim.actor.id, type: victim.actor.type, group: victim.actor.group, roles: victim.actor.roles, onBehalfOf: victim.actor.onBehalfOf };
      event.principal = { ...victim.principal };
      event.peerGroup = victim.peerGroup;
      event.tzOffsetMinutes = victim.tzOffsetMinutes;
      if (!outside) {
        event.client = { ...victim.client };
        event.knownEgress = victim.knownEgress;
      }
      if (scenario.kind !== 'leaver_night_downloads') event.hrStatus = victim.hrStatus;
      else if (event.action === 'download' && theirs.length >= RESOURCES_MIN) {
        const { resource, criticality } = theirs[(downloads += 1) % theirs.length]!;
        event.resource = { ...resource };
        event.criticality = criticality;
      }
      events.push(event);
    }
    return events.filter(({ time }) => time >= this.task.from && time < this.task.to);
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
