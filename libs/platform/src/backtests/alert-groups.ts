import { dedupKeyOf } from '@wary/alert/alert-id.js';
import { GROUP_GAP_MS_MAX, isNear, joinFinding, openAlert } from '@wary/alert/apply-finding.js';
import type { Alert } from '@wary/model/alert.js';
import type { Finding } from '@wary/model/finding.js';

/** Alerts that are looked at for being over, each so many findings. */
const FORGET_EVERY = 2_000;

/**
 * The grouping of the workflow in memory and without people: an alert takes the findings of its key while they are near. What ended before
 * `keepFrom` is forgotten, so that the warm-up leaves only what it hands on.
 */
export class AlertGroups {
  /** Alerts that could not be kept because there were too many. */
  overflow = 0;
  private readonly alerts = new Map<string, { alert: Alert; readonly key: string; /** Findings that may still be revised. */ readonly open: Set<string> }>();
  private readonly byKey = new Map<string, string[]>();
  private readonly byFinding = new Map<string, string>();
  private taken = 0;
  private newest = 0;

  constructor(private readonly keepFrom: number, private readonly alertsMax: number) {}

  apply(finding: Finding): Alert | null {
    this.newest = Math.max(this.newest, finding.time);
    if ((this.taken += 1) % FORGET_EVERY === 0) this.forgetOld();
    const key = dedupKeyOf(finding);
    const known = this.byFinding.get(finding.id);
    const id = known ?? (this.byKey.get(key) ?? []).findLast((each) => isNear(this.alerts.get(each)!.alert, finding));
    if (id === undefined) return this.open(key, finding);
    const group = this.alerts.get(id)!;
    group.alert = joinFinding(group.alert, finding, known === undefined);
    this.track(group.open, finding, id);
    return group.alert;
  }

  /** Those that began in the period, in the order in which they were raised. */
  get raised(): Alert[] {
    return [...this.alerts.values()].flatMap(({ alert }) => (alert.firstSeen >= this.keepFrom ? [alert] : []));
  }

  private open(key: string, finding: Finding): Alert | null {
    if (this.alerts.size >= this.alertsMax) {
      this.forgetOld();
      if (this.alerts.size >= this.alertsMax) {
        if (finding.revision === 0) this.overflow += 1;
        return null;
      }
    }
    const alert = openAlert(finding, finding.time);
    const open = new Set<string>();
    this.alerts.set(alert.id, { alert, key, open });
    const same = this.byKey.get(key);
    if (same === undefined) this.byKey.set(key, [alert.id]);
    else same.push(alert.id);
    this.track(open, finding, alert.id);
    return alert;
  }

  private track(open: Set<string>, { id, closed }: Finding, alertId: string): void {
    if (closed) {
      open.delete(id);
      this.byFinding.delete(id);
    } else {
      open.add(id);
      this.byFinding.set(id, alertId);
    }
  }

  private forgetOld(): void {
    const before = Math.min(this.keepFrom, this.newest) - GROUP_GAP_MS_MAX;
    for (const [id, { alert, key, open }] of this.alerts) {
      if (open.size > 0 || alert.firstSeen >= this.keepFrom || alert.lastSeen >= before) continue;
      this.alerts.delete(id);
      const same = this.byKey.get(key)!.filter((each) => each !== id);
      if (same.length === 0) this.byKey.delete(key);
      else this.byKey.set(key, same);
    }
  }
}
