import { z } from 'zod';

/*
 * Detection Finding 2004 and Incident Finding 2005 as OCSF 1.8.0 defines them: required attributes, types, enumerations and constraints, of
 * the classes `detection_finding`, `incident_finding`, their base `finding` and `base_event`, the profile `incident` and the objects in them
 * (github.com/ocsf/ocsf-schema: events/, profiles/, objects/). Attributes that the product does not send are left out, and objects are
 * strict: one that OCSF does not know, or that nobody has looked up, fails.
 */
/** `timestamp_t`: milliseconds since the epoch. */
const timestamp = z.int().nonnegative();
const text = z.string();
const version = z.string().regex(/^\d+\.\d+\.\d+/);
const url = z.url();

const atLeastOne = (...names: readonly string[]) => [(value: object): boolean => names.some((name) => (value as Record<string, unknown>)[name] !== undefined), `at least one of ${names.join(', ')}`] as const;

/** Captions belong to their ids; 0 is Unknown and 99 Other everywhere. */
const ids = (captions: Readonly<Record<number, string>>) => {
  const all: Record<number, string> = { 0: 'Unknown', ...captions, 99: 'Other' };
  return { id: z.int().refine((value) => all[value] !== undefined, `is none of ${Object.keys(all).join(', ')}`), of: (value: unknown): string | undefined => all[value as number] };
};
const ACTIVITY = ids({ 1: 'Create', 2: 'Update', 3: 'Close' });
const SEVERITY = ids({ 1: 'Informational', 2: 'Low', 3: 'Medium', 4: 'High', 5: 'Critical', 6: 'Fatal' });
const FINDING_STATUS = ids({ 1: 'New', 2: 'In Progress', 3: 'Suppressed', 4: 'Resolved', 5: 'Archived' });
const INCIDENT_STATUS = ids({ 1: 'New', 2: 'In Progress', 3: 'On Hold', 4: 'Resolved', 5: 'Closed' });
const VERDICT = ids({ 1: 'False Positive', 2: 'True Positive', 3: 'Disregard', 4: 'Suspicious', 5: 'Benign', 6: 'Test', 7: 'Insufficient Data', 8: 'Security Risk', 9: 'Managed Externally', 10: 'Duplicate' });
const PRIORITY = ids({ 1: 'Low', 2: 'Medium', 3: 'High', 4: 'Critical' });
const ANALYTIC_TYPE = ids({ 1: 'Rule', 2: 'Behavioral', 3: 'Statistical', 4: 'Learning (ML/DL)' });

const product = z.strictObject({ name: text, vendor_name: text });
const metadata = z.strictObject({ version, product, uid: text.optional(), tenant_uid: text.optional(), sequence: z.int().optional(), profiles: z.array(text).optional() });
const user = z.strictObject({ name: text.optional(), uid: text.optional(), email_addr: text.optional() }).refine(...atLeastOne('account', 'name', 'uid'));
const group = z.strictObject({ name: text.optional(), uid: text.optional() }).refine(...atLeastOne('name', 'uid'));
const technique = z.strictObject({ uid: text.optional(), name: text.optional() }).refine(...atLeastOne('name', 'uid'));
const attack = z.strictObject({ technique: technique.optional(), version: text.optional() }).refine(...atLeastOne('tactic', 'technique', 'sub_technique'));
const analytic = z.strictObject({ type_id: ANALYTIC_TYPE.id, type: text.optional(), uid: text.optional(), name: text.optional(), version: text.optional() })
  .refine(...atLeastOne('name', 'uid')).refine(({ type_id: id, type }) => type === undefined || type === ANALYTIC_TYPE.of(id), 'type is the caption of type_id');
const findingInfo = z.strictObject({
  uid: text, title: text.optional(), desc: text.optional(), types: z.array(text).optional(), src_url: url.optional(), created_time: timestamp.optional(), modified_time: timestamp.optional(),
  first_seen_time: timestamp.optional(), last_seen_time: timestamp.optional(), analytic: analytic.optional(), attacks: z.array(attack).optional(),
  related_events_count: z.int().nonnegative().optional(), related_events: z.array(z.strictObject({ uid: text })).optional(),
});
const timespan = z.strictObject({ start_time: timestamp.optional(), end_time: timestamp.optional() }).refine(...atLeastOne('start_time', 'end_time'));
const observation = z.strictObject({ value: text, count: z.int().optional(), timespan: timespan.optional() });
const anomaly = z.strictObject({ observation_parameter: text, observations: z.array(observation).min(1), observation_type: text.optional(), observed_pattern: text.optional() });
const anomalyAnalysis = z.strictObject({ analysis_targets: z.array(z.strictObject({ name: text, type: text.optional() })).min(1), anomalies: z.array(anomaly).min(1), baselines: z.array(anomaly).optional() });
const evidence = z.strictObject({ actor: z.strictObject({ user }).optional(), data: z.json().optional() }).refine(...atLeastOne('actor', 'data'));
const resource = z.strictObject({ uid: text.optional(), name: text.optional(), type: text.optional() }).refine(...atLeastOne('name', 'uid'));

const common = (classUid: number, className: string) => ({
  category_uid: z.literal(2), category_name: z.literal('Findings').optional(), class_uid: z.literal(classUid), class_name: z.literal(className).optional(),
  activity_id: ACTIVITY.id, activity_name: text.optional(), type_uid: z.int(), type_name: text.optional(), severity_id: SEVERITY.id, severity: text.optional(),
  time: timestamp, message: text.optional(), metadata, unmapped: z.record(text, z.json()).optional(), comment: text.optional(),
  verdict_id: VERDICT.id.optional(), verdict: text.optional(), assignee: user.optional(), assignee_group: group.optional(), is_suspected_breach: z.boolean().optional(),
});
type Common = { class_uid: number; activity_id: number; activity_name?: string; type_uid: number; severity_id: number; severity?: string; verdict_id?: number; verdict?: string; status_id?: number; status?: string };
const agrees = (status: ReturnType<typeof ids>) => (finding: unknown): boolean => {
  const { class_uid: classUid, activity_id: activity, activity_name: name, type_uid: type, severity_id: severityId, severity, verdict_id: verdictId, verdict, status_id: statusId, status: caption } = finding as Common;
  return type === classUid * 100 + activity && (name === undefined || name === ACTIVITY.of(activity)) && (severity === undefined || severity === SEVERITY.of(severityId))
    && (verdict === undefined || verdict === VERDICT.of(verdictId)) && (caption === undefined || caption === status.of(statusId));
};
const CAPTIONS = 'type_uid follows class and activity, and captions are those of their ids';

export const DetectionFindingSchema = z.strictObject({
  ...common(2004, 'Detection Finding'),
  finding_info: findingInfo, status_id: FINDING_STATUS.id.optional(), status: text.optional(), is_alert: z.boolean().optional(), anomaly_analyses: z.array(anomalyAnalysis).optional(),
  evidences: z.array(evidence).optional(), resources: z.array(resource).optional(),
}).refine(agrees(FINDING_STATUS), CAPTIONS).refine(({ metadata: { profiles = [] }, verdict_id: verdict, assignee }) => profiles.includes('incident') || (verdict === undefined && assignee === undefined), 'verdict and assignee are of the profile incident');

export const IncidentFindingSchema = z.strictObject({
  ...common(2005, 'Incident Finding'),
  finding_info_list: z.array(findingInfo).min(1), status_id: INCIDENT_STATUS.id, status: text.optional(), priority_id: PRIORITY.id.optional(), priority: text.optional(), desc: text.optional(), src_url: url.optional(),
  start_time: timestamp.optional(), end_time: timestamp.optional(),
}).refine(agrees(INCIDENT_STATUS), CAPTIONS).refine(...atLeastOne('assignee', 'assignee_group'))
  .refine(({ priority_id: id, priority }) => priority === undefined || priority === PRIORITY.of(id), 'priority is the caption of priority_id');
