import type { EntityTable } from './entity-table.js';
import type { TablePending } from './table-pending.js';

/** Words of a part: 4 MiB. */
const PART_WORDS = 1_048_576;
/** Of each record in a snapshot: tenant and number before it. */
const HEAD_WORDS = 2;

/**
 * The entities as they are at this moment, written bit by bit while the engine goes on: who is to change is written first. So a snapshot
 * is of one sequence number, and nobody waits for it longer than for a step.
 */
export class EntitySnapshot {
  readonly parts: Uint32Array[] = [];
  private part: Uint32Array = new Uint32Array(0);
  private at = 0;
  private readonly waiting: { readonly table: EntityTable; readonly left: Uint8Array; readonly index: number; readonly pending: TablePending; cursor: number }[] = [];
  /** Entities in all. */
  readonly records: number;

  constructor(tables: readonly EntityTable[]) {
    let records = 0;
    tables.forEach((table, index) => {
      const left = table.known();
      for (const one of left) records += one;
      const pending: TablePending = {
        before: (ordinal) => {
          if (left[ordinal] !== 1) return;
          left[ordinal] = 0;
          this.write(table, index, ordinal);
        },
      };
      this.waiting.push({ table, left, index, pending, cursor: 0 });
      table.pending.push(pending);
    });
    this.records = records;
  }

  /** Writes up to so many entities more; true when all are written. */
  step(entitiesMax: number): boolean {
    let written = 0;
    for (; this.waiting.length > 0; this.waiting.pop()) {
      const of = this.waiting[this.waiting.length - 1]!;
      const { table, left, index } = of;
      for (; of.cursor < left.length; of.cursor += 1) {
        if (left[of.cursor] === 0) continue;
        if (written >= entitiesMax) return false;
        left[of.cursor] = 0;
        this.write(table, index, of.cursor);
        written += 1;
      }
      forget(of);
    }
    this.close();
    return true;
  }

  /** Nobody needs it any more. */
  abandon(): void {
    for (const of of this.waiting.splice(0)) forget(of);
  }

  private write(table: EntityTable, index: number, ordinal: number): void {
    const { words, at } = table.recordOf(ordinal);
    const count = words[at]!;
    if (this.at + HEAD_WORDS + count > this.part.length) {
      this.close();
      this.part = new Uint32Array(Math.max(PART_WORDS, HEAD_WORDS + count));
    }
    const { part } = this;
    let to = this.at;
    part[to++] = index;
    part[to++] = ordinal;
    for (let i = 0; i < count; i += 1) part[to + i] = words[at + i]!;
    this.at = to + count;
  }

  private close(): void {
    if (this.at > 0) this.parts.push(this.part.subarray(0, this.at));
    this.part = new Uint32Array(0);
    this.at = 0;
  }
}

const forget = ({ table, pending }: { readonly table: EntityTable; readonly pending: TablePending }): void => { table.pending.splice(table.pending.indexOf(pending), 1); };

/** Gives back what a snapshot wrote, entity by entity. */
export function readEntities(words: Uint32Array, records: number, tables: readonly EntityTable[]): void {
  let at = 0;
  for (let i = 0; i < records; i += 1) {
    const table = tables[words[at]!]!;
    table.adopt(words[at + 1]!, words, at + HEAD_WORDS);
    at += HEAD_WORDS + words[at + HEAD_WORDS]!;
  }
}
