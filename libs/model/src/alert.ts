import { z } from 'zod';
import { EntitySchema, ExplanationSchema, SEVERITIES } from './finding.js';

export const ALERT_STATUSES = ['triggered', 'acknowledged', 'resolved', 'suppressed'] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

/** OCSF verdicts that the product asks for. */
export const VERDICTS = ['true_positive', 'false_positive', 'benign_expected', 'duplicate', 'inconclusive'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const NoteSchema = z.strictObject({ id: z.string(), at: z.number(), by: z.string(), text: z.string() });

export const AlertSchema = z.strictObject({
  id: z.string(),
  seq: z.number().int().describe('position of its latest change in the live stream'),
  version: z.number().int().describe('row version: the ETag'),
  tenant: z.string(),
  status: z.enum(ALERT_STATUSES),
  severity: z.enum(SEVERITIES),
  title: z.string(),
  entity: EntitySchema,
  detector: z.strictObject({ id: z.string(), version: z.number().int() }),
  reason: z.string().describe('why it was grouped: entity and reason are the dedup key'),
  historical: z.boolean(),
  assignee: z.string().nullable(),
  verdict: z.enum(VERDICTS).nullable(),
  resolution: z.string().nullable(),
  firstSeen: z.number(),
  lastSeen: z.number(),
  createdAt: z.number(),
  updatedAt: z.number(),
  acknowledgedAt: z.number().nullable(),
  acknowledgedBy: z.string().nullable(),
  resolvedAt: z.number().nullable(),
  findingCount: z.number().int(),
  findingIds: z.array(z.string()),
  strength: z.number(),
  criticality: z.number().int(),
  incidentId: z.string().nullable(),
  suppressionId: z.string().nullable(),
  notes: z.array(NoteSchema),
  explanation: ExplanationSchema,
});
export type Alert = z.infer<typeof AlertSchema>;

/** What a suppression hides. Every given part must match; at least one is required. */
export const SuppressionScopeSchema = z.strictObject({
  entity: EntitySchema.optional(),
  detector: z.string().optional(),
  reason: z.string().optional(),
}).refine((scope) => scope.entity !== undefined || scope.detector !== undefined || scope.reason !== undefined, 'name an entity, a detector or a reason');
export type SuppressionScope = z.infer<typeof SuppressionScopeSchema>;

export const SuppressionSchema = z.strictObject({
  id: z.string(), scope: SuppressionScopeSchema, until: z.number(), reason: z.string(), createdBy: z.string(), createdAt: z.number(), hits: z.number().int(),
});
export type Suppression = z.infer<typeof SuppressionSchema>;
