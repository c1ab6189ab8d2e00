import { CountedRegisters } from '@wary/baseline/hyper-log-log.js';
import { ACTOR_TYPES, type ActorType } from '@wary/model/entity.js';
import { ACT_DAY_WORDS_MAX, ActDay } from './act-day.js';
import type { Core } from './core.js';
import { ALL_SLOTS, ENTITY, ENTITY_BYTES, HISTORY_WINDOWS, HOT_BYTES, WINDOW, WINDOW_BYTES } from './entity-layout.js';
import { EntityState, type SuspendedWindow, type Told } from './entity-state.js';
import { FEATURE_COUNT, WINDOW_COUNT } from './features.js';
import { OpenWindow, type Raised } from './open-window.js';
import { packRecord } from './packed-record.js';
import { NODE_OF_KIND, type Population } from './population.js';
import { RecordReader, type RecordWriter } from './record-writer.js';
import { ORDER_SLOTS_COLD, OrderMemory } from './sequence/order-memory.js';
import { hasOrder, readOrders, writeOrders } from './sequence/order-record.js';
import { TallyDay } from './tally/tally-day.js';
import { readSparse, sparseWordsMax, writeSparse } from './sparse-words.js';
import { decodeState, encodeState } from './state-codec.js';

const ENTITY_WORDS = ENTITY_BYTES / 4;
const WINDOW_WORDS = WINDOW_BYTES / 4;
/** The part of a window's record that is in use while its hot part lies with the entity. */
const WINDOW_BEHIND_HOT = WINDOW.hot / 4 + HOT_BYTES / 4;
const RARE_VERSION = 1;
/** Where a record has its entity's id. */
const ID_AT = 6;

/** Bits of a record's second word, from the lowest: kind of entity (3), joined, compacted, whether the group is named, whether there is anything rare, settled; number of windows (13) from 8, whether there is an order (21), notes of detectors, anything told lately, shard from 24. */
const JOINED = 1 << 3;
const COLD = 1 << 4;
const NAMED = 1 << 5;
const RARE = 1 << 6;
const SETTLED = 1 << 7;
const HAS_TOLD = 1 << 23;
const HAS_NOTES = 1 << 22;
const ORDERED = 1 << 21;
/** A newcomer until it has taught this many windows: in a flood of new ids it is the newcomers that make room. */
const SETTLED_WINDOWS = 100;
export const isSettled = ({ windowsLearned }: EntityState): boolean => windowsLearned >= SETTLED_WINDOWS;
/** Of an entity without open windows: no hour at which it needs to be looked at. */
const NEVER = 0xffffffff;

/** What few have: suspended windows, and what windows have raised, by their place among the entity's. */
interface Rare { suspended: SuspendedWindow[]; raised: [number, Raised[]][] }

/** What can be read of a record without making an entity of it. `idleFrom`: event-time hour from which one of its windows may be closed for silence. */
export interface RecordHead { readonly typeIndex: number; readonly shard: number; readonly isCold: boolean; readonly isSettled: boolean; readonly idleFrom: number; readonly watermark: number; readonly id: string }

/**
 * An entity as words: everything of it, so that what is read back goes on as if it had never been written. The same state always gives the
 * same words. At rest and in a snapshot entities are records of this kind. Layout: number of words, bits, node, hour from which it may have to be
 * looked at, newest event, id, group where the node does not tell it, hour of its last wish to be looked at, its record, its windows (bits, first event, record), the order of its acts, and what only some entities have.
 */
export function writeEntity(entity: EntityState, population: Population, cold: boolean, out: RecordWriter): void {
  const { windows, lagWindows, told, group, node } = entity;
  const count = windows.length + lagWindows.length;
  out.at = 0;
  out.reserve(16 + sparseWordsMax(ENTITY_WORDS) + count * (8 + sparseWordsMax(WINDOW_WORDS)));
  const rare = rareOf(entity);
  const ordered = hasOrder(entity);
  const notes = entity.packNotes();
  const named = population.groupOf(node) !== group;
  out.words[1] = (NODE_OF_KIND[entity.type] | (entity.joined ? JOINED : 0) | (cold ? COLD : 0) | (named ? NAMED : 0) | (rare === null ? 0 : RARE) | (isSettled(entity) ? SETTLED : 0) | (told.length === 0 ? 0 : HAS_TOLD) | (notes === null ? 0 : HAS_NOTES) | (ordered ? ORDERED : 0) | (count << 8) | (entity.shard << 24)) >>> 0;
  out.words[2] = node;
  out.words[3] = idleFromOf(entity);
  out.at = 4;
  out.double(entity.watermark);
  out.text(entity.id);
  if (named) out.text(group);
  out.reserve(8 + sparseWordsMax(ENTITY_WORDS));
  out.double(entity.idleHour);
  out.at = writeSparse(entity.chunk.u32, entity.f, ENTITY_WORDS, out.words, out.at);
  for (const window of windows) writeWindow(entity, window, out);
  for (const window of lagWindows) writeWindow(entity, window, out);
  if (ordered) writeOrders(entity, out);
  if (told.length > 0) writeTold(told, out);
  if (notes !== null) out.blob(notes);
  if (rare !== null) out.blob(encodeState(RARE_VERSION, rare));
  out.words[0] = out.at;
}

export function idleFromOf({ windows, lagWindows }: EntityState): number {
  let from = NEVER;
  for (const { idleHour } of windows) if (idleHour < from) from = Math.max(0, idleHour);
  for (const { idleHour } of lagWindows) if (idleHour < from) from = Math.max(0, idleHour);
  return from;
}

/** Bits of a window: its kind + 1 where it is a present one (2), whether it has acts, telling events, registers, a long id of its first event, tallies. */
const ACTS = 4;
const TELLING = 8;
const REGISTERS = 16;
const LONG_ID = 32;
const TALLIED = 64;

function writeWindow(entity: EntityState, window: OpenWindow, out: RecordWriter): void {
  const { kind, acts, telling, lastId, longFirstId, registers, tally } = window;
  const isPresent = entity.currentOf(kind) === window;
  out.reserve(8 + ACT_DAY_WORDS_MAX);
  out.words[out.at] = (isPresent ? kind + 1 : 0) | (acts === null ? 0 : ACTS) | (telling.length === 0 && lastId === '' ? 0 : TELLING) | (registers === null ? 0 : REGISTERS) | (longFirstId === '' ? 0 : LONG_ID) | (tally === null ? 0 : TALLIED);
  out.at += 1;
  acts?.write(out);
  if (telling.length > 0 || lastId !== '') writeTelling(window, out);
  if (registers !== null) out.blob(registers.registers);
  if (tally !== null) { out.reserve(tally.words); tally.write(out); }
  if (longFirstId !== '') out.text(longFirstId);
  out.reserve(sparseWordsMax(WINDOW_WORDS));
  const skipped = isPresent ? WINDOW_BEHIND_HOT : 0;
  out.at = writeSparse(window.chunk.u32, window.f + skipped, WINDOW_WORDS - skipped, out.words, out.at);
}

function rareOf({ suspended, windows, lagWindows }: EntityState): Rare | null {
  let all: [number, Raised[]][] | null = null;
  for (let at = 0; at < windows.length + lagWindows.length; at += 1) {
    const { raised } = at < windows.length ? windows[at]! : lagWindows[at - windows.length]!;
    if (raised !== null) (all ??= []).push([at, raised]);
  }
  if (all === null && suspended.length === 0) return null;
  return { suspended, raised: all ?? [] };
}

function writeTelling({ telling, lastId }: OpenWindow, out: RecordWriter): void {
  out.text(lastId);
  out.reserve(1);
  out.words[out.at] = telling.length;
  out.at += 1;
  for (const id of telling) out.text(id);
}

function writeTold(told: readonly Told[], out: RecordWriter): void {
  out.reserve(1 + 5 * told.length);
  out.words[out.at] = told.length;
  out.at += 1;
  for (const { kind, behaviour, until, strength } of told) {
    out.words[out.at] = kind * 256 + behaviour;
    out.at += 1;
    out.double(until);
    out.double(strength);
  }
}

function readTold(from: RecordReader): Told[] {
  const told: Told[] = [];
  for (let left = from.word(); left > 0; left -= 1) {
    const head = from.word();
    told.push({ kind: head >>> 8, behaviour: head & 255, until: from.double(), strength: from.double() });
  }
  return told;
}

const named = new RecordReader();

/** Whether a record is of this entity; where its id is ASCII, as ids are, without making a string. */
export function isOf(words: Uint32Array, at: number, typeIndex: number, id: string): boolean {
  if ((words[at + 1]! & 7) !== typeIndex) return false;
  const text = words[at + ID_AT]!;
  const { length } = id;
  if (text >>> 1 !== length) return false;
  if ((text & 1) !== 0) return named.begin(words, at + ID_AT).text() === id;
  for (let i = 0; i < length; i += 1) if (((words[at + ID_AT + 1 + (i >>> 2)]! >>> ((i & 3) * 8)) & 0xff) !== id.charCodeAt(i)) return false;
  return true;
}

/** Words of a record that say who it is of. */
export function headWords(words: Uint32Array, at: number): number {
  const text = words[at + ID_AT]!;
  return ID_AT + 1 + Math.ceil(((text >>> 1) * ((text & 1) + 1)) / 4);
}

/** Makes the record of a compacted entity as short as it gets; the reverse is `unpackRecord`. */
export const packEntity = (record: RecordWriter, out: RecordWriter): void => { packRecord(record, headWords(record.words, 0), out); };

export function readHead(from: RecordReader): RecordHead {
  from.word();
  const bits = from.word();
  from.word();
  return { typeIndex: bits & 7, shard: bits >>> 24, isCold: (bits & COLD) !== 0, isSettled: (bits & SETTLED) !== 0, idleFrom: from.word(), watermark: from.double(), id: from.text() };
}

/** An entity of which nothing is known, in a row of its own. */
export function takeEntity(core: Core, ordinal: number, type: ActorType, id: string, shard: number, node: number, group: string): EntityState {
  const row = core.entities.alloc();
  core.entities.clear(row);
  return (core.entityOfRow[row] ??= new EntityState(core.entities, row)).become(ordinal, type, id, shard, node, group);
}

/** The entity of a record, in rows of its own. `known`: its id, at hand where it was looked for by it. */
export function readEntity(core: Core, population: Population, ordinal: number, known: string | undefined, from: RecordReader): EntityState {
  from.word();
  const bits = from.word();
  const node = from.word();
  from.word();
  from.double();
  const id = known ?? from.text();
  if (known !== undefined) from.skipText();
  const group = (bits & NAMED) !== 0 ? from.text() : population.groupOf(node);
  const entity = takeEntity(core, ordinal, ACTOR_TYPES[bits & 7]!, id, bits >>> 24, node, group);
  entity.joined = (bits & JOINED) !== 0;
  entity.idleHour = from.double();
  from.at = readSparse(from.words, from.at, entity.chunk.u32, entity.f, ENTITY_WORDS);
  const count = (bits >>> 8) & 0x1fff;
  for (let at = 0; at < count; at += 1) readWindow(core, entity, from);
  if ((bits & ORDERED) !== 0) readOrders(entity, from);
  if ((bits & HAS_TOLD) !== 0) entity.told = readTold(from);
  if ((bits & HAS_NOTES) !== 0) entity.packedNotes = from.blob().slice();
  if ((bits & RARE) !== 0) takeRare(entity, [...entity.windows, ...entity.lagWindows], decodeState(RARE_VERSION, from.blob()) as Rare);
  return entity;
}

function readWindow(core: Core, entity: EntityState, from: RecordReader): void {
  const bits = from.word();
  const present = bits & 3;
  const row = core.windows.alloc();
  core.windows.clear(row);
  const window = (core.windowOfRow[row] ??= new OpenWindow(core.windows, row));
  if ((bits & ACTS) !== 0) window.acts = ActDay.read(from);
  if ((bits & TELLING) !== 0) {
    window.lastId = from.text();
    const telling = from.word();
    if (telling > 0) window.telling = Array.from({ length: telling }, () => from.text());
  }
  if ((bits & REGISTERS) !== 0) window.registers = new CountedRegisters(from.blob().slice());
  if ((bits & TALLIED) !== 0) window.tally = TallyDay.read(from);
  if ((bits & LONG_ID) !== 0) window.longFirstId = from.text();
  const skipped = present > 0 ? WINDOW_BEHIND_HOT : 0;
  from.at = readSparse(from.words, from.at, window.chunk.u32, window.f + skipped, WINDOW_WORDS - skipped);
  if (present > 0) entity.adoptCurrent(present - 1, window);
  entity.addWindow(window);
}

function takeRare(entity: EntityState, all: readonly OpenWindow[], rare: Rare): void {
  if (rare.suspended.length > 0) entity.suspended = rare.suspended;
  for (const [at, raised] of rare.raised) all[at]!.raised = raised;
}

export function releaseWindow(core: Core, window: OpenWindow): void {
  window.clear();
  core.windows.release(window.row);
}

/** Gives an entity's rows back; it lives on as its record. */
export function releaseEntity(core: Core, entity: EntityState): void {
  for (let at = 0; at < entity.windows.length; at += 1) releaseWindow(core, entity.windows[at]!);
  for (let at = 0; at < entity.lagWindows.length; at += 1) releaseWindow(core, entity.lagWindows[at]!);
  entity.leave();
  core.entities.release(entity.row);
}

/** A newcomer who has taught no more than a window of each kind: what one such window says of it is little, of a million it is much to keep. */
const PASSING_WINDOWS = 3;
export const isPassing = ({ windowsLearned }: EntityState): boolean => windowsLearned <= PASSING_WINDOWS;

/** Of a passing newcomer in a flood only the name is kept, since when it is known and that its group has counted it. */
export function forgetAllButName(entity: EntityState): void {
  const { watermark, since, isDeclared, b, d } = entity;
  const status = entity.chunk.u8[b + ENTITY.status]!;
  const statusUntil = entity.chunk.f64[d + ENTITY.statusUntil]!;
  entity.chunk.u32.fill(0, entity.f, entity.f + ENTITY_WORDS);
  entity.watermark = watermark;
  entity.since = since;
  entity.isDeclared = isDeclared;
  entity.chunk.u8[b + ENTITY.status] = status;
  entity.chunk.f64[d + ENTITY.statusUntil] = statusUntil;
  if (entity.order !== null) OrderMemory.release(entity.order);
  entity.order = null;
}

/** Floats to sixteen bits behind the point: no answer is known better, and the byte that falls away need not be kept a million times. */
function shorten(u32: Uint32Array, from: number, count: number): void {
  for (let at = from; at < from + count; at += 1) u32[at] = (u32[at]! + 0x80) & 0xffffff00;
}

/** What an entity without open windows keeps when it is compacted is what it has learned: everything else becomes zero. */
export function forgetAllButLearned(entity: EntityState): void {
  const { chunk, f, b, d } = entity;
  const { u32, u16, u8, f64 } = chunk;
  const { watermark, isDeclared } = entity;
  const status = u8[b + ENTITY.status]!;
  shorten(u32, f + ENTITY.moments, WINDOW_COUNT * FEATURE_COUNT * 4);
  shorten(u32, f + ENTITY.actKnown, ALL_SLOTS * 4);
  u32.fill(0, f + ENTITY.hot / 4, f + ENTITY.hot / 4 + (HOT_BYTES * WINDOW_COUNT) / 4);
  u32.fill(0, d * 2 + ENTITY.watermark * 2, f + ENTITY.weekTotal);
  entity.watermark = watermark;
  entity.isDeclared = isDeclared;
  u8[b + ENTITY.status] = status;
  f64[d + ENTITY.suspectFrom] = 0;
  f64[d + ENTITY.suspectTo] = 0;
  u32[f + ENTITY.actDay] = 0;
  u16.fill(0, entity.h + ENTITY.actCount, entity.h + ENTITY.actCount + ALL_SLOTS);
  u8[b + ENTITY.actLatest] = 0;
  u32.fill(0, f + ENTITY.historyStart, f + ENTITY.historyStart + WINDOW_COUNT * HISTORY_WINDOWS);
  u32.fill(0, f + ENTITY.historyValue, f + ENTITY.historyValue + WINDOW_COUNT * HISTORY_WINDOWS * FEATURE_COUNT);
  u16.fill(0, entity.h + ENTITY.historyPredicted, entity.h + ENTITY.historyPredicted + (WINDOW_COUNT - 1) * HISTORY_WINDOWS * FEATURE_COUNT * 2);
  entity.idleHour = 0;
  entity.order = entity.order === null ? null : new OrderMemory(entity.order.pack(ORDER_SLOTS_COLD));
  entity.notes = [];
  entity.suspended = [];
  entity.told = [];
}

/** A compacted entity begins to live again: nothing of it is open or under suspicion. */
export function beginAgain(entity: EntityState): void {
  entity.chunk.f64[entity.d + ENTITY.nextEnd] = Number.POSITIVE_INFINITY;
  entity.suspectFrom = Number.POSITIVE_INFINITY;
  entity.suspectTo = Number.NEGATIVE_INFINITY;
}
