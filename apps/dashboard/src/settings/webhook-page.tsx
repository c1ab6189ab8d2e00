import type { Webhook } from '@wary/ports/webhook-store.port.js';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { changeWebhook, deleteWebhook, recoverDeliveries, rotateWebhook, testWebhook, webhookQuery } from '../api/admin.js';
import { useTitle } from '../app/title.js';
import { Button } from '../ui/button.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { plural } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { severityWord } from '../ui/severity.js';
import { errorText, Failure, Loading } from '../ui/states.js';
import { At } from '../ui/time.js';
import { showToast } from '../ui/toast.js';
import { Deliveries } from './deliveries.js';
import { OnceDialog, type Once } from './once-dialog.js';
import { WebhookForm } from './webhook-form.js';
import { WebhookStatus } from './webhook-status.js';

const DAY_MS = 86_400_000;

export function WebhookPage() {
  const { id } = useParams({ from: '/app/settings/webhooks/$id' });
  const query = useQuery(webhookQuery(id));
  useTitle('Webhook');
  if (!query.data) return <><h1 className="visually-hidden">Webhook</h1>{query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Loading label="Loading the webhook" />}</>;
  return <Detail webhook={query.data} />;
}

function Detail({ webhook }: { webhook: Webhook }) {
  const navigate = useNavigate();
  const [open, setOpen] = useState<'edit' | 'delete' | 'rotate' | null>(null);
  const [once, setOnce] = useState<Once | null>(null);
  const [busy, setBusy] = useState(false);
  const close = () => setOpen(null);
  async function run(action: () => Promise<string>) {
    setBusy(true);
    try {
      showToast(await action());
    } catch (error) {
      showToast(errorText(error), 'error');
    } finally {
      setBusy(false);
    }
  }
  return (
    <>
      <nav className="crumbs" aria-label="Where you are"><Link to="/settings/webhooks" className="link"><Icon name="left" size={14} />Webhooks</Link></nav>
      <h1 className="page-title">{webhook.description || webhook.url}</h1>
      <div className="actions webhook-actions" role="toolbar" aria-label="Actions">
        <Button kind="primary" busy={busy} onClick={() => void run(async () => { const { log, status } = await testWebhook(webhook.id); const last = log.at(-1); return status === 'succeeded' ? `Test answered with ${last?.response?.status ?? '2xx'}` : `Test failed: ${last?.error ?? last?.response?.status ?? last?.outcome ?? 'no answer'}`; })}>Test</Button>
        <Button onClick={() => setOpen('edit')}>Change</Button>
        <Button onClick={() => void run(async () => { const { enabled } = await changeWebhook(webhook, { enabled: !webhook.enabled }); return enabled ? 'Switched on' : 'Switched off'; })}>{webhook.enabled ? 'Switch off' : 'Switch on'}</Button>
        <Button onClick={() => setOpen('rotate')}>Rotate secret</Button>
        <Button onClick={() => void run(async () => { const { requeued } = await recoverDeliveries(webhook.id, Date.now() - 7 * DAY_MS); return `${plural(requeued, 'failed message')} of 7 days sent again`; })}>Recover</Button>
        <Button kind="danger" onClick={() => setOpen('delete')}>Delete</Button>
      </div>
      <dl className="facts head-facts">
        <div><dt>Address</dt><dd className="mono break">{webhook.url}</dd></div>
        <div><dt>Status</dt><dd><WebhookStatus webhook={webhook} /></dd></div>
        <div><dt>Tells</dt><dd>{webhook.types.join(', ')}</dd></div>
        <div><dt>From</dt><dd>{webhook.minSeverity === null ? 'any severity' : severityWord(webhook.minSeverity)}</dd></div>
        <div><dt>Format</dt><dd>{webhook.format === 'ocsf' ? 'OCSF' : 'Wary'}</dd></div>
        <div><dt>Secret of</dt><dd><At at={webhook.secretRotatedAt} />{webhook.previousSecretUntil !== null && <span className="dim"> · the one before until <At at={webhook.previousSecretUntil} /></span>}</dd></div>
        {webhook.failingSince !== null && <div><dt>Failing</dt><dd>since <At at={webhook.failingSince} /></dd></div>}
      </dl>
      <Deliveries webhookId={webhook.id} />
      {open === 'edit' && <WebhookForm webhook={webhook} onClose={close} onSave={async (draft) => { await changeWebhook(webhook, draft); close(); showToast('Saved'); }} />}
      {open === 'rotate' && <ConfirmDialog title="Rotate the secret" text="A new secret is made and shown once. For a day messages carry signatures of both, so that the receiver can be changed over." verb="Rotate" onClose={close} onConfirm={async () => { const { secret } = await rotateWebhook(webhook); setOnce({ title: 'Signing secret', name: webhook.url, secret }); }} />}
      {open === 'delete' && <ConfirmDialog title="Delete the webhook" text="It and its delivery log are removed. This cannot be taken back." verb="Delete" onClose={close} onConfirm={async () => { await deleteWebhook(webhook.id); await navigate({ to: '/settings/webhooks' }); }} />}
      {once && <OnceDialog once={once} onClose={() => setOnce(null)} />}
    </>
  );
}
