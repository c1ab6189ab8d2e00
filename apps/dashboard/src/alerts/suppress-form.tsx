import type { Alert } from '@wary/model/alert.js';
import { API_LIMITS } from '@wary/model/limits.js';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { suppressionPreviewQuery } from '../api/queries.js';
import { formatNumber, plural } from '../ui/format.js';
import { Field, Form, RadioList, TextArea, type RadioOption } from '../ui/form.js';
import { Icon } from '../ui/icon.js';
import { errorText } from '../ui/states.js';
import { At } from '../ui/time.js';
import type { Plan } from './run-plans.js';
import { groupByScope, scopeOf, scopeWords, type ScopeChoice } from './suppression-scopes.js';

const HOUR_MS = 3_600_000;
const SPANS = [['4', '4 hours'], ['24', '1 day'], ['168', '7 days'], ['720', '30 days'], ['custom', 'Until a date']] as const;
const PREVIEW_DAYS = [14, 30, 60, 90] as const;

function choices(alerts: readonly Alert[]): Array<RadioOption<ScopeChoice>> {
  const label = (choice: ScopeChoice, many: string) => {
    const groups = groupByScope(alerts, choice);
    return groups.length === 1 ? scopeWords(groups[0]!.scope) : many;
  };
  return [
    { value: 'pair', label: label('pair', 'Each entity with its kind of alert'), hint: 'Narrowest: the same kind of alert of the same entity.' },
    { value: 'entity', label: label('entity', 'Everything of these entities'), hint: 'Also what other detectors see.' },
    { value: 'reason', label: label('reason', 'These kinds of alerts, of everybody'), hint: 'Also of entities that are not shown here.' },
  ];
}

export function SuppressForm({ alerts, onClose, onRun }: { alerts: readonly Alert[]; onClose: () => void; onRun: (plans: readonly Plan[]) => Promise<void> }) {
  const [choice, setChoice] = useState<ScopeChoice>('pair');
  const [span, setSpan] = useState<string>('24');
  const [date, setDate] = useState('');
  const [reason, setReason] = useState('');
  const groups = useMemo(() => groupByScope(alerts, choice), [alerts, choice]);
  const until = () => (span === 'custom' ? new Date(date).getTime() : Date.now() + Number(span) * HOUR_MS);

  return (
    <Form
      submit="Suppress" onCancel={onClose}
      onSubmit={() => {
        const ends = until();
        if (!(ends > Date.now())) throw new Error('The end must lie in the future.');
        return onRun(groups.map((group) => ({ alerts: group.alerts, act: { kind: 'suppress', scope: scopeOf(group.alerts[0]!, choice), until: ends, reason: reason.trim() } })));
      }}
    >
      <RadioList legend="What to hide" name="scope" value={choice} options={choices(alerts)} onChange={setChoice} />
      <Preview groups={groups} />
      <div className="field-pair">
        <Field label="For how long"><select value={span} onChange={(event) => setSpan(event.target.value)}>{SPANS.map(([value, text]) => <option key={value} value={value}>{text}</option>)}</select></Field>
        {span === 'custom'
          ? <Field label="Until"><input type="datetime-local" required value={date} onChange={(event) => setDate(event.target.value)} /></Field>
          : <p className="field-aside dim">Ends <At at={until()} /></p>}
      </div>
      <TextArea label="Reason" value={reason} onChange={setReason} required placeholder="Why these need nobody, and who said so" />
    </Form>
  );
}

/** What the suppression would have done, before it is made. */
function Preview({ groups }: { groups: ReturnType<typeof groupByScope> }) {
  const [days, setDays] = useState('14');
  const scopes = useMemo(() => groups.map(({ scope }) => scope).slice(0, API_LIMITS.bulkItemsMax), [groups]);
  const { data, error } = useQuery({ ...suppressionPreviewQuery(scopes, Number(days)), placeholderData: keepPreviousData });
  return (
    <>
      <Field label="Looked at"><select value={days} onChange={(event) => setDays(event.target.value)}>{PREVIEW_DAYS.map((each) => <option key={each} value={each}>The last {each} days</option>)}</select></Field>
      {error !== null ? <p className="preview" role="status">No preview: {errorText(error)}</p> : data === undefined ? <p className="preview" role="status">Counting what this would have hidden…</p> : (
        <div className={data.confirmed > 0 ? 'preview warn' : 'preview'} role="status">
          <Icon name={data.confirmed > 0 ? 'alerts' : 'mute'} />
          <div>
            Would have hidden <b>{formatNumber(data.matched)} of {plural(data.alerts, 'alert')}</b> of {plural(data.entities, 'entity', 'entities')} in {days} days, <b>{formatNumber(data.confirmed)} confirmed</b>{groups.length > scopes.length && ` (the first ${scopes.length} scopes)`}.
            {data.confirmedAlerts.length > 0 && <ul className="plain-list" aria-label="Confirmed alerts that would have been hidden">{data.confirmedAlerts.map(({ id, title, entity, lastSeen }) => <li key={id}><Link className="link" to="/alerts/$id" params={{ id }} target="_blank">{title}</Link>, {entity.id}, <At at={lastSeen} /></li>)}</ul>}
          </div>
        </div>
      )}
    </>
  );
}
