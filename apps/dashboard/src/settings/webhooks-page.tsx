import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { createWebhook, webhooksQuery } from '../api/admin.js';
import { Button } from '../ui/button.js';
import { Ago } from '../ui/time.js';
import { OnceDialog, type Once } from './once-dialog.js';
import { PageHead } from './page-head.js';
import { Paged } from './paged.js';
import { WebhookForm } from './webhook-form.js';
import { WebhookStatus } from './webhook-status.js';

export function WebhooksPage() {
  const query = useInfiniteQuery(webhooksQuery);
  const [adding, setAdding] = useState(false);
  const [once, setOnce] = useState<Once | null>(null);
  return (
    <>
      <PageHead title="Webhooks" text="Tell other systems about alerts and incidents, with retries over three days and a log of every attempt."><Button kind="primary" icon="plus" onClick={() => setAdding(true)}>Add webhook</Button></PageHead>
      <Paged query={query} what="webhooks" icon="link" empty="Add one to tell a chat, a pager or your own service.">
        {(webhooks) => (
          <table className="list" aria-label="Webhooks">
            <thead><tr><th scope="col">Webhook</th><th scope="col">Status</th><th scope="col">Tells</th><th scope="col" className="right">Created</th></tr></thead>
            <tbody>
              {webhooks.map((webhook) => (
                <tr key={webhook.id}>
                  <td className="list-main"><Link to="/settings/webhooks/$id" params={{ id: webhook.id }} className="row-link">{webhook.description || webhook.url}</Link><span className="faint mono break">{webhook.url}</span></td>
                  <td data-label="Status"><WebhookStatus webhook={webhook} /></td>
                  <td data-label="Tells"><span className="tags">{webhook.types.map((type) => <span key={type} className="tag">{type}</span>)}</span></td>
                  <td data-label="Created" className="right dim"><Ago at={webhook.createdAt} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Paged>
      {adding && <WebhookForm onClose={() => setAdding(false)} onSave={async (draft) => { const { url, secret } = await createWebhook(draft); setAdding(false); setOnce({ title: 'Signing secret', name: url, secret }); }} />}
      {once && <OnceDialog once={once} onClose={() => setOnce(null)} />}
    </>
  );
}
