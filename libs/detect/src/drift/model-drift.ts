import type { DriftFamily } from './drift-streams.js';
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
}
