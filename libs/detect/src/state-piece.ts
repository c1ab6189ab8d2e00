import type { RecordWriter } from './record-writer.js';

/** Sorts of pieces: a group in the fold of the newest hour and in the one before; an hour that is open, closed here, closed as it was published, folded. */
export const PIECE = { newest: 0, before: 1, open: 2, closed: 3, published: 4, folded: 5 } as const;

/** A part of what is known across entities that a snapshot writes by itself. */
export interface StatePiece {
  readonly kind: number;
  /** Its group's index or its hour, and its place among several of that hour. */
  readonly at: number;
  readonly place: number;
  /** Who says when it changes. */
  readonly owner: object;
  write(out: RecordWriter): void;
}

/** The pieces that a snapshot has still to write. */
export interface PiecesPending {
  /** What belongs to this owner is about to change: as it is now is how the snapshot must have it. */
  before(owner: object): void;
}
