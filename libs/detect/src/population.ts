import { ACTOR_TYPES, type ActorType } from '@wary/model/entity.js';
import { POPULATION_LAG_HOURS, type EngineLimits } from './engine-limits.js';
import { PoolCells } from './campaign/pool-cells.js';
import { addCells, type DriftCells } from './drift/drift-cells.js';
import { decodeHour, encodeHour, type NodeName } from './hour-codec.js';
import { HourLog, NODES_MAX } from './hour-log.js';
import type { LevelLedger } from './level-ledger.js';
import type { NodeView } from './node-view.js';
import { PopulationFold, type NodeIndex } from './population-fold.js';
import { WATCH_CELLS } from './watch/watch-cells.js';
import { clusterPeers, type PeerGroups } from './peers/cluster-peers.js';
import { ProfileSample } from './peers/profile-sample.js';
import type { RecordReader } from './record-writer.js';
import { PIECE, type PiecesPending, type StatePiece } from './state-piece.js';

export const NODE_OF_KIND: Readonly<Record<ActorType, number>> = { user: 0, service: 1, key: 2, agent: 3, device: 4 };

interface NodeOf extends NodeName { isAdmitted: boolean }
/** An hour of one partition that is closed: as it was published, or as it lies here. */
interface ClosedLog { readonly partition: number; content: HourLog | Uint8Array }
interface PopulationState {
  current: number; first: number; nodes: NodeOf[]; admitted: number; leftOut: number; newest: number; before: number;
  open: number[]; closed: [number, number[]][]; folded: [number, number][];
  profiles: unknown; groupsNow: Map<number, PeerGroups>; groupsBefore: Map<number, PeerGroups>; groupsFound: Map<number, ReadonlyMap<number, PeerGroups>>; foldedDay: number;
}

/**
 * What is known across entities, versioned by event-time hour: shards add to the hours, closed hours are folded in, and hour h is
 * judged with the fold of all hours up to h − 2. The fold of h − 3 is kept beside it, for what happens as of the hour before: to a principal
 * whose own newest event is of that hour, it does not matter whether somebody else has come to hour h already. So no answer depends on which
 * shard was faster.
 */
export class Population implements NodeIndex {
  private nodes: NodeOf[] = [];
  private readonly byName = new Map<string, number>();
  private readonly ledger: LevelLedger;
  private readonly limits: EngineLimits;
  private readonly newest: PopulationFold;
  private readonly before: PopulationFold;
  /** Hours of this process that shards still add to. */
  private open = new Map<number, HourLog>();
  /** Hours that are closed and not folded, with the logs of all partitions. */
  private closed = new Map<number, ClosedLog[]>();
  /** Hours that the newest fold has, and the one before has not. */
  private folded = new Map<number, HourLog[]>();
  /** Who does what, by a sample; and the groups that this makes, as of the newest fold, and of the one before. */
  readonly profiles = new ProfileSample();
  private groupsNow = new Map<number, PeerGroups>();
  private groupsBefore = new Map<number, PeerGroups>();
  /** Groups found when an hour was folded, which the fold before has not come to. */
  private groupsFound = new Map<number, ReadonlyMap<number, PeerGroups>>();
  /** Day of the newest hour that was folded. */
  private foldedDay = Number.NEGATIVE_INFINITY;
  /** What the hours folded last say of the monitor itself, until it is taken. */
  private readonly watched = new Map<number, Int32Array>();
  /** The same of what principals have in common. */
  private readonly pooled = new Map<number, PoolCells>();
  /** The same of the models' streams. */
  private readonly drifted = new Map<number, DriftCells>();
  private admitted = 0;
  /** Hour of the first event. */
  first = Number.POSITIVE_INFINITY;
  /** The hour asked for last: most events are in the same one. */
  private openHour = Number.NaN;
  private openLog: HourLog | null = null;
  /** Hour that events are in; all hours up to `current − 2` are folded. */
  current = Number.NEGATIVE_INFINITY;
  /** Whether what happens now is as of the hour before. */
  private isBehind = false;
  /** Snapshots that are being taken: what is about to change is written first. */
  readonly pending: PiecesPending[] = [];
  /** Increments left out, and groups without a place of their own. */
  private leftOut = 0;

  constructor(ledger: LevelLedger, limits: EngineLimits) {
    this.ledger = ledger;
    this.limits = limits;
    this.newest = new PopulationFold(this, limits);
    this.before = new PopulationFold(this, limits);
    for (const kind of ACTOR_TYPES) this.addNode(NODE_OF_KIND[kind], '', true);
  }

  private addNode(kind: number, group: string, isAdmitted: boolean): number {
    const index = this.nodes.push({ kind, group, isAdmitted }) - 1;
    this.byName.set(`${kind}:${group}`, index);
    return index;
  }

  /** Node of a kind and its peer group; the kind's own when no group is declared, or when there are too many groups. */
  nodeOf(type: ActorType, group: string): number {
    const kind = NODE_OF_KIND[type];
    return group === '' || group === `type:${type}` ? kind : this.indexOf({ kind, group });
  }

  private indexOf({ kind, group }: NodeName): number {
    const known = this.byName.get(`${kind}:${group}`);
    if (known !== undefined) return known;
    if (this.nodes.length >= NODES_MAX) { this.leftOut += 1; return kind; }
    return this.addNode(kind, group, false);
  }

  /** Name of a node's group; empty for a kind's own. */
  groupOf(index: number): string {
    return this.nodes[index]!.group;
  }

  kindOf(index: number): number {
    return this.nodes[index]!.kind;
  }

  isAdmitted(index: number): boolean {
    return this.nodes[index]!.isAdmitted;
  }

  /** What follows happens to a principal of whom nothing newer than of this hour is known, or who is closed as of this hour. */
  actAt(hour: number): void {
    this.isBehind = hour === this.current - 1;
  }

  /** The hour as of which something happens: that of the tenant, or the one before. */
  get now(): number {
    return this.isBehind ? this.current - 1 : this.current;
  }

  private get known(): PopulationFold {
    return this.isBehind ? this.before : this.newest;
  }

  /** What may be known of the peers of a node's principals. */
  view(node: number): NodeView {
    return this.known.view(node);
  }

  /** Who behaves alike, of a kind of entity; null while nobody knows. */
  peerGroups(kind: number): PeerGroups | null {
    return (this.isBehind ? this.groupsBefore : this.groupsNow).get(kind) ?? null;
  }

  /** Principals of the tenant that have adopted a category value. */
  adoptersOf(category: number, value: number): number {
    let adopters = 0;
    for (let kind = 0; kind < ACTOR_TYPES.length; kind += 1) adopters += this.known.at(kind).node.adopters(category, value);
    return adopters;
  }

  /** Where shards write what they learn now. */
  get log(): HourLog {
    return this.hour(this.now);
  }

  /** Where shards write what belongs to an event-time hour. What comes for a closed hour goes to the one that events are in. */
  hour(hour: number): HourLog {
    const open = hour > this.current - POPULATION_LAG_HOURS && hour <= this.current ? hour : this.current;
    if (open === this.openHour) {
      if (this.pending.length > 0) this.aboutToChange(this.openLog!);
      return this.openLog!;
    }
    let log = this.open.get(open);
    if (log === undefined) this.open.set(open, (log = new HourLog(this.limits.shardHourRecordsMax, this.placesWanted())));
    this.openHour = open;
    this.openLog = log;
    if (this.pending.length > 0) this.aboutToChange(log);
    return log;
  }

  /** Places that an hour is likely to need, by those that are open beside it. */
  private placesWanted(): number | undefined {
    let places: number | undefined;
    for (const log of this.open.values()) if (places === undefined || log.places > places) places = log.places;
    return places;
  }

  private aboutToChange(owner: HourLog | PopulationFold): void {
    for (let at = 0; at < this.pending.length; at += 1) this.pending[at]!.before(owner);
  }

  /** An event of the present, or of the hour before: the tenant is known since then. */
  seen(hour: number): void {
    if (hour >= this.first || hour <= this.current - POPULATION_LAG_HOURS) return;
    this.first = hour;
    const log = this.hour(hour);
    log.first = Math.min(log.first, hour);
  }

  /** Takes the hours of this process up to one out of those that are open, oldest first; empty ones are left out. */
  close(upTo: number): [number, HourLog][] {
    const hours = [...this.open.keys()].filter((hour) => hour <= upTo).sort((a, b) => a - b);
    this.openHour = Number.NaN;
    return hours.flatMap((hour): [number, HourLog][] => {
      const log = this.open.get(hour)!;
      this.open.delete(hour);
      return log.isEmpty ? [] : [[hour, log]];
    });
  }

  /** As it is published. */
  encode(log: HourLog): Uint8Array {
    return encodeHour(log, (index) => this.nodes[index]!);
  }

  /** A closed hour of a partition, to be folded when the tenant is two hours further. */
  put(hour: number, partition: number, content: HourLog | Uint8Array): void {
    const logs = this.closed.get(hour);
    if (logs === undefined) this.closed.set(hour, [{ partition, content }]);
    else logs.push({ partition, content });
  }

  /** What is waiting to be folded of an hour and partition. */
  published(hour: number, partition: number): Uint8Array | null {
    const content = this.closed.get(hour)?.find((log) => log.partition === partition)?.content;
    return content instanceof Uint8Array ? content : null;
  }

  /** Event time has reached `hour`: folds what may be known there, and cuts that day's budget from what was known when it began. */
  advance(hour: number): void {
    this.current = hour;
    this.isBehind = false;
    const day = Math.floor(hour / 24);
    const dayKnows = day * 24 - POPULATION_LAG_HOURS;
    for (const past of hoursUpTo(this.closed, hour - POPULATION_LAG_HOURS)) {
      // The one before has what comes before the hour that is folded now.
      this.foldBefore(past - 1);
      if (past > dayKnows) this.ledger.plan(day);
      this.fold(past);
    }
    this.foldBefore(hour - POPULATION_LAG_HOURS - 1);
    this.ledger.plan(day);
  }

  private fold(hour: number): void {
    const logs = this.closed.get(hour)!.sort((a, b) => a.partition - b.partition).map(({ content }) => this.read(content));
    this.closed.delete(hour);
    this.admit(logs);
    this.aboutToChange(this.newest);
    this.newest.fold(logs);
    this.folded.set(hour, logs);
    const watched = new Int32Array(WATCH_CELLS);
    for (const { watch } of logs) for (let cell = 0; cell < WATCH_CELLS; cell += 1) watched[cell]! += watch[cell]!;
    this.watched.set(hour, watched);
    if (logs.some(({ drift }) => drift.size > 0)) {
      const cells: DriftCells = new Map();
      for (const { drift } of logs) addCells(cells, drift);
      this.drifted.set(hour, cells);
    }
    if (logs.some(({ pools }) => !pools.isEmpty)) {
      const cells = new PoolCells();
      for (const { pools } of logs) for (const [key, cell] of pools.list()) cells.add(key, cell);
      this.pooled.set(hour, cells);
    }
    for (const { tests, overflow, first, profiles } of logs) {
      for (const profile of profiles.list()) this.profiles.add(profile);
      for (const [day, units] of tests) this.ledger.addTests(day, units);
      this.leftOut += overflow;
      if (first < this.first) this.first = first;
    }
    const day = Math.floor(hour / 24);
    if (day > this.foldedDay) this.groupPeers(hour, day);
    this.foldedDay = Math.max(this.foldedDay, day);
  }

  /** Once a day, with its first hour: the groups of those who behave alike. */
  private groupPeers(hour: number, day: number): void {
    this.profiles.forget(day);
    const kinds = new Set([...this.profiles.kinds, ...this.groupsNow.keys()]);
    if (kinds.size === 0) return;
    this.groupsNow = new Map([...kinds].sort((a, b) => a - b).map((kind) => [kind, clusterPeers(this.profiles.of(kind), day, this.profiles.endRank(kind), this.groupsNow.get(kind) ?? null, PEER_SEED + kind)]));
    this.groupsFound.set(hour, this.groupsNow);
  }

  /** What the hours folded since this was asked last say of principals that have something in common. */
  takePools(): ReadonlyMap<number, PoolCells> {
    const taken = new Map(this.pooled);
    this.pooled.clear();
    return taken;
  }

  /** The self-watch counters of the hours that were folded since this was asked last. */
  takeWatched(): ReadonlyMap<number, Int32Array> {
    const taken = new Map(this.watched);
    this.watched.clear();
    return taken;
  }

  /** What the hours folded since this was asked last say of models. */
  takeDrift(): ReadonlyMap<number, DriftCells> {
    const taken = new Map(this.drifted);
    this.drifted.clear();
    return taken;
  }

  /** The self-watch counters of hours that are not folded yet. */
  get openWatch(): ReadonlyMap<number, Int32Array> {
    const hours = new Map([...this.open].map(([hour, { watch }]) => [hour, watch]));
    for (const [hour, logs] of this.closed) for (const { content } of logs) if (content instanceof HourLog) hours.set(hour, content.watch);
    return hours;
  }

  private foldBefore(upTo: number): void {
    for (const past of hoursUpTo(this.folded, upTo)) {
      this.aboutToChange(this.before);
      this.before.fold(this.folded.get(past)!);
      this.folded.delete(past);
      const found = this.groupsFound.get(past);
      if (found !== undefined) { this.groupsBefore = new Map(found); this.groupsFound.delete(past); }
    }
  }

  private read(content: HourLog | Uint8Array): HourLog {
    if (content instanceof HourLog) return content;
    const log = decodeHour(content, (name) => this.indexOf(name), this.limits.shardHourRecordsMax);
    if (log === null) throw new Error('a partition published hours in another version: all partitions of one stream must run the same version');
    return log;
  }

  /** Groups that are new get places in the order of their names, whoever saw them first. */
  private admit(logs: readonly HourLog[]): void {
    const waiting = new Set<number>();
    for (const log of logs) for (const index of log.nodes()) if (!this.nodes[index]!.isAdmitted) waiting.add(index);
    for (const index of [...waiting].sort((a, b) => this.nodes[a]!.kind - this.nodes[b]!.kind || (this.nodes[a]!.group < this.nodes[b]!.group ? -1 : 1))) {
      if (this.admitted >= this.limits.peerGroupsMax) { this.leftOut += 1; continue; }
      this.admitted += 1;
      this.nodes[index]!.isAdmitted = true;
    }
  }

  get groups(): number {
    return this.nodes.length;
  }

  get overflow(): number {
    return this.leftOut + this.newest.overflow;
  }

  /** All of it but its pieces, which hours and groups there are among it. */
  dump(): unknown {
    return {
      current: this.current, first: this.first, nodes: this.nodes, admitted: this.admitted, leftOut: this.leftOut, newest: this.newest.overflow, before: this.before.overflow,
      open: [...this.open.keys()], closed: [...this.closed].map(([hour, logs]) => [hour, logs.map(({ partition }) => partition)]), folded: [...this.folded].map(([hour, logs]) => [hour, logs.length]),
      profiles: this.profiles.dump(), groupsNow: this.groupsNow, groupsBefore: this.groupsBefore, groupsFound: this.groupsFound, foldedDay: this.foldedDay,
    };
  }

  /** What is large: hours and groups, each to be written when there is time, or when it is about to change. */
  pieces(): StatePiece[] {
    const hourPiece = (kind: number, hour: number, place: number, log: HourLog): StatePiece => ({ kind, at: hour, place, owner: log, write: (out) => { log.write(out); } });
    return [
      ...this.newest.pieces(PIECE.newest), ...this.before.pieces(PIECE.before),
      ...[...this.open].map(([hour, log]) => hourPiece(PIECE.open, hour, 0, log)),
      ...[...this.closed].flatMap(([hour, logs]) => logs.map(({ content }, place): StatePiece => (content instanceof HourLog ? hourPiece(PIECE.closed, hour, place, content) : { kind: PIECE.published, at: hour, place, owner: content, write: (out) => { out.blob(content); } }))),
      ...[...this.folded].flatMap(([hour, logs]) => logs.map((log, place) => hourPiece(PIECE.folded, hour, place, log))),
    ];
  }

  load(state: unknown): void {
    const from = state as PopulationState;
    this.current = from.current;
    this.first = from.first;
    this.admitted = from.admitted;
    this.leftOut = from.leftOut;
    this.nodes = [];
    for (const { kind, group, isAdmitted } of from.nodes) this.addNode(kind, group, isAdmitted);
    this.newest.overflow = from.newest;
    this.before.overflow = from.before;
    this.openHour = Number.NaN;
    // In their order; what is in them comes with the pieces.
    const empty = new HourLog(this.limits.shardHourRecordsMax);
    this.open = new Map(from.open.map((hour) => [hour, empty]));
    this.closed = new Map(from.closed.map(([hour, partitions]) => [hour, partitions.map((partition) => ({ partition, content: empty }))]));
    this.folded = new Map(from.folded.map(([hour, count]) => [hour, new Array<HourLog>(count).fill(empty)]));
    this.profiles.load(from.profiles);
    Object.assign(this, { groupsNow: from.groupsNow, groupsBefore: from.groupsBefore, groupsFound: from.groupsFound, foldedDay: from.foldedDay });
  }

  loadPiece(kind: number, at: number, place: number, from: RecordReader): void {
    if (kind === PIECE.newest) this.newest.loadNode(at, from);
    else if (kind === PIECE.before) this.before.loadNode(at, from);
    else if (kind === PIECE.published) this.closed.get(at)![place]!.content = from.blob().slice();
    else {
      const log = HourLog.read(from, this.limits.shardHourRecordsMax);
      if (kind === PIECE.open) this.open.set(at, log);
      else if (kind === PIECE.closed) this.closed.get(at)![place]!.content = log;
      else this.folded.get(at)![place] = log;
    }
  }
}

/** Draws of the clustering: any number would do, as long as all have the same. */
const PEER_SEED = 0x7065;

const hoursUpTo = (hours: ReadonlyMap<number, unknown>, upTo: number): number[] => [...hours.keys()].filter((hour) => hour <= upTo).sort((a, b) => a - b);
