import type { Alert } from '@wary/model/alert.js';
import { Link } from '@tanstack/react-router';
import { useMay } from '../app/session.js';
import { Button } from '../ui/button.js';
import type { AlertActions } from './use-alert-actions.js';

/** What can be done to one alert now: only moves that its state and the person's role allow. */
export function AlertActionsBar({ alert, actions }: { alert: Alert; actions: AlertActions }) {
  const mayWork = useMay('alerts.work');
  const maySuppress = useMay('alerts.suppress');
  const open = alert.status === 'triggered' || alert.status === 'acknowledged';
  if (!mayWork && !maySuppress && alert.incidentId === null) return null;
  return (
    <div className="actions" role="toolbar" aria-label="Actions">
      {mayWork && alert.status === 'triggered' && <Button kind="primary" icon="check" shortcut="a" onClick={() => void actions.run([alert], { kind: 'acknowledge' })}>Acknowledge</Button>}
      {mayWork && <Button shortcut="i" onClick={() => actions.ask('assign', [alert])}>Assign</Button>}
      {mayWork && open && <Button shortcut="e" onClick={() => actions.ask('resolve', [alert])}>Resolve</Button>}
      {mayWork && alert.status === 'resolved' && <Button onClick={() => void actions.run([alert], { kind: 'reopen' })}>Reopen</Button>}
      {maySuppress && open && <Button shortcut="s" onClick={() => actions.ask('suppress', [alert])}>Suppress</Button>}
      {alert.incidentId !== null
        ? <Link className="button" to="/incidents/$id" params={{ id: alert.incidentId }}><span>Go to the incident</span></Link>
        : mayWork && <Button shortcut="c" onClick={() => void actions.openIncident([alert])}>Create incident</Button>}
    </div>
  );
}
