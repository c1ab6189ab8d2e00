/** Detector state. A snapshot names the last ingest sequence scored. */
export interface Snapshot { readonly version: number; readonly seq: number; readonly takenAt: number; readonly bytes: Uint8Array }
/** One to be saved: its bytes may lie in several places, in order. */
export interface SnapshotToSave extends Omit<Snapshot, 'bytes'> { readonly bytes: Uint8Array | readonly Uint8Array[] }
export interface StateStore {
  /** Atomic: after a crash the previous snapshot or this one is there, whole and checksummed. */
  saveSnapshot(name: string, snapshot: SnapshotToSave): Promise<void>;
  /** Latest whole snapshot, or null. A torn or corrupt one is skipped and reported to `onCorrupt`. */
  latestSnapshot(name: string, onCorrupt?: (detail: string) => void): Promise<Snapshot | null>;
}
export const STATE_STORE = Symbol.for('wary.StateStore');
