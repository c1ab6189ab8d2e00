import type { EntityTable } from './entity-table.js';
import type { Population } from './population.js';
import { RecordReader, RecordWriter } from './record-writer.js';
import type { PiecesPending, StatePiece } from './state-piece.js';
import type { TablePending } from './table-pending.js';

/** Words of a part: 4 MiB. */
const PART_WORDS = 1_048_576;
/** Of each record in a snapshot: tenant and number before it. */
const HEAD_WORDS = 2;
/** In place of a tenant's number: a piece of what is known across its entities follows. */
const PIECE_OF = 0x80000000;
/** A piece says first how many words it has, then what it is of. */
const PIECE_HEAD_WORDS = 3;
/** A piece takes as long as so many words of entities. */
const ENTITY_WORDS = 640;

/** What of a tenant is written bit by bit. */
export interface SnapshotTenant { readonly entities: EntityTable; readonly population: Population }

interface Waiting { readonly tenant: SnapshotTenant; readonly left: Uint8Array; readonly index: number; readonly pending: TablePending; cursor: number }
interface WaitingPieces { readonly population: Population; readonly index: number; readonly pieces: (StatePiece | null)[]; readonly pending: PiecesPending; cursor: number }

/**
 * The entities as they are at this moment, and hours and groups before them, written bit by bit while the engine goes on: what is to change is
 * written first. So a snapshot is of one sequence number, and nobody waits for it longer than for a step.
 */
export class EntitySnapshot {
  readonly parts: Uint32Array[] = [];
  private part: Uint32Array = new Uint32Array(0);
  private at = 0;
  private readonly waiting: Waiting[] = [];
  private readonly pieces: WaitingPieces[] = [];
  private readonly out = new RecordWriter();
  /** Entities and pieces in all. */
  readonly records: number;

  constructor(tenants: readonly SnapshotTenant[]) {
    let records = 0;
    tenants.forEach((tenant, index) => {
      const left = tenant.entities.known();
      for (const one of left) records += one;
      const pending: TablePending = {
        before: (ordinal) => {
          if (left[ordinal] !== 1) return;
          left[ordinal] = 0;
          this.write(tenant.entities, index, ordinal);
        },
      };
      this.waiting.push({ tenant, left, index, pending, cursor: 0 });
      tenant.entities.pending.push(pending);
      records += this.waitFor(tenant.population, index);
    });
    this.records = records;
  }

  private waitFor(population: Population, index: number): number {
    const pieces: (StatePiece | null)[] = population.pieces();
    const byOwner = new Map<object, number[]>();
    pieces.forEach((piece, place) => {
      const places = byOwner.get(piece!.owner);
      if (places === undefined) byOwner.set(piece!.owner, [place]);
      else places.push(place);
    });
    const pending: PiecesPending = {
      before: (owner) => {
        const places = byOwner.get(owner);
        if (places === undefined) return;
        byOwner.delete(owner);
        for (const place of places) this.writePiece(index, pieces, place);
      },
    };
    this.pieces.push({ population, index, pieces, pending, cursor: 0 });
    population.pending.push(pending);
    return pieces.length;
  }

  /** Writes up to so many entities more, or pieces of as many words; true when all are written. */
  step(entitiesMax: number): boolean {
    let written = this.stepPieces(entitiesMax);
    if (written >= entitiesMax) return false;
    for (; this.waiting.length > 0; this.waiting.pop()) {
      const of = this.waiting[this.waiting.length - 1]!;
      const { tenant, left, index } = of;
      for (; of.cursor < left.length; of.cursor += 1) {
        if (left[of.cursor] === 0) continue;
        if (written >= entitiesMax) return false;
        left[of.cursor] = 0;
        this.write(tenant.entities, index, of.cursor);
        written += 1;
      }
      forget(tenant.entities.pending, of.pending);
    }
    this.close();
    return true;
  }

  private stepPieces(entitiesMax: number): number {
    let written = 0;
    for (; this.pieces.length > 0; this.pieces.pop()) {
      const of = this.pieces[this.pieces.length - 1]!;
      for (; of.cursor < of.pieces.length; of.cursor += 1) {
        if (written >= entitiesMax) return written;
        written += this.writePiece(of.index, of.pieces, of.cursor) / ENTITY_WORDS;
      }
      forget(of.population.pending, of.pending);
    }
    return written;
  }

  /** Nobody needs it any more. */
  abandon(): void {
    for (const { tenant, pending } of this.waiting.splice(0)) forget(tenant.entities.pending, pending);
    for (const { population, pending } of this.pieces.splice(0)) forget(population.pending, pending);
  }

  private write(table: EntityTable, index: number, ordinal: number): void {
    const { words, at } = table.recordOf(ordinal);
    this.append(index, ordinal, words, at);
  }

  /** Words written; 0 when it had been already. */
  private writePiece(index: number, pieces: (StatePiece | null)[], place: number): number {
    const piece = pieces[place]!;
    if (piece === null) return 0;
    pieces[place] = null;
    const { out } = this;
    out.at = PIECE_HEAD_WORDS;
    piece.write(out);
    out.words[0] = out.at;
    out.words[1] = piece.at;
    out.words[2] = piece.place;
    this.append((PIECE_OF | index) >>> 0, piece.kind, out.words, 0);
    return out.at;
  }

  private append(index: number, number: number, words: Uint32Array, at: number): void {
    const count = words[at]!;
    if (this.at + HEAD_WORDS + count > this.part.length) {
      this.close();
      this.part = new Uint32Array(Math.max(PART_WORDS, HEAD_WORDS + count));
    }
    const { part } = this;
    let to = this.at;
    part[to++] = index;
    part[to++] = number;
    for (let i = 0; i < count; i += 1) part[to + i] = words[at + i]!;
    this.at = to + count;
  }

  private close(): void {
    if (this.at > 0) this.parts.push(this.part.subarray(0, this.at));
    this.part = new Uint32Array(0);
    this.at = 0;
  }
}

function forget<T>(list: T[], one: T): void {
  const at = list.indexOf(one);
  if (at >= 0) list.splice(at, 1);
}

/** Gives back what a snapshot wrote, record by record. */
export function readEntities(words: Uint32Array, records: number, tenants: readonly SnapshotTenant[]): void {
  const reader = new RecordReader();
  let at = 0;
  for (let i = 0; i < records; i += 1) {
    const of = words[at]!;
    const number = words[at + 1]!;
    const from = at + HEAD_WORDS;
    if (of >= PIECE_OF) tenants[of - PIECE_OF]!.population.loadPiece(number, words[from + 1]! | 0, words[from + 2]!, reader.begin(words, from + PIECE_HEAD_WORDS));
    else tenants[of]!.entities.adopt(number, words, from);
    at = from + words[from]!;
  }
}
