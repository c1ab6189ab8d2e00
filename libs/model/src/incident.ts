import { z } from 'zod';
import { NoteSchema, VERDICTS } from './alert.js';
import { EntitySchema, SEVERITIES } from './finding.js';

export const INCIDENT_STATES = ['new', 'triage', 'contain', 'eradicate', 'recover', 'closed'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

export const TIMELINE_KINDS = ['created', 'acknowledged', 'assigned', 'moved', 'note', 'alert_added', 'alert_removed', 'merged', 'unmerged', 'closed', 'reopened'] as const;
export const TimelineEntrySchema = z.strictObject({
  id: z.string(), at: z.number(), by: z.string(), kind: z.enum(TIMELINE_KINDS), text: z.string(), from: z.string().nullable(), to: z.string().nullable(),
});
export type TimelineEntry = z.infer<typeof TimelineEntrySchema>;

export const IncidentSchema = z.strictObject({
  id: z.string(),
  number: z.number().int().describe('short number for people: #17'),
  seq: z.number().int(),
  version: z.number().int(),
  tenant: z.string(),
  title: z.string(),
  state: z.enum(INCIDENT_STATES),
  severity: z.enum(SEVERITIES),
  entity: EntitySchema,
  assignee: z.string().nullable(),
  alertIds: z.array(z.string()),
  createdAt: z.number(),
  updatedAt: z.number(),
  acknowledgedAt: z.number().nullable(),
  acknowledgedBy: z.string().nullable(),
  closedAt: z.number().nullable(),
  verdict: z.enum(VERDICTS).nullable(),
  closeReason: z.string().nullable(),
  mergedInto: z.string().nullable(),
  mergedFrom: z.array(z.string()),
  timeToAcknowledgeMs: z.number().nullable(),
  timeToResolveMs: z.number().nullable(),
  notes: z.array(NoteSchema),
  timeline: z.array(TimelineEntrySchema),
});
export type Incident = z.infer<typeof IncidentSchema>;
