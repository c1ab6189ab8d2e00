import type { Alert } from '@wary/model/alert.js';
import { useQueries } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { suppressionPreviewQuery } from '../api/queries.js';
import { plural } from '../ui/format.js';
import { Field, Form, RadioList, TextArea, type RadioOption } from '../ui/form.js';
import { Icon } from '../ui/icon.js';
import { errorText } from '../ui/states.js';
import { At } from '../ui/time.js';
import type { Plan } from './run-plans.js';
import { groupByScope, scopeOf, scopeWords, type ScopeChoice } from './suppression-scopes.js';

const HOUR_MS = 3_600_000;
const SPANS = [['4', '4 hours'], ['24', '1 day'], ['168', '7 days'], ['720', '30 days'], ['custom', 'Until a date']] as const;
/** Scopes previewed at once; a larger selection is suppressed without a preview of each. */
const PREVIEWS_MAX = 10;

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
      <Preview groups={groups.slice(0, PREVIEWS_MAX)} partial={groups.length > PREVIEWS_MAX} />
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
function Preview({ groups, partial }: { groups: ReturnType<typeof groupByScope>; partial: boolean }) {
  const previews = useQueries({ queries: groups.map(({ scope }) => suppressionPreviewQuery(scope)) });
  const failed = previews.find(({ error }) => error !== null);
  if (failed) return <p className="preview" role="status">No preview: {errorText(failed.error)}</p>;
  if (previews.some(({ data }) => data === undefined)) return <p className="preview" role="status">Counting what this would have hidden…</p>;
  const matched = previews.reduce((sum, { data }) => sum + data!.matched, 0);
  const confirmed = previews.reduce((sum, { data }) => sum + data!.confirmed, 0);
  const total = Math.max(...previews.map(({ data }) => data!.alerts));
  return (
    <p className={confirmed > 0 ? 'preview warn' : 'preview'} role="status">
      <Icon name={confirmed > 0 ? 'alerts' : 'mute'} />
      <span>Would have hidden <b>{matched} of {plural(total, 'alert')}</b> in 14 days, <b>{confirmed} confirmed</b>{partial && ` (the first ${PREVIEWS_MAX} scopes)`}.</span>
    </p>
  );
}
