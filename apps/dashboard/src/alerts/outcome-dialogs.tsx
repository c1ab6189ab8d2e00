import { describeAlertChanges } from '../api/describe-changes.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { plural } from '../ui/format.js';
import { SeverityIcon } from '../ui/severity.js';
import type { Plan, PlanOutcome } from './run-plans.js';

const SHOWN_MAX = 100;

/** Which alerts of a bulk action were refused, and why. They stay selected. */
export function FailuresDialog({ outcome, onClose }: { outcome: PlanOutcome; onClose: () => void }) {
  const total = outcome.failed.length + outcome.changed.length;
  return (
    <Dialog title={`${outcome.failed.length} of ${plural(total, 'alert')} not changed`} description={outcome.changed.length > 0 ? `${plural(outcome.changed.length, 'alert')} changed. The others stay selected.` : 'Nothing was changed. They stay selected.'} onClose={onClose}>
      <ul className="results">
        {outcome.failed.slice(0, SHOWN_MAX).map(({ alert, message }) => (
          <li key={alert.id}><SeverityIcon severity={alert.severity} /><span className="grow"><span className="results-title">{alert.title} · {alert.entity.id}</span><span className="dim">{message}</span></span></li>
        ))}
      </ul>
      <div className="form-foot"><Button kind="primary" data-autofocus onClick={onClose}>Back to the list</Button></div>
    </Dialog>
  );
}

/** Somebody was faster: shows what they changed, and offers to do it all the same. */
export function ConflictDialog({ conflict, onClose, onAgain }: { conflict: NonNullable<PlanOutcome['conflict']>; onClose: () => void; onAgain: (plan: Plan) => Promise<void> }) {
  const changes = describeAlertChanges(conflict.before, conflict.now);
  return (
    <Dialog title="Somebody changed this alert meanwhile" description="Your change was not made. This is what is different now:" onClose={onClose}>
      <ul className="changes">{(changes.length > 0 ? changes : ['Only details that are not shown here']).map((line) => <li key={line}>{line}</li>)}</ul>
      <div className="form-foot">
        <Button kind="quiet" data-autofocus onClick={onClose}>Leave it</Button>
        <Button kind="primary" onClick={() => void onAgain({ alerts: [conflict.now], act: conflict.plan.act })}>Do it anyway</Button>
      </div>
    </Dialog>
  );
}
