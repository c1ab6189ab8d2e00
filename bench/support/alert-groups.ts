import { dedupKeyOf } from '@wary/alert/alert-id.js';
import { isNear, joinFinding, openAlert } from '@wary/alert/apply-finding.js';
import type { Alert } from '@wary/model/alert.js';
import type { Finding } from '@wary/model/finding.js';

/** Alerts as the product groups findings, in memory and without people: the alert of a finding, whether it was opened by it, and whether the finding is known already. */
export interface Grouped { readonly index: number; readonly opened: boolean; readonly known: boolean }

export class AlertGroups {
  readonly alerts: Alert[] = [];
  private readonly byKey = new Map<string, number[]>();
  private readonly byFinding = new Map<string, number>();

  take(finding: Finding): Grouped {
    const known = this.byFinding.get(finding.id);
    const key = dedupKeyOf(finding);
    let open = this.byKey.get(key);
    if (open === undefined) this.byKey.set(key, (open = []));
    const near = known ?? open.findLast((index) => isNear(this.alerts[index]!, finding));
    const index = near ?? this.alerts.length;
    if (near === undefined) {
      open.push(index);
      this.alerts.push(openAlert(finding, finding.time));
    } else this.alerts[index] = joinFinding(this.alerts[index]!, finding, known === undefined);
    this.byFinding.set(finding.id, index);
    return { index, opened: near === undefined, known: known !== undefined };
  }
}
