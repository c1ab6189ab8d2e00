import type { DriftFamily } from './drift-streams.js';
import type { ComparisonZone } from './comparison.js';
import type { DriftZone } from './watched-stream.js';

/** Where each stream of a model stands: for the entity page and the API. */
export interface ModelDrift {
  /** Latest release that is known, epoch ms; null: none. A change within a week of it is a warning, no alarm. */
  readonly releasedAt: number | null;
  readonly released: string;
  /** log10 of the hours between false alarms that an alarm takes. */
  readonly alarmDecades: number;
  readonly streams: ReadonlyArray<{
    readonly stream: string; readonly label: string; readonly family: DriftFamily; readonly unit: string;
    /** Data set or application; '' for the model as a whole. */
    readonly use: string;
    readonly zone: DriftZone;
    /** Since when it is in this zone; of a warning or alarm since when it has changed. Epoch ms; null while it learns its first hour. */
    readonly since: number | null;
    readonly usual: number | null;
    /** Mean since the change; null where there is none. */
    readonly now: number | null;
    /** Standard deviations of single values, of shares Cohen's h; signed. */
    readonly effect: number;
    /** log10 of the e-value. */
    readonly evidence: number;
    /** Events since the change, and whole hours learned. */
    readonly events: number; readonly hours: number;
  }>;
  /** Groups of people and versions, each held against the rest in the same hours. */
  readonly comparisons: ReadonlyArray<{
    /** The attribute of groups; '' for versions. */
    readonly attribute: string;
    readonly value: string;
    /** The version it is compared with; '' for the rest of the groups. */
    readonly against: string;
    readonly measure: string; readonly label: string;
    readonly use: string;
    readonly zone: ComparisonZone;
    readonly since: number;
    /** Shares of both sides at the same times, and their difference with a 95 % interval; null before they have come together. */
    readonly share: number | null; readonly otherShare: number | null; readonly low: number | null; readonly high: number | null;
    /** Cohen's h, and log10 of the e-value: at most one in 10^evidence ever comes without a difference. */
    readonly effect: number; readonly evidence: number;
    readonly events: number; readonly otherEvents: number;
  }>;
}
