/** So many tries in a window; one more and nothing is let through for a while. */
export interface ThrottleBounds { readonly triesMax: number; readonly windowMs: number; readonly waitMs: number }

/** Counts tries by key over all processes. */
export interface ThrottleStore {
  /** Takes one try. Null: go on; otherwise the milliseconds to wait. Two at the same moment count as two. */
  take(key: string, bounds: ThrottleBounds, now: number): Promise<number | null>;
  forget(key: string): Promise<void>;
  /** One try less. */
  giveBack(key: string, now: number): Promise<void>;
  /** Removes keys whose time is over; gives their number. */
  removeOver(now: number): Promise<number>;
}
export const THROTTLE_STORE = Symbol.for('wary.ThrottleStore');
