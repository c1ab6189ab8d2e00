import type { Alert } from '@wary/model/alert.js';
import type { Incident } from '@wary/model/incident.js';
import type { WebhookFormat, WebhookType } from '@wary/model/webhook.js';
import { cutAlert, cutIncident, type Cut } from './cut-payload.js';
import { toDetectionFinding } from './ocsf-detection-finding.js';
import { toIncidentFinding } from './ocsf-incident-finding.js';

/** Standard Webhooks asks for payloads under 20 KB. */
export const BODY_BYTES_MAX = 20_000;

export interface BodyInput {
  readonly type: WebhookType;
  readonly timestamp: number;
  readonly data: Alert | Incident;
  readonly format: WebhookFormat;
  /** For links back, without a final slash. */
  readonly publicUrl: string;
}

export const isAlertType = (type: WebhookType): type is 'alert.created' | 'alert.updated' => type.startsWith('alert.');

/**
 * `{"type", "timestamp", "data"}`. What is larger than the limit loses its longest and least needed parts first, step by step;
 * `truncated` names them, and the whole is behind the API under the id.
 */
export function buildBody({ type, timestamp, data, format, publicUrl }: BodyInput): string {
  const created = type.endsWith('.created');
  const render = (cut: Cut<Alert> | Cut<Incident>): string => JSON.stringify({
    type,
    timestamp: new Date(timestamp).toISOString(),
    data: format === 'wary' ? cut.data : isAlertType(type) ? toDetectionFinding(cut.data as Alert, created, publicUrl) : toIncidentFinding(cut.data as Incident, created, publicUrl),
    ...(cut.truncated.length > 0 ? { truncated: cut.truncated } : {}),
  });
  let body = '';
  for (const cut of isAlertType(type) ? cutAlert(data as Alert) : cutIncident(data as Incident)) {
    body = render(cut);
    if (Buffer.byteLength(body) < BODY_BYTES_MAX) return body;
  }
  throw new Error(`a payload of ${Buffer.byteLength(body)} bytes remained after every cut`);
}
