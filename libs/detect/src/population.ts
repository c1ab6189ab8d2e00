import { ACTOR_TYPES, type ActorType } from '@wary/model/entity.js';
import { POPULATION_LAG_HOURS, type EngineLimits } from './engine-limits.js';
import { BEHAVIOUR_COUNT } from './behaviour-weights.js';
import { FEATURE_COUNT, WINDOW_COUNT } from './features.js';
import type { LevelLedger } from './level-ledger.js';
import { PopulationNode } from './population-node.js';
import { NodeView } from './node-view.js';
import { BUCKET_OFFSET, bucketOfRecord, HourLog, nodeOfRecord, NODES_MAX, slotOfRecord, SLOT, type HourLogState } from './hour-log.js';

export const NODE_OF_KIND: Readonly<Record<ActorType, number>> = { user: 0, service: 1, key: 2, agent: 3, device: 4 };

interface NodeEntry { readonly kind: number; readonly group: string; readonly node: PopulationNode; readonly view: NodeView }

/**
 * What is known across entities, versioned by event-time hour: shards add to the hours, closed hours are folded in, and hour h is
 * judged with the fold of all hours up to h − 2. So no answer depends on which shard was faster.
 */
export class Population {
  private readonly entries: NodeEntry[] = [];
  private readonly byName = new Map<string, number>();
  private readonly ledger: LevelLedger;
  private readonly limits: EngineLimits;
  private hours = new Map<number, HourLog>();
  /** Hour of the first event. */
  first = Number.POSITIVE_INFINITY;
  /** The hour asked for last: most events are in the same one. */
  private openHour = Number.NaN;
  private openLog: HourLog | null = null;
  /** Hour that events are in; all hours up to `current − 2` are folded. */
  current = Number.NEGATIVE_INFINITY;
  overflow = 0;

  constructor(ledger: LevelLedger, limits: EngineLimits) {
    this.ledger = ledger;
    this.limits = limits;
    for (const kind of ACTOR_TYPES) this.addNode(NODE_OF_KIND[kind], '');
  }

  private addNode(kind: number, group: string): number {
    const node = new PopulationNode();
    const parent = group === '' ? null : this.entries[kind]!.view;
    const index = this.entries.push({ kind, group, node, view: new NodeView(node, parent) }) - 1;
    this.byName.set(`${kind}:${group}`, index);
    return index;
  }

  /** Node of a kind and its peer group; the kind's own when no group is declared, or when there are too many groups. */
  nodeOf(type: ActorType, group: string): number {
    const kind = NODE_OF_KIND[type];
    if (group === '' || group === `type:${type}`) return kind;
    const known = this.byName.get(`${kind}:${group}`);
    if (known !== undefined) return known;
    if (this.entries.length >= Math.min(NODES_MAX, this.limits.peerGroupsMax + ACTOR_TYPES.length)) { this.overflow += 1; return kind; }
    return this.addNode(kind, group);
  }

  view(node: number): NodeView {
    return this.entries[node]!.view;
  }

  kindOf(node: number): number {
    return this.entries[node]!.kind;
  }

  /** Principals of the tenant that have adopted a category value. */
  adoptersOf(category: number, value: number): number {
    let adopters = 0;
    for (let kind = 0; kind < ACTOR_TYPES.length; kind += 1) adopters += this.entries[kind]!.node.adopters(category, value);
    return adopters;
  }

  /** Where shards write what they learn at an event-time hour. What comes for a folded hour goes to the one that events are in. */
  hour(hour: number): HourLog {
    const open = hour > this.current - POPULATION_LAG_HOURS && hour <= this.current ? hour : this.current;
    if (open === this.openHour) return this.openLog!;
    let log = this.hours.get(open);
    if (log === undefined) this.hours.set(open, (log = new HourLog(this.limits.shardHourRecordsMax)));
    this.openHour = open;
    this.openLog = log;
    return log;
  }

  /** Event time has reached `hour`: folds what may be known there, and cuts that day's budget from what was known when it began. */
  advance(hour: number): void {
    this.current = hour;
    this.first = Math.min(this.first, hour);
    const day = Math.floor(hour / 24);
    const dayKnows = day * 24 - POPULATION_LAG_HOURS;
    const closed = [...this.hours.keys()].filter((past) => past <= hour - POPULATION_LAG_HOURS).sort((a, b) => a - b);
    for (const past of closed) {
      if (past > dayKnows) this.ledger.plan(day);
      this.fold(past);
    }
    this.ledger.plan(day);
  }

  private fold(hour: number): void {
    const log = this.hours.get(hour)!;
    this.hours.delete(hour);
    this.openHour = Number.NaN;
    for (let i = 0; i < log.size; i += 1) this.apply(log.at(i));
    const { adoptions, largest } = log;
    for (let i = 0; i < adoptions.length; i += 3) this.adopt(adoptions[i]!, adoptions[i + 1]!, adoptions[i + 2]!);
    for (let i = 0; i < largest.length; i += 3) this.enlarge(largest[i]!, largest[i + 1]!, largest[i + 2]!);
    for (const [day, tests] of log.tests) this.ledger.addTests(day, tests);
    this.overflow += log.overflow;
  }

  private apply(record: number): void {
    const index = nodeOfRecord(record);
    const slot = slotOfRecord(record);
    const bucket = bucketOfRecord(record);
    const { kind, node } = this.entries[index]!;
    grow(node, slot, bucket);
    if (kind !== index) grow(this.entries[kind]!.node, slot, bucket);
  }

  private adopt(index: number, category: number, value: number): void {
    const { kind, node } = this.entries[index]!;
    const { adoptionsPerCategoryMax } = this.limits;
    if (!node.adopt(category, value, adoptionsPerCategoryMax)) this.overflow += 1;
    if (kind !== index && !this.entries[kind]!.node.adopt(category, value, adoptionsPerCategoryMax)) this.overflow += 1;
  }

  private enlarge(index: number, cell: number, value: number): void {
    const { kind, node } = this.entries[index]!;
    for (const { largest } of [node, this.entries[kind]!.node]) if (value > largest[cell]!) largest[cell] = value;
  }

  get groups(): number {
    return this.entries.length;
  }

  dump(): unknown {
    return {
      current: this.current, first: this.first, overflow: this.overflow,
      nodes: this.entries.map(({ kind, group, node }) => ({ kind, group, node: node.dump() })),
      hours: [...this.hours].map(([hour, log]) => [hour, log.dump()]),
    };
  }

  load(state: unknown): void {
    const from = state as { current: number; first: number; overflow: number; nodes: { kind: number; group: string; node: unknown }[]; hours: [number, HourLogState][] };
    this.current = from.current;
    this.first = from.first;
    this.overflow = from.overflow;
    from.nodes.forEach(({ kind, group, node }, index) => {
      if (index >= this.entries.length) this.addNode(kind, group);
      this.entries[index]!.node.load(node);
    });
    this.openHour = Number.NaN;
    this.hours = new Map(from.hours.map(([hour, log]) => [hour, HourLog.load(log, this.limits.shardHourRecordsMax)]));
  }
}

function grow(node: PopulationNode, slot: number, bucket: number): void {
  if (slot < SLOT.scores) {
    node.addValue(slot, bucket - BUCKET_OFFSET);
    node.changes[Math.floor(slot / FEATURE_COUNT)]! += 1;
  } else if (slot < SLOT.windows) {
    node.addScore(slot - SLOT.scores, bucket);
    node.changes[Math.floor((slot - SLOT.scores) / BEHAVIOUR_COUNT)]! += 1;
  } else if (slot < SLOT.scored) {
    node.addWindow(slot - SLOT.windows);
    node.changes[slot - SLOT.windows]! += 1;
  } else if (slot < SLOT.week) {
    node.addScored(slot - SLOT.scored);
    node.changes[slot - SLOT.scored]! += 1;
  } else if (slot === SLOT.week) {
    node.week[bucket]! += 1;
    node.changes[WINDOW_COUNT]! += 1;
  } else node.entities += 1;
}
