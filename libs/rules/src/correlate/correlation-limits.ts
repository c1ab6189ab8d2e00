/** State is bounded; reaching a limit is counted and visible, never silent. */
export interface CorrelatorLimits {
  /** How much later than the latest event an event may come and still count as if in order. */
  readonly latenessMs: number;
  /** Groups of one correlation; beyond them those not seen for longest are forgotten. */
  readonly groupsMax: number;
  /** Observations waiting for the watermark; beyond them the oldest are taken at once. */
  readonly waitingMax: number;
  /** Observations one group keeps in a window; beyond them the oldest are forgotten. */
  readonly entriesMax: number;
}
export const CORRELATOR_LIMITS: CorrelatorLimits = { latenessMs: 0, groupsMax: 1_000_000, waitingMax: 1_000_000, entriesMax: 100_000 };

export interface CorrelatorCounts { observations: number; late: number; withoutGroup: number; withoutValue: number; forgottenGroups: number; forgottenEntries: number; hurried: number }
export const noCounts = (): CorrelatorCounts => ({ observations: 0, late: 0, withoutGroup: 0, withoutValue: 0, forgottenGroups: 0, forgottenEntries: 0, hurried: 0 });
