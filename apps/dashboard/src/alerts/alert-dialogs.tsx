import type { Alert, Verdict } from '@wary/model/alert.js';
import { useState } from 'react';
import { useMe } from '../app/session.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { plural } from '../ui/format.js';
import { Field, Form, RadioList, TextArea } from '../ui/form.js';
import { PeopleInput } from '../ui/people-input.js';
import type { Plan } from './run-plans.js';
import { SuppressForm } from './suppress-form.js';
import { VERDICTS_EXPLAINED } from './verdicts.js';

export type DialogKind = 'assign' | 'resolve' | 'suppress' | 'notes';

interface DialogProps { kind: DialogKind; alerts: readonly Alert[]; onClose: () => void; onRun: (plans: readonly Plan[]) => Promise<void> }

const TITLES: Record<DialogKind, string> = { assign: 'Assign', resolve: 'Resolve', suppress: 'Suppress', notes: 'Add a note to' };

export function AlertDialogs({ kind, alerts, onClose, onRun }: DialogProps) {
  const what = alerts.length === 1 ? alerts[0]!.title : plural(alerts.length, 'alert');
  return (
    <Dialog title={`${TITLES[kind]} ${alerts.length === 1 ? 'alert' : plural(alerts.length, 'alert')}`} description={alerts.length === 1 ? <>{what} · <span className="mono">{alerts[0]!.entity.id}</span></> : undefined} onClose={onClose}>
      {kind === 'assign' && <AssignForm alerts={alerts} onClose={onClose} onRun={onRun} />}
      {kind === 'resolve' && <ResolveForm alerts={alerts} onClose={onClose} onRun={onRun} />}
      {kind === 'suppress' && <SuppressForm alerts={alerts} onClose={onClose} onRun={onRun} />}
      {kind === 'notes' && <NoteForm alerts={alerts} onClose={onClose} onRun={onRun} />}
    </Dialog>
  );
}

type FormProps = Omit<DialogProps, 'kind'>;

function AssignForm({ alerts, onClose, onRun }: FormProps) {
  const me = useMe();
  const [assignee, setAssignee] = useState(alerts.length === 1 ? alerts[0]!.assignee ?? '' : '');
  const assign = (to: string | null) => onRun([{ alerts, act: { kind: 'assign', assignee: to } }]);
  return (
    <Form submit="Assign" disabled={assignee.trim() === ''} onSubmit={() => assign(assignee.trim())} onCancel={onClose}>
      <Field label="Assignee"><PeopleInput value={assignee} onChange={setAssignee} /></Field>
      <div className="row-actions">
        <Button className="small" icon="user" onClick={() => void assign(me.email)}>To me</Button>
        <Button className="small" onClick={() => void assign(null)}>To nobody</Button>
      </div>
    </Form>
  );
}

function ResolveForm({ alerts, onClose, onRun }: FormProps) {
  const [verdict, setVerdict] = useState<Verdict>('true_positive');
  const [reason, setReason] = useState('');
  return (
    <Form submit="Resolve" onSubmit={() => onRun([{ alerts, act: { kind: 'resolve', verdict, reason: reason.trim() } }])} onCancel={onClose}>
      <RadioList legend="Verdict" name="verdict" value={verdict} options={VERDICTS_EXPLAINED} onChange={setVerdict} />
      <TextArea label="Reason" hint="For whoever reads this in a year." value={reason} onChange={setReason} required />
    </Form>
  );
}

function NoteForm({ alerts, onClose, onRun }: FormProps) {
  const [text, setText] = useState('');
  return (
    <Form submit="Add note" onSubmit={() => onRun([{ alerts, act: { kind: 'notes', text: text.trim() } }])} onCancel={onClose}>
      <TextArea label="Note" value={text} onChange={setText} required rows={5} />
    </Form>
  );
}
