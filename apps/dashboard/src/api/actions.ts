import type { Alert, SuppressionScope, Verdict } from '@wary/model/alert.js';
import type { Entity } from '@wary/model/entity.js';
import { API_LIMITS } from '@wary/model/limits.js';
import type { Incident, IncidentState } from '@wary/model/incident.js';
import { ApiError, sendJson } from './http.js';
import { queryClient } from './queries.js';
import type { BulkResult } from './types.js';

export type AlertAct =
  | { kind: 'acknowledge' }
  | { kind: 'assign'; assignee: string | null }
  | { kind: 'notes'; text: string }
  | { kind: 'resolve'; verdict: Verdict; reason: string }
  | { kind: 'reopen' }
  | { kind: 'suppress'; scope: SuppressionScope; until: number; reason: string };

export type IncidentAct =
  | { kind: 'acknowledge' }
  | { kind: 'assign'; assignee: string | null }
  | { kind: 'notes'; text: string }
  | { kind: 'transition'; to: IncidentState; reason: string; verdict: Verdict | null }
  | { kind: 'alerts'; add: string[]; remove: string[] }
  | { kind: 'merge'; into: string }
  | { kind: 'unmerge' };

/** The newer of what the cache has and what came: an older answer never hides a newer live message. */
export function rememberAlert(alert: Alert): void {
  queryClient.setQueryData<Alert>(['alert', alert.id], (known) => (known && known.version > alert.version ? known : alert));
}
export function rememberIncident(incident: Incident): void {
  queryClient.setQueryData<Incident>(['incident', incident.id], (known) => (known && known.version > incident.version ? known : incident));
}

/** After a refused edit the screen must show what is there now. */
async function readAgainWhenStale(error: unknown, key: readonly unknown[]): Promise<void> {
  if (error instanceof ApiError && (error.status === 412 || error.status === 409)) await queryClient.invalidateQueries({ queryKey: key });
}

export async function actOnAlert(alert: Pick<Alert, 'id' | 'version'>, act: AlertAct): Promise<Alert> {
  const { kind, ...body } = act;
  try {
    const changed = await sendJson<Alert>('POST', `/v1/alerts/${encodeURIComponent(alert.id)}/${kind}`, body, { version: alert.version });
    rememberAlert(changed);
    return changed;
  } catch (error) {
    await readAgainWhenStale(error, ['alert', alert.id]);
    throw error;
  }
}

export async function actOnAlerts(alerts: readonly Pick<Alert, 'id' | 'version'>[], act: AlertAct): Promise<BulkResult[]> {
  const { kind, ...body } = act;
  const results: BulkResult[] = [];
  for (let start = 0; start < alerts.length; start += API_LIMITS.bulkItemsMax) {
    const ids = alerts.slice(start, start + API_LIMITS.bulkItemsMax).map(({ id }) => id);
    results.push(...(await sendJson<{ results: BulkResult[] }>('POST', '/v1/alerts/actions', { ids, action: { kind: kind === 'notes' ? 'note' : kind, ...body } })).results);
  }
  for (const { alert } of results) if (alert) rememberAlert(alert);
  return results;
}

/** The baselines of an entity begin anew; the page shows it when the detection has come to it. */
export async function rebaseline({ type, id }: Entity, reason: string): Promise<void> {
  await sendJson('POST', `/v1/entities/${encodeURIComponent(type)}/${encodeURIComponent(id)}/rebaseline`, { reason });
  await queryClient.invalidateQueries({ queryKey: ['entity', type, id] });
}

export async function deleteSuppression(id: string): Promise<void> {
  await sendJson('DELETE', `/v1/suppressions/${encodeURIComponent(id)}`);
  await queryClient.invalidateQueries({ queryKey: ['suppressions'] });
}

export async function actOnIncident(incident: Pick<Incident, 'id' | 'version'>, act: IncidentAct): Promise<Incident> {
  const { kind, ...body } = act;
  try {
    const changed = await sendJson<Incident>('POST', `/v1/incidents/${encodeURIComponent(incident.id)}/${kind}`, body, { version: incident.version });
    rememberIncident(changed);
    await queryClient.invalidateQueries({ queryKey: ['incidents'] });
    return changed;
  } catch (error) {
    await readAgainWhenStale(error, ['incident', incident.id]);
    throw error;
  }
}

export async function createIncident(title: string, alertIds: readonly string[]): Promise<Incident> {
  const incident = await sendJson<Incident>('POST', '/v1/incidents', { title, alertIds });
  rememberIncident(incident);
  await queryClient.invalidateQueries({ queryKey: ['incidents'] });
  return incident;
}
