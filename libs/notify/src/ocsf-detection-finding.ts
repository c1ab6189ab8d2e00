import type { Alert, AlertStatus } from '@wary/model/alert.js';
import { attacksOf, classification, metadata, OCSF_VERDICT, otherTechniquesOf, person } from './ocsf-common.js';

export const DETECTION_FINDING = 2004;

const STATUS: { readonly [S in AlertStatus]: { readonly id: number; readonly caption: string } } = {
  triggered: { id: 1, caption: 'New' }, acknowledged: { id: 2, caption: 'In Progress' }, suppressed: { id: 3, caption: 'Suppressed' }, resolved: { id: 4, caption: 'Resolved' },
};

/** An alert as OCSF Detection Finding 2004, with the incident profile for verdict and assignee. */
export function toDetectionFinding(alert: Alert, created: boolean, publicUrl: string): Record<string, unknown> {
  const { explanation } = alert;
  const activity = created ? 'create' : alert.status === 'resolved' ? 'close' : 'update';
  const deterministic = explanation.calibration === 'deterministic';
  const others = otherTechniquesOf(explanation.techniques);
  return {
    ...classification(DETECTION_FINDING, 'Detection Finding', activity, alert.severity),
    time: alert.updatedAt, message: alert.title, is_alert: activity !== 'close',
    status_id: STATUS[alert.status].id, status: STATUS[alert.status].caption,
    metadata: metadata(`${alert.id}:${alert.version}`, alert.tenant, alert.seq, ['incident']),
    finding_info: {
      uid: alert.id, title: alert.title, desc: explanation.summary, types: [alert.reason], src_url: `${publicUrl}/alerts/${encodeURIComponent(alert.id)}`,
      created_time: alert.createdAt, modified_time: alert.updatedAt, first_seen_time: alert.firstSeen, last_seen_time: alert.lastSeen,
      analytic: { uid: alert.detector.id, name: alert.detector.id, version: String(alert.detector.version), type_id: deterministic ? 1 : 2, type: deterministic ? 'Rule' : 'Behavioral' },
      attacks: attacksOf(explanation.techniques), related_events_count: explanation.eventIds.length, related_events: explanation.eventIds.map((uid) => ({ uid })),
    },
    ...(explanation.observed === null ? {} : { anomaly_analyses: [anomalyOf(alert)] }),
    evidences: [{
      ...(alert.entity.type === 'user' ? { actor: { user: { uid: alert.entity.id, name: alert.entity.id } } } : {}),
      data: { entity: alert.entity, matched: explanation.matched ?? [], contributions: explanation.contributions, counterfactual: explanation.counterfactual?.text ?? null },
    }],
    resources: alert.entity.type === 'user' ? [] : [{ uid: alert.entity.id, type: alert.entity.type }],
    ...(alert.verdict === null ? {} : { verdict_id: OCSF_VERDICT[alert.verdict].id, verdict: OCSF_VERDICT[alert.verdict].caption }),
    ...(alert.assignee === null ? {} : { assignee: person(alert.assignee) }),
    ...(alert.resolution === null ? {} : { comment: alert.resolution }),
    unmapped: { strength: alert.strength, finding_count: alert.findingCount, incident_id: alert.incidentId, historical: alert.historical, unlikely: explanation.unlikely, duties: explanation.duties, capabilities: explanation.capabilities ?? [], techniques: others },
  };
}

function anomalyOf(alert: Alert): Record<string, unknown> {
  const { explanation, entity, firstSeen, lastSeen } = alert;
  const parameter = explanation.contributions[0]?.feature ?? alert.reason;
  return {
    analysis_targets: [{ name: entity.id, type: entity.type }],
    anomalies: [{
      observation_parameter: parameter, observation_type: alert.reason, observed_pattern: explanation.unlikely ?? explanation.summary,
      observations: [{ value: `${explanation.observed} ${explanation.unit}`.trim(), timespan: { start_time: firstSeen, end_time: lastSeen } }],
    }],
    ...(explanation.expected === null ? {} : {
      baselines: [{
        observation_parameter: parameter, observation_type: alert.reason, observed_pattern: `${explanation.expected.low} to ${explanation.expected.high} ${explanation.unit}`.trim(),
        observations: [{ value: `${explanation.expected.value} ${explanation.unit}`.trim() }],
      }],
    }),
  };
}
