import type { Incident } from '@wary/model/incident.js';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { incidentQuery } from '../api/queries.js';
import { useMay, useMe } from '../app/session.js';
import { useShortcuts } from '../app/shortcuts.js';
import { useTitle } from '../app/title.js';
import { Button } from '../ui/button.js';
import { CopyLink } from '../ui/copy-link.js';
import { formatDuration, sentence } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { Notes } from '../ui/notes.js';
import { SeverityTag } from '../ui/severity.js';
import { Failure, Loading } from '../ui/states.js';
import { At, useNow } from '../ui/time.js';
import { acknowledgeClock, resolveClock, type ClockReading } from './clocks.js';
import { IncidentAlerts } from './incident-alerts.js';
import { IncidentDialogs, type IncidentDialog } from './incident-dialogs.js';
import { movesFrom } from './moves.js';
import { StateSteps } from './state-tag.js';
import { Timeline } from './timeline.js';
import { useIncidentActions } from './use-incident-actions.js';

export function IncidentPage() {
  const { id } = useParams({ from: '/app/incidents/$id' });
  const query = useQuery(incidentQuery(id));
  const incident = query.data;
  useTitle(incident ? `#${incident.number} ${incident.title}` : 'Incident');
  if (!incident) return <div className="page"><h1 className="visually-hidden">Incident</h1>{query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Loading label="Loading the incident" />}</div>;
  return <Incident key={incident.id} incident={incident} />;
}

function Incident({ incident }: { incident: Incident }) {
  const me = useMe();
  const mayWork = useMay('incidents.work');
  const mayClose = useMay('incidents.close');
  const mayMerge = useMay('incidents.merge');
  const [dialog, setDialog] = useState<IncidentDialog | null>(null);
  const { run, dialog: conflict } = useIncidentActions(incident);
  const merged = incident.mergedInto !== null;
  const open = incident.state !== 'closed' && !merged;
  const moves = merged ? [] : movesFrom(incident.state);
  useShortcuts(mayWork && open ? {
    a: () => { if (incident.acknowledgedAt === null) void run({ kind: 'acknowledge' }); },
    i: () => void run({ kind: 'assign', assignee: me.email }),
    ...(mayClose ? { e: () => setDialog('close') } : {}),
  } : {});

  return (
    <div className="page detail-page">
      <nav className="crumbs" aria-label="Where you are"><Link to="/incidents" className="link"><Icon name="left" size={14} />Incidents</Link><span className="grow" /><CopyLink path={`/incidents/${encodeURIComponent(incident.id)}`} /></nav>
      <h1 className="page-title"><span className="faint mono">#{incident.number}</span> {incident.title}</h1>
      {incident.mergedInto !== null && (
        <div className="banner-box"><Icon name="link" /><span className="grow">This incident was merged into <Link className="link" to="/incidents/$id" params={{ id: incident.mergedInto }}>another one</Link>. Work goes on there.</span>{mayMerge && <Button onClick={() => void run({ kind: 'unmerge' })}>Unmerge</Button>}</div>
      )}
      <StateSteps state={incident.state} />
      <div className="actions" role="toolbar" aria-label="Actions">
        {mayWork && open && incident.acknowledgedAt === null && <Button kind="primary" icon="check" shortcut="a" onClick={() => void run({ kind: 'acknowledge' })}>Acknowledge</Button>}
        {mayWork && !merged && <Button shortcut="i" onClick={() => setDialog('assign')}>Assign</Button>}
        {mayWork && moves.map(({ kind, to }) => (
          kind === 'close' ? null
            : kind === 'reopen' ? <Button key={to} onClick={() => setDialog('reopen')}>Reopen</Button>
              : <Button key={to} kind={kind === 'forward' && incident.acknowledgedAt !== null ? 'primary' : 'plain'} icon={kind === 'forward' ? 'right' : 'left'} onClick={() => void run({ kind: 'transition', to, reason: '', verdict: null })}>{kind === 'forward' ? `Move to ${to}` : `Back to ${to}`}</Button>
        ))}
        {mayClose && open && <Button shortcut="e" onClick={() => setDialog('close')}>Close</Button>}
        {mayMerge && open && <Button onClick={() => setDialog('merge')}>Merge</Button>}
      </div>
      <div className="columns wide-left">
        <div className="column parts">
          <IncidentAlerts incident={incident} mayWork={mayWork && open} onAttach={() => setDialog('attach')} onDetach={(id) => void run({ kind: 'alerts', add: [], remove: [id] })} />
          <section className="part" aria-labelledby="notes"><h2 id="notes">Notes</h2><Notes notes={incident.notes} mayWrite={mayWork && !merged} onAdd={async (text) => { if (!await run({ kind: 'notes', text })) throw new Error('The note was not saved.'); }} /></section>
        </div>
        <div className="column parts">
          <Facts incident={incident} />
          <section className="part" aria-labelledby="timeline"><h2 id="timeline">Timeline</h2><Timeline entries={incident.timeline} /></section>
        </div>
      </div>
      {dialog && <IncidentDialogs kind={dialog} incident={incident} onClose={() => setDialog(null)} onRun={run} />}
      {conflict}
    </div>
  );
}

function Facts({ incident }: { incident: Incident }) {
  const now = useNow();
  return (
    <section className="part" aria-labelledby="facts">
      <h2 id="facts">Facts</h2>
      <dl className="clocks">
        <Clock label="Time to acknowledge" reading={acknowledgeClock(incident, now)} />
        <Clock label="Time to resolve" reading={resolveClock(incident, now)} />
      </dl>
      <dl className="facts">
        <div><dt>Severity</dt><dd><SeverityTag severity={incident.severity} /></dd></div>
        <div><dt>Entity</dt><dd><Link to="/entities/$type/$id" params={incident.entity} className="link mono">{incident.entity.id}</Link> <span className="faint">{sentence(incident.entity.type)}</span></dd></div>
        <div><dt>Assignee</dt><dd>{incident.assignee ?? <span className="faint">Nobody</span>}</dd></div>
        <div><dt>Created</dt><dd><At at={incident.createdAt} /></dd></div>
        {incident.acknowledgedAt !== null && <div><dt>Acknowledged</dt><dd><At at={incident.acknowledgedAt} />{incident.acknowledgedBy && <span className="dim"> by {incident.acknowledgedBy}</span>}</dd></div>}
        {incident.closedAt !== null && <div><dt>Closed</dt><dd><At at={incident.closedAt} /></dd></div>}
        {incident.verdict !== null && <div><dt>Verdict</dt><dd>{sentence(incident.verdict)}{incident.closeReason && <span className="dim"> — {incident.closeReason}</span>}</dd></div>}
        {incident.mergedFrom.length > 0 && <div><dt>Merged in</dt><dd>{incident.mergedFrom.map((id) => <Link key={id} className="link mono" to="/incidents/$id" params={{ id }}>{id} </Link>)}</dd></div>}
      </dl>
    </section>
  );
}

function Clock({ label, reading }: { label: string; reading: ClockReading | null }) {
  return <div className={reading?.running ? 'clock running' : 'clock'}><dt>{label}</dt><dd>{reading === null ? '–' : formatDuration(reading.ms)}</dd><dd className="measure-note">{reading === null ? 'never acknowledged' : reading.running ? 'and running' : 'done'}</dd></div>;
}
