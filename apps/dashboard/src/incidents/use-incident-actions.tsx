import type { Incident } from '@wary/model/incident.js';
import { useState, type ReactNode } from 'react';
import { actOnIncident, type IncidentAct } from '../api/actions.js';
import { describeIncidentChanges } from '../api/describe-changes.js';
import { ApiError } from '../api/http.js';
import { incidentQuery, queryClient } from '../api/queries.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { sentence } from '../ui/format.js';
import { errorText } from '../ui/states.js';
import { showToast } from '../ui/toast.js';

interface Conflict { readonly before: Incident; readonly now: Incident; readonly act: IncidentAct }

function doneText(act: IncidentAct): string {
  switch (act.kind) {
    case 'acknowledge': return 'Acknowledged';
    case 'assign': return act.assignee === null ? 'Assigned to nobody' : `Assigned to ${act.assignee}`;
    case 'notes': return 'Note added';
    case 'transition': return act.to === 'closed' ? 'Closed' : `Moved to ${sentence(act.to).toLowerCase()}`;
    case 'alerts': return act.add.length > 0 ? 'Attached' : 'Detached';
    case 'merge': return 'Merged';
    case 'unmerge': return 'Unmerged';
  }
}

/** Runs acts on one incident; a stale edit shows what somebody else changed before anything is repeated. */
export function useIncidentActions(incident: Incident | undefined): { run: (act: IncidentAct) => Promise<boolean>; dialog: ReactNode } {
  const [conflict, setConflict] = useState<Conflict | null>(null);

  async function run(act: IncidentAct, on = incident): Promise<boolean> {
    if (!on) return false;
    try {
      const changed = await actOnIncident(on, act);
      const undo = act.kind === 'assign' && on.assignee !== changed.assignee ? { label: 'Undo', run: () => void run({ kind: 'assign', assignee: on.assignee }, changed) } : null;
      showToast(`${doneText(act)}: #${changed.number}`, 'ok', undo);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) {
        const now = await queryClient.fetchQuery({ ...incidentQuery(on.id), staleTime: 0 });
        setConflict({ before: on, now, act });
      } else showToast(errorText(error), 'error');
      return false;
    }
  }

  return {
    run: (act) => run(act),
    dialog: conflict && (
      <Dialog title="Somebody changed this incident meanwhile" description="Your change was not made. This is what is different now:" onClose={() => setConflict(null)}>
        <ul className="changes">{describeLines(conflict).map((line) => <li key={line}>{line}</li>)}</ul>
        <div className="form-foot">
          <Button kind="quiet" data-autofocus onClick={() => setConflict(null)}>Leave it</Button>
          <Button kind="primary" onClick={() => { setConflict(null); void run(conflict.act, conflict.now); }}>Do it anyway</Button>
        </div>
      </Dialog>
    ),
  };
}

function describeLines({ before, now }: Conflict): string[] {
  const lines = describeIncidentChanges(before, now);
  return lines.length > 0 ? lines : ['Only details that are not shown here'];
}
