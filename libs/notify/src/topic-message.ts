import type { Alert } from '@wary/model/alert.js';
import type { Incident } from '@wary/model/incident.js';
import type { LiveChange } from '@wary/model/live.js';
import { TOPICS } from '@wary/model/topics.js';
import { cutAlert, cutIncident, type Cut } from './cut-payload.js';
import { toDetectionFinding } from './ocsf-detection-finding.js';
import { toIncidentFinding } from './ocsf-incident-finding.js';

/** Below what brokers take by default (1 MiB), with room for key and headers. */
export const TOPIC_VALUE_BYTES_MAX = 900_000;

export interface TopicMessage {
  readonly topic: string;
  /** The alert's or incident's id: all that is said of it is in one partition, in order. */
  readonly key: string;
  /** OCSF Detection Finding 2004 or Incident Finding 2005, as JSON. */
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Messages of changes in their order. Each says how the thing stands, so of several changes of one thing in a batch the last one is enough;
 * it is a creation when one of them was. `metadata.sequence` grows with every change of the thing: after a crash the same or an older state
 * may come again, and who reads keeps the highest.
 */
export function toTopicMessages(changes: readonly LiveChange[], publicUrl: string): TopicMessage[] {
  const latest = new Map<string, { change: LiveChange; created: boolean }>();
  for (const change of changes) {
    const { tenant, id } = change.kind === 'alert' ? change.alert : change.incident;
    const key = `${change.kind}\n${tenant}\n${id}`;
    const before = latest.get(key);
    latest.delete(key);
    latest.set(key, { change, created: change.change === 'created' || before?.created === true });
  }
  return [...latest.values()].map(({ change, created }) => messageOf(change, created, publicUrl));
}

function messageOf(change: LiveChange, created: boolean, publicUrl: string): TopicMessage {
  const isAlert = change.kind === 'alert';
  const { id, tenant, seq } = isAlert ? change.alert : change.incident;
  const render = isAlert
    ? (cut: Cut<Alert>) => toDetectionFinding(cut.data, created, publicUrl)
    : (cut: Cut<Incident>) => toIncidentFinding(cut.data, created, publicUrl);
  let value = '';
  for (const cut of isAlert ? cutAlert(change.alert) : cutIncident(change.incident)) {
    const finding = render(cut as Cut<Alert> & Cut<Incident>);
    value = JSON.stringify(cut.truncated.length === 0 ? finding : { ...finding, unmapped: { ...(finding['unmapped'] as object), truncated: cut.truncated } });
    if (Buffer.byteLength(value) <= TOPIC_VALUE_BYTES_MAX) break;
  }
  return { topic: isAlert ? TOPICS.alerts : TOPICS.incidents, key: id, value, headers: { tenant, seq: String(seq), type: `${change.kind}.${created ? 'created' : 'updated'}` } };
}
