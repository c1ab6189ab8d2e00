import type { Severity } from '@wary/model/finding.js';
import { WEBHOOK_TYPES, type WebhookFormat, type WebhookType } from '@wary/model/webhook.js';
import type { Webhook } from '@wary/ports/webhook-store.port.js';
import { useState } from 'react';
import { SEVERITY_ORDER } from '../alerts/alert-filters.js';
import type { WebhookDraft } from '../api/admin.js';
import { Dialog } from '../ui/dialog.js';
import { Field, Form } from '../ui/form.js';
import { severityWord } from '../ui/severity.js';

const TYPE_WORDS: Record<WebhookType, string> = { 'alert.created': 'An alert is raised', 'alert.updated': 'An alert changes', 'incident.created': 'An incident is opened', 'incident.updated': 'An incident changes' };

export function WebhookForm({ webhook, onSave, onClose }: { webhook?: Webhook; onSave: (draft: WebhookDraft) => Promise<void>; onClose: () => void }) {
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [description, setDescription] = useState(webhook?.description ?? '');
  const [types, setTypes] = useState<readonly WebhookType[]>(webhook?.types ?? WEBHOOK_TYPES);
  const [minSeverity, setMinSeverity] = useState<Severity | null>(webhook?.minSeverity ?? null);
  const [format, setFormat] = useState<WebhookFormat>(webhook?.format ?? 'wary');
  const verb = webhook ? 'Save' : 'Add webhook';
  return (
    <Dialog title={webhook ? 'Change webhook' : 'Add webhook'} description="Messages are signed as Standard Webhooks says; the secret is shown once." onClose={onClose}>
      <Form submit={verb} disabled={types.length === 0} onCancel={onClose} onSubmit={() => onSave({ url: url.trim(), description: description.trim(), types, minSeverity, format })}>
        <Field label="Address" hint="https and public, unless the operator allows others."><input type="url" required maxLength={2_000} value={url} placeholder="https://hooks.example.org/wary" onChange={(event) => setUrl(event.target.value)} /></Field>
        <Field label="Description"><input maxLength={500} value={description} onChange={(event) => setDescription(event.target.value)} /></Field>
        <fieldset className="radios"><legend>When</legend>
          {WEBHOOK_TYPES.map((type) => <label key={type} className="radio"><input type="checkbox" checked={types.includes(type)} onChange={(event) => setTypes(event.target.checked ? [...types, type] : types.filter((each) => each !== type))} /><span className="radio-text"><span>{TYPE_WORDS[type]}</span><small className="mono">{type}</small></span></label>)}
        </fieldset>
        <div className="field-pair">
          <Field label="From severity"><select value={minSeverity ?? ''} onChange={(event) => setMinSeverity(event.target.value === '' ? null : (event.target.value as Severity))}><option value="">Any</option>{[...SEVERITY_ORDER].reverse().map((severity) => <option key={severity} value={severity}>{severityWord(severity)}</option>)}</select></Field>
          <Field label="Format"><select value={format} onChange={(event) => setFormat(event.target.value as WebhookFormat)}><option value="wary">Wary</option><option value="ocsf">OCSF</option></select></Field>
        </div>
      </Form>
    </Dialog>
  );
}
