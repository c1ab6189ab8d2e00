import { z } from 'zod';
import { ENTITY_TYPES } from './entity.js';

export const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];
export const severityRank = (severity: Severity): number => SEVERITIES.indexOf(severity);

export const EntitySchema = z.strictObject({ type: z.enum(ENTITY_TYPES), id: z.string() });

export const TechniqueSchema = z.strictObject({
  framework: z.enum(['ATLAS', 'ATT&CK', 'OWASP-LLM', 'OWASP-API', 'OWASP-ML']),
  id: z.string(),
  name: z.string(),
  version: z.string(),
});
export type Technique = z.infer<typeof TechniqueSchema>;

export const ContributionSchema = z.strictObject({
  feature: z.string().describe('feature id, e.g. downloads.1h'),
  label: z.string().describe('what a person calls it'),
  observed: z.union([z.number(), z.string()]),
  expected: z.string().describe('the usual, in words with its unit'),
  share: z.number().describe('share of the strength, 0..1; the shares of a finding sum to 1'),
});
export type Contribution = z.infer<typeof ContributionSchema>;

export const HistoryPointSchema = z.strictObject({
  start: z.number().describe('window start, epoch ms'),
  value: z.number(),
  low: z.number(),
  expected: z.number(),
  high: z.number(),
});
export type HistoryPoint = z.infer<typeof HistoryPointSchema>;

export const ExplanationSchema = z.strictObject({
  summary: z.string(),
  observed: z.number().nullable(),
  expected: z.strictObject({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
  unit: z.string().describe('unit of observed and expected, e.g. "downloads", "bytes"'),
  unlikely: z.string().nullable().describe('how unlikely, in words: "about once in 4,000 weeks for this key"'),
  contributions: z.array(ContributionSchema),
  counterfactual: z.strictObject({
    text: z.string(),
    feature: z.string(),
    value: z.union([z.number(), z.string()]).nullable().describe('with this value the alert does not fire (verified by replay)'),
  }).nullable(),
  peers: z.strictObject({
    group: z.string(), count: z.number(), max: z.number(), expected: z.number(),
    verdict: z.enum(['unusual_for_both', 'normal_for_peers', 'no_peers']),
  }).nullable(),
  history: z.array(HistoryPointSchema).describe('the last windows of the leading feature with the band as it stood then'),
  techniques: z.array(TechniqueSchema),
  duties: z.array(z.string()).describe('compliance duties touched, e.g. "GDPR 33"'),
  capabilities: z.array(z.string()).optional().describe('of the insider and API catalogue, e.g. "IN-1" (GET /v1/catalogue); left out where it speaks for none'),
  matched: z.array(z.strictObject({ field: z.string(), value: z.string(), pattern: z.string(), selection: z.string().optional().describe('of a rule: which part of it held') })).optional(),
  runbook: z.string().optional().describe('of a rule: what to do'),
  calibration: z.enum(['deterministic', 'model', 'rank', 'fitted_tail']),
  baseline: z.strictObject({ id: z.string(), windows: z.number(), since: z.number() }).nullable(),
  eventIds: z.array(z.string()).describe('first, last and most telling events, at most 20'),
});
export type Explanation = z.infer<typeof ExplanationSchema>;

/**
 * Immutable detector output; appended as revisions under one id (at the crossing, at each further decade of strength, at close).
 * The id is deterministic: detector, version, entity, window.
 */
export const FindingSchema = z.strictObject({
  id: z.string(),
  revision: z.number().int().nonnegative(),
  tenant: z.string(),
  entity: EntitySchema,
  detector: z.strictObject({ id: z.string(), version: z.number().int() }),
  /** Groups findings into one alert together with the entity: e.g. `volume`, `canary`, `impossible_travel`. */
  reason: z.string(),
  title: z.string(),
  window: z.strictObject({ start: z.number(), end: z.number() }),
  time: z.number().describe('event time of the event that raised this revision, epoch ms'),
  historical: z.boolean(),
  deterministic: z.boolean().describe('signature-like evidence, outside the budget'),
  strength: z.number().describe('-log10 of the calibrated p, or log10 of the e-value'),
  p: z.number().nullable(),
  criticality: z.number().int().describe('highest asset criticality among its events, 1..4'),
  severity: z.enum(SEVERITIES),
  explanation: ExplanationSchema,
  seq: z.number().describe('ingest sequence of the event that raised this revision'),
  closed: z.boolean(),
});
export type Finding = z.infer<typeof FindingSchema>;
