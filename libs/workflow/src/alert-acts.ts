import { actOnAlert } from '@wary/alert/act-on-alert.js';
import { nextAlertStatus } from '@wary/alert/alert-transition.js';
import { assertSuppression, matchesScope, suppressionFor } from '@wary/alert/suppression.js';
import type { Alert, Suppression } from '@wary/model/alert.js';
import { WaryError } from '@wary/model/errors.js';
import type { AlertAction } from '@wary/ports/workflow.port.js';
import type { WorkflowTransaction } from '@wary/ports/workflow-store.port.js';
import type { ChangeSet } from './change-set.js';
import { escalate } from './escalate.js';

type SuppressAction = Extract<AlertAction, { kind: 'suppress' }>;
/** Alerts hidden or shown again with one statement; more take several, in the same transaction. */
const ALERTS_PER_STEP = 500;

/** One act of a person on one alert that was read into the set. */
export async function act(transaction: WorkflowTransaction, set: ChangeSet, alert: Alert, action: AlertAction): Promise<void> {
  if (action.kind === 'suppress') {
    await suppress(transaction, set, alert, action);
    return;
  }
  if (action.kind === 'assign' && action.assignee === alert.assignee) return;
  set.putAlert(actOnAlert(alert, action, set.by.name, set.now), `alert.${action.kind}`);
}

/** Makes the suppression, and hides with it this alert and every other open one that it covers. */
export async function suppress(transaction: WorkflowTransaction, set: ChangeSet, alert: Alert, { scope, until, reason }: SuppressAction): Promise<Suppression> {
  assertSuppression(scope, until, reason, alert, set.now);
  nextAlertStatus(alert.status, 'suppress');
  const suppression: Suppression = { id: set.newId(), scope, until, reason, createdBy: set.by.name, createdAt: set.now, hits: 0 };
  set.putSuppression(suppression, 'suppression.create');
  hide(set, alert, suppression);
  await set.flush(transaction);
  for (;;) {
    const more = await transaction.lockOpenAlertsIn(scope, ALERTS_PER_STEP);
    if (more.length === 0) return suppression;
    set.readAlerts(more);
    for (const { id } of more) hide(set, set.alert(id)!, suppression);
    await set.flush(transaction);
  }
}

function hide(set: ChangeSet, alert: Alert, suppression: Suppression): void {
  set.putAlert(actOnAlert(alert, { kind: 'suppress', suppressionId: suppression.id }, set.by.name, set.now), 'alert.suppress');
  set.hit(suppression);
}

/** Several alerts at once: each has its own result, and what one refuses the others do. A suppression is made once for all of them. */
export async function actOnEach(transaction: WorkflowTransaction, set: ChangeSet, ids: readonly string[], action: AlertAction): Promise<Map<string, WaryError>> {
  set.readAlerts((await transaction.lockAlerts({ ids })).map(({ alert }) => alert));
  const errors = new Map<string, WaryError>();
  let suppression: Suppression | null = null;
  for (const id of new Set(ids)) {
    try {
      const alert = set.alert(id);
      if (alert === undefined) throw new WaryError('not_found', `There is no alert ${id}`);
      if (action.kind !== 'suppress') await act(transaction, set, alert, action);
      else if (suppression === null) suppression = await suppress(transaction, set, alert, action);
      else if (alert.suppressionId !== suppression.id) assertHidden(alert, action);
    } catch (error) {
      if (!(error instanceof WaryError) || error.code === 'store_unavailable') throw error;
      errors.set(id, error);
    }
  }
  return errors;
}

/** The suppression exists and did not take this alert: says why. */
function assertHidden(alert: Alert, { scope }: SuppressAction): void {
  if (!matchesScope(scope, alert)) throw new WaryError('validation_failed', 'scope must cover the alert', { errors: [{ path: 'scope', message: 'must cover the alert' }] });
  nextAlertStatus(alert.status, 'suppress');
}

/** The suppression is over: its alerts are triggered again, except those that another one covers. */
export async function endSuppression(transaction: WorkflowTransaction, set: ChangeSet, id: string, action: 'suppression.end' | 'suppression.expire'): Promise<boolean> {
  set.readSuppressions(await transaction.suppressions());
  if (set.suppression(id) === undefined) return false;
  set.endSuppression(id, action);
  await set.flush(transaction);
  for (;;) {
    const alerts = await transaction.lockAlertsSuppressedBy(id, ALERTS_PER_STEP);
    if (alerts.length === 0) return true;
    set.readAlerts(alerts);
    for (const alert of alerts) {
      const other = suppressionFor(set.suppressions, alert, set.now);
      if (other === null) {
        set.putAlert(actOnAlert(alert, { kind: 'release' }, set.by.name, set.now), 'alert.release');
      } else {
        set.putAlert({ ...alert, suppressionId: other.id }, 'alert.suppress');
        set.hit(other);
      }
    }
    await escalate(transaction, set, alerts.map((alert) => alert.id));
    await set.flush(transaction);
  }
}
