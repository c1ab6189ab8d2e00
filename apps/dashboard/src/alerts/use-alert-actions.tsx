import type { Alert } from '@wary/model/alert.js';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { createIncident, deleteSuppression, type AlertAct } from '../api/actions.js';
import { useMe } from '../app/session.js';
import { plural } from '../ui/format.js';
import { errorText } from '../ui/states.js';
import { showToast } from '../ui/toast.js';
import { AlertDialogs, type DialogKind } from './alert-dialogs.js';
import { ConflictDialog, FailuresDialog } from './outcome-dialogs.js';
import { runPlans, type Plan, type PlanOutcome } from './run-plans.js';
import { undoOf } from './undo-plan.js';

const DONE: Record<AlertAct['kind'], string> = { acknowledge: 'Acknowledged', assign: 'Assigned', notes: 'Note added', resolve: 'Resolved', reopen: 'Reopened', suppress: 'Suppressed' };

export interface AlertActions {
  /** Runs at once, without a dialog. */
  run(alerts: readonly Alert[], act: AlertAct): Promise<void>;
  ask(kind: DialogKind, alerts: readonly Alert[]): void;
  assignToMe(alerts: readonly Alert[]): void;
  openIncident(alerts: readonly Alert[]): Promise<void>;
  /** A dialog is open: rows must not move beneath it. */
  readonly asking: boolean;
  readonly dialogs: ReactNode;
}

/** Everything that can be done to alerts, with its dialogs, its per-item results, its conflicts, and the way back. */
export function useAlertActions({ onChanged, onSettled }: { onChanged?: (changed: readonly Alert[], failedIds: readonly string[]) => void; onSettled?: () => void }): AlertActions {
  const me = useMe();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<{ kind: DialogKind; alerts: readonly Alert[] } | null>(null);
  const [outcome, setOutcome] = useState<PlanOutcome | null>(null);
  const settle = () => {
    setDialog(null);
    setOutcome(null);
    onSettled?.();
  };

  async function runAll(plans: readonly Plan[]): Promise<void> {
    const act = plans[0]?.act;
    if (!act) return;
    const result = await runPlans(plans);
    onChanged?.(result.changed, result.failed.map(({ alert }) => alert.id));
    if (result.changed.length > 0) report(act, plans.flatMap(({ alerts }) => alerts), result.changed);
    const [only, ...others] = result.failed;
    if (result.conflict || others.length > 0 || (only && result.changed.length > 0)) {
      setDialog(null);
      setOutcome(result);
      return;
    }
    if (only) showToast(only.message, 'error');
    settle();
  }

  function report(act: AlertAct, before: readonly Alert[], changed: readonly Alert[]): void {
    const undo = undoOf(act, before, changed);
    const what = changed.length === 1 ? changed[0]!.title : plural(changed.length, 'alert');
    const word = act.kind === 'assign' ? (act.assignee === null ? 'Assigned to nobody' : act.assignee === me.email ? 'Assigned to you' : `Assigned to ${act.assignee}`) : DONE[act.kind];
    showToast(`${word}: ${what}`, 'ok', undo && { label: 'Undo', run: () => void takeBack(undo) });
  }

  async function takeBack(undo: NonNullable<ReturnType<typeof undoOf>>): Promise<void> {
    try {
      for (const id of undo.suppressionIds) await deleteSuppression(id);
      const result = await runPlans(undo.plans);
      onChanged?.(result.changed, []);
      const refused = result.conflict ? 'Somebody changed it meanwhile' : result.failed[0]?.message;
      showToast(refused ? `Not taken back: ${refused}` : 'Taken back', refused ? 'error' : 'ok');
    } catch (error) {
      showToast(`Not taken back: ${errorText(error)}`, 'error');
    }
  }

  return {
    run: (alerts, act) => runAll([{ alerts, act }]),
    ask: (kind, alerts) => { if (alerts.length > 0) setDialog({ kind, alerts }); },
    assignToMe: (alerts) => void runAll([{ alerts, act: { kind: 'assign', assignee: me.email } }]),
    async openIncident(alerts) {
      const first = alerts[0];
      if (!first) return;
      try {
        const incident = await createIncident(first.title, alerts.map(({ id }) => id));
        await navigate({ to: '/incidents/$id', params: { id: incident.id } });
      } catch (error) {
        showToast(errorText(error), 'error');
      }
    },
    asking: dialog !== null || outcome !== null,
    dialogs: (
      <>
        {dialog && <AlertDialogs kind={dialog.kind} alerts={dialog.alerts} onClose={settle} onRun={runAll} />}
        {outcome?.conflict && <ConflictDialog conflict={outcome.conflict} onClose={settle} onAgain={(plan) => { setOutcome(null); return runAll([plan]); }} />}
        {outcome && !outcome.conflict && <FailuresDialog outcome={outcome} onClose={settle} />}
      </>
    ),
  };
}
