import type { Alert } from '@wary/model/alert.js';
import { CAPABILITY_IDS } from '@wary/model/catalogue/capability.js';
import { severityRank, type Explanation, type Finding } from '@wary/model/finding.js';
import { alertIdOf, dedupKeyOf } from './alert-id.js';
import { severityOf } from './severity.js';

/** Ids that an alert names; the number of its findings stays exact, and the finding store has them all. */
export const FINDING_IDS_MAX = 100;
/**
 * Event time without any finding after which the next one is a new alert. Without it a forgotten alert would swallow every later
 * attack of the same kind: nothing new would appear in the queue and nobody would be called.
 */
export const GROUP_GAP_MS_MAX = 24 * 3_600_000;

/** A new alert of a finding that no open alert takes. */
export function openAlert(finding: Finding, now: number): Alert {
  return {
    id: alertIdOf(dedupKeyOf(finding), finding.id), seq: 0, version: 0, tenant: finding.tenant, status: 'triggered', severity: severityOf(finding), title: finding.title,
    entity: finding.entity, detector: finding.detector, reason: finding.reason, historical: finding.historical, assignee: null, verdict: null, resolution: null,
    firstSeen: finding.time, lastSeen: finding.time, createdAt: now, updatedAt: now, acknowledgedAt: null, acknowledgedBy: null, resolvedAt: null,
    findingCount: 1, findingIds: [finding.id], strength: finding.strength, criticality: finding.criticality, incidentId: null, suppressionId: null, notes: [],
    explanation: finding.explanation,
  };
}

/** Whether the finding belongs to what this alert has seen so far: at most `GROUP_GAP_MS_MAX` before or after it. */
export function isNear(alert: Pick<Alert, 'firstSeen' | 'lastSeen'>, finding: Finding): boolean {
  return finding.window.start <= alert.lastSeen + GROUP_GAP_MS_MAX && finding.time >= alert.firstSeen - GROUP_GAP_MS_MAX;
}

/**
 * The alert after another finding of the same key, or after a further revision of one it has.
 * It tells of its strongest evidence. Its severity is that of its gravest finding and only rises, because somebody may
 * already be acting on it.
 * A resolved alert stays what was judged, word for word: the verdict stands beside the evidence it was about.
 */
export function joinFinding(alert: Alert, finding: Finding, isNew: boolean): Alert {
  if (alert.status === 'resolved') return alert;
  const severity = severityOf(finding);
  const leads = finding.strength >= alert.strength;
  return {
    ...alert,
    firstSeen: Math.min(alert.firstSeen, finding.time),
    lastSeen: Math.max(alert.lastSeen, finding.time),
    findingCount: alert.findingCount + (isNew ? 1 : 0),
    findingIds: isNew ? [...alert.findingIds, finding.id].slice(-FINDING_IDS_MAX) : alert.findingIds,
    criticality: Math.max(alert.criticality, finding.criticality),
    severity: severityRank(severity) > severityRank(alert.severity) ? severity : alert.severity,
    ...(leads ? { strength: finding.strength, title: finding.title, detector: finding.detector } : {}),
    explanation: speakingFor(leads ? finding.explanation : alert.explanation, leads ? alert.explanation : finding.explanation),
  };
}

/** An alert speaks for every capability that one of its findings spoke for, whichever of them it tells of now; in the catalogue's order, so that the order of the findings leaves no trace. */
function speakingFor(told: Explanation, other: Explanation): Explanation {
  if (other.capabilities === undefined || other.capabilities.every((id) => told.capabilities?.includes(id) === true)) return told;
  return { ...told, capabilities: CAPABILITY_IDS.filter((id) => told.capabilities?.includes(id) === true || other.capabilities!.includes(id)) };
}
