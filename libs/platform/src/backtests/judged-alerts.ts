import { GROUP_GAP_MS_MAX } from '@wary/alert/apply-finding.js';
import type { Alert } from '@wary/model/alert.js';
import { entityKey } from '@wary/model/entity.js';
import type { Judged } from '../detectors/precision.js';
import type { JudgedAlert } from './backtest.js';

type Place = Pick<Alert, 'entity' | 'reason' | 'firstSeen' | 'lastSeen'>;

/** One alert is another one's when they are of one entity and reason, and near enough to have been grouped. */
export const placeKey = ({ entity, reason }: Pick<Place, 'entity' | 'reason'>): string => `${entityKey(entity)}|${reason}`;
export const isSamePlace = (one: Pick<Place, 'firstSeen' | 'lastSeen'>, other: Pick<Place, 'firstSeen' | 'lastSeen'>): boolean =>
  one.firstSeen <= other.lastSeen + GROUP_GAP_MS_MAX && other.firstSeen <= one.lastSeen + GROUP_GAP_MS_MAX;

/** What people said of alerts that were really raised. */
export class JudgedAlerts {
  private readonly byPlace = new Map<string, JudgedAlert[]>();

  constructor(judged: readonly JudgedAlert[]) {
    for (const one of judged) {
      const list = this.byPlace.get(placeKey(one));
      if (list === undefined) this.byPlace.set(placeKey(one), [one]);
      else list.push(one);
    }
  }

  /** Confirmed as soon as one of those that match it is; null when none does. */
  of(alert: Place): boolean | null {
    const matching = (this.byPlace.get(placeKey(alert)) ?? []).filter((one) => isSamePlace(one, alert));
    return matching.length === 0 ? null : matching.some(({ confirmed }) => confirmed);
  }

  count(alerts: readonly Place[]): Judged {
    let confirmed = 0;
    let judged = 0;
    for (const alert of alerts) {
      const verdict = this.of(alert);
      if (verdict === null) continue;
      judged += 1;
      if (verdict) confirmed += 1;
    }
    return { confirmed, judged };
  }
}
