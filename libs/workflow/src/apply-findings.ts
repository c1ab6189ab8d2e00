import { dedupKeyOf } from '@wary/alert/alert-id.js';
import { isNear, joinFinding, openAlert } from '@wary/alert/apply-finding.js';
import { suppressionFor } from '@wary/alert/suppression.js';
import { actOnAlert } from '@wary/alert/act-on-alert.js';
import type { Alert } from '@wary/model/alert.js';
import type { Finding } from '@wary/model/finding.js';
import type { ApplyOptions } from '@wary/ports/workflow.port.js';
import type { WorkflowTransaction } from '@wary/ports/workflow-store.port.js';
import type { ChangeSet } from './change-set.js';
import { escalate } from './escalate.js';

/**
 * Findings of one tenant, in order, into alerts. Which revision of which finding is in which alert is written in the same transaction,
 * so the same findings again change nothing, whatever people did to the alerts meanwhile.
 */
export async function applyFindings(transaction: WorkflowTransaction, set: ChangeSet, findings: readonly Finding[], { keepAlerts = false }: ApplyOptions = {}): Promise<void> {
  const applied = await transaction.appliedFindings([...new Set(findings.map(({ id }) => id))]);
  const isFresh = ({ id, revision }: Finding): boolean => revision > (applied.get(id)?.revision ?? -1);
  const fresh = findings.filter(isFresh);
  if (fresh.length === 0) return;

  const keys = new Map<string, string>();
  // Of a known one too: it may go on as something else, below.
  for (const finding of fresh) keys.set(keyName(finding), dedupKeyOf(finding));
  const ids = new Set(fresh.map(({ id }) => applied.get(id)?.alertId).filter((id) => id !== undefined));
  const open = new Map<string, string[]>();
  for (const { alert, dedupKey } of await transaction.lockAlerts({ ids: [...ids], openWithKeys: [...new Set(keys.values())] })) {
    set.readAlerts([alert]);
    if (alert.status !== 'resolved') push(open, dedupKey, alert.id);
  }
  if (keys.size > 0) set.readSuppressions(await transaction.suppressions());
  const suppressions = set.suppressions;

  for (const finding of fresh) {
    // Of two revisions in one call the earlier one makes the later one no longer fresh when they come in the wrong order.
    if (!isFresh(finding)) continue;
    const known = applied.get(finding.id);
    const own = known === undefined ? undefined : set.alert(known.alertId);
    let alertId: string;
    // What was history and goes on now is an alert of its own: in the old one nobody would hear of it.
    if (known !== undefined && !(own?.historical === true && !finding.historical && !finding.closed)) {
      alertId = known.alertId;
      if (own !== undefined && !keepAlerts) putJoined(set, own, joinFinding(own, finding, false));
    } else {
      const key = keys.get(keyName(finding))!;
      const near = latest((open.get(key) ?? []).map((id) => set.alert(id)!).filter((alert) => isNear(alert, finding)));
      if (near !== undefined) {
        alertId = near.id;
        putJoined(set, near, joinFinding(near, finding, true));
      } else {
        let alert = openAlert(finding, set.now);
        const suppression = suppressionFor(suppressions, alert, set.now);
        if (suppression !== null) {
          alert = actOnAlert(alert, { kind: 'suppress', suppressionId: suppression.id }, set.by.name, set.now);
          set.hit(suppression);
        }
        alertId = alert.id;
        set.putAlert(alert, 'alert.create');
        push(open, key, alertId);
      }
    }
    applied.set(finding.id, { revision: finding.revision, alertId });
  }
  const touched = new Set<string>();
  for (const id of new Set(fresh.map((finding) => finding.id))) {
    const { revision, alertId } = applied.get(id)!;
    set.apply(id, revision, alertId);
    touched.add(alertId);
  }
  await escalate(transaction, set, [...touched]);
}

const keyName = ({ id, historical }: Finding): string => `${id}|${historical}`;

function putJoined(set: ChangeSet, before: Alert, after: Alert): void {
  if (after !== before) set.putAlert(after, 'alert.update');
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

function latest(alerts: readonly Alert[]): Alert | undefined {
  return alerts.reduce<Alert | undefined>((best, alert) => (best === undefined || alert.lastSeen > best.lastSeen ? alert : best), undefined);
}
