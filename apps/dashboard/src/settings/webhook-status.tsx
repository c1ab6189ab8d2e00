import type { Webhook } from '@wary/ports/webhook-store.port.js';

export function WebhookStatus({ webhook }: { webhook: Pick<Webhook, 'enabled' | 'disabledReason' | 'failingSince'> }) {
  if (!webhook.enabled) return <span className="tag bad">{webhook.disabledReason === 'gone' ? 'Off: the endpoint is gone' : webhook.disabledReason === 'failing' ? 'Off: failed for days' : 'Off'}</span>;
  return webhook.failingSince !== null ? <span className="tag bad">Failing</span> : <span className="tag good">On</span>;
}
