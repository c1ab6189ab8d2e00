/** The entities of one tenant that a snapshot has still to write. */
export interface TablePending {
  /** The entity is about to change: as it is now is how the snapshot must have it. */
  before(ordinal: number): void;
}
