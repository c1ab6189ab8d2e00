import type { Verdict } from '@wary/model/alert.js';
import { entityKey } from '@wary/model/entity.js';
import type { Incident } from '@wary/model/incident.js';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { VERDICTS_EXPLAINED } from '../alerts/verdicts.js';
import type { IncidentAct } from '../api/actions.js';
import { alertsQuery, incidentsQuery } from '../api/queries.js';
import { useMe } from '../app/session.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Field, Form, RadioList, TextArea } from '../ui/form.js';
import { PeopleInput } from '../ui/people-input.js';
import { SeverityIcon, severityWord } from '../ui/severity.js';
import { Failure, Loading } from '../ui/states.js';

export type IncidentDialog = 'assign' | 'close' | 'reopen' | 'merge' | 'attach';
interface DialogProps { kind: IncidentDialog; incident: Incident; onClose: () => void; onRun: (act: IncidentAct) => Promise<boolean> }
type FormProps = Omit<DialogProps, 'kind'>;

const TITLES: Record<IncidentDialog, string> = { assign: 'Assign the incident', close: 'Close the incident', reopen: 'Reopen the incident', merge: 'Merge into another incident', attach: 'Attach alerts' };

export function IncidentDialogs({ kind, incident, onClose, onRun: run }: DialogProps) {
  // Refused or done: the message, or the conflict, says which; the dialog has served in both.
  const onRun = async (act: IncidentAct) => {
    const done = await run(act);
    onClose();
    return done;
  };
  const props = { incident, onClose, onRun };
  return (
    <Dialog title={TITLES[kind]} description={`#${incident.number} ${incident.title}`} onClose={onClose}>
      {kind === 'assign' && <AssignForm {...props} />}
      {kind === 'close' && <CloseForm {...props} />}
      {kind === 'reopen' && <ReopenForm {...props} />}
      {kind === 'merge' && <MergeForm {...props} />}
      {kind === 'attach' && <AttachForm {...props} />}
    </Dialog>
  );
}

function AssignForm({ incident, onClose, onRun }: FormProps) {
  const me = useMe();
  const [assignee, setAssignee] = useState(incident.assignee ?? '');
  const assign = async (to: string | null) => void await onRun({ kind: 'assign', assignee: to });
  return (
    <Form submit="Assign" disabled={assignee.trim() === ''} onSubmit={() => assign(assignee.trim())} onCancel={onClose}>
      <Field label="Assignee"><PeopleInput value={assignee} onChange={setAssignee} /></Field>
      <div className="row-actions"><Button className="small" icon="user" onClick={() => void assign(me.email)}>To me</Button><Button className="small" onClick={() => void assign(null)}>To nobody</Button></div>
    </Form>
  );
}

function CloseForm({ incident, onClose, onRun }: FormProps) {
  const [verdict, setVerdict] = useState<Verdict>('true_positive');
  const [reason, setReason] = useState('');
  return (
    <Form submit="Close" onSubmit={async () => void await onRun({ kind: 'transition', to: 'closed', reason: reason.trim(), verdict })} onCancel={onClose}>
      <RadioList legend="Verdict" name="verdict" value={verdict} options={VERDICTS_EXPLAINED} onChange={setVerdict} />
      <TextArea label="Reason" value={reason} onChange={setReason} required />
      {incident.alertIds.length > 0 && <p className="preview">The open ones of its {incident.alertIds.length} alerts are resolved with this verdict.</p>}
    </Form>
  );
}

function ReopenForm({ onClose, onRun }: FormProps) {
  const [reason, setReason] = useState('');
  return <Form submit="Reopen" onSubmit={async () => void await onRun({ kind: 'transition', to: 'triage', reason: reason.trim(), verdict: null })} onCancel={onClose}><TextArea label="Reason" value={reason} onChange={setReason} required /></Form>;
}

function MergeForm({ incident, onClose, onRun }: FormProps) {
  const [q, setQ] = useState('');
  const [into, setInto] = useState('');
  const query = useQuery(incidentsQuery({ state: 'new,triage,contain,eradicate,recover', q: q.trim(), limit: 30 }));
  const others = query.data?.items.filter(({ id, mergedInto }) => id !== incident.id && mergedInto === null) ?? [];
  return (
    <Form submit="Merge" disabled={into === ''} onSubmit={async () => void await onRun({ kind: 'merge', into })} onCancel={onClose}>
      <Field label="Search the open incidents"><input type="search" data-autofocus value={q} onChange={(event) => setQ(event.target.value)} /></Field>
      {query.error && !query.data ? <Failure error={query.error} /> : !query.data ? <Loading label="Loading" /> : (
        <fieldset className="radios picks"><legend className="visually-hidden">Merge into</legend>
          {others.length === 0 && <p className="dim">No other open incident.</p>}
          {others.map((other) => <label key={other.id} className="radio"><input type="radio" name="into" checked={into === other.id} onChange={() => setInto(other.id)} /><SeverityIcon severity={other.severity} /><span className="radio-text"><span>#{other.number} {other.title}</span><small>{severityWord(other.severity)} · {other.entity.id} · {other.state}</small></span></label>)}
        </fieldset>
      )}
      <p className="preview">Its alerts and timeline go to the other one. Both numbers stay, and it can be undone with Unmerge.</p>
    </Form>
  );
}

function AttachForm({ incident, onClose, onRun }: FormProps) {
  const [everybody, setEverybody] = useState(false);
  const [q, setQ] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const query = useQuery(alertsQuery({ status: 'triggered,acknowledged', entity: everybody ? undefined : entityKey(incident.entity), q: q.trim(), limit: 50 }));
  const inside = new Set(incident.alertIds);
  const alerts = query.data?.items.filter(({ id }) => !inside.has(id)) ?? [];
  const toggle = (id: string) => setChosen((now) => {
    const next = new Set(now);
    if (!next.delete(id)) next.add(id);
    return next;
  });
  return (
    <Form submit={chosen.size > 0 ? `Attach ${chosen.size}` : 'Attach'} disabled={chosen.size === 0} onSubmit={async () => void await onRun({ kind: 'alerts', add: [...chosen], remove: [] })} onCancel={onClose}>
      <Field label="Search the open alerts"><input type="search" data-autofocus value={q} onChange={(event) => setQ(event.target.value)} /></Field>
      <label className="check"><input type="checkbox" checked={everybody} onChange={(event) => setEverybody(event.target.checked)} />Also of other entities</label>
      {query.error && !query.data ? <Failure error={query.error} /> : !query.data ? <Loading label="Loading" /> : (
        <fieldset className="radios picks"><legend className="visually-hidden">Alerts to attach</legend>
          {alerts.length === 0 && <p className="dim">No other open alert here.</p>}
          {alerts.map((alert) => <label key={alert.id} className="radio"><input type="checkbox" checked={chosen.has(alert.id)} onChange={() => toggle(alert.id)} /><SeverityIcon severity={alert.severity} /><span className="radio-text"><span>{alert.title}</span><small>{severityWord(alert.severity)} · {alert.entity.id} · {alert.explanation.summary}</small></span></label>)}
        </fieldset>
      )}
    </Form>
  );
}
