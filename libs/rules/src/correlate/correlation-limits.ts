/** State is bounded; reaching a limit is counted and visible, never silent. */
export interface CorrelatorLimits {
  /** How much later than the latest event an event may come and still count as if in order. */
  readonly latenessMs: number;
  /**
   * Judge at the event that comes instead of when the watermark has passed it: nothing waits, and a late event finds its place in its
   * group. What can only be judged when a window is over (upper bounds, "not") waits all the same.
   */
  readonly eager: boolean;
  /** Groups of one correlation; beyond them those not seen for longest are forgotten. */
  readonly groupsMax: number;
  /** Observations waiting for the watermark; beyond them the oldest are taken at once. */
  readonly waitingMax: number;
  /** Observations one group keeps in a window; beyond them the oldest are forgotten. */
  readonly entriesMax: number;
}
/** How what names an event is written into a dump: one plain value each, since there may be many thousands. */
export interface RefCodec<R> { readonly encode: (ref: R) => unknown; readonly decode: (saved: unknown) => R }
export const sameRefs = <R>(): RefCodec<R> => ({ encode: (ref) => ref, decode: (saved) => saved as R });

export const CORRELATOR_LIMITS: CorrelatorLimits = { latenessMs: 0, eager: false, groupsMax: 1_000_000, waitingMax: 1_000_000, entriesMax: 100_000 };

export interface CorrelatorCounts { observations: number; late: number; withoutGroup: number; withoutValue: number; forgottenGroups: number; forgottenEntries: number; hurried: number }
export const noCounts = (): CorrelatorCounts => ({ observations: 0, late: 0, withoutGroup: 0, withoutValue: 0, forgottenGroups: 0, forgottenEntries: 0, hurried: 0 });
