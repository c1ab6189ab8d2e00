import type { EntityBaselines } from '@wary/detect/engine.js';
import { z } from 'zod';

const ModelDriftSchema = z.object({
  releasedAt: z.number().nullable(), released: z.string(), alarmDecades: z.number(),
  streams: z.array(z.object({
    stream: z.string(), label: z.string(), family: z.enum(['input', 'prediction', 'confidence', 'operation', 'label']), unit: z.string(), use: z.string(), zone: z.enum(['learning', 'stable', 'warning', 'alarm']),
    since: z.number().nullable(), usual: z.number().nullable(), now: z.number().nullable(), effect: z.number(), evidence: z.number(), events: z.number(), hours: z.number(),
  })).max(20_000),
  comparisons: z.array(z.object({
    attribute: z.string(), value: z.string(), against: z.string(), measure: z.string(), label: z.string(), use: z.string(), zone: z.enum(['learning', 'even', 'evident', 'apart']), since: z.number(),
    share: z.number().nullable(), otherShare: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable(), effect: z.number(), evidence: z.number(), events: z.number(), otherEvents: z.number(),
  })).max(20_000).default([]),
});

const ReasonSchema = z.array(z.object({ label: z.string(), own: z.number(), group: z.number(), kind: z.number() })).max(100);
const EntityPeersSchema = z.object({
  source: z.enum(['declared', 'behaviour', 'kind']), group: z.string(), since: z.number().nullable(), members: z.number(), drawn: z.number().nullable(), reasons: ReasonSchema, amounts: ReasonSchema,
  nearest: z.array(z.object({ id: z.string(), likeness: z.number() })).max(100),
});

/** What one process says to another of an entity's baselines; a process of another version may say more. */
export const EntityBaselinesSchema: z.ZodType<EntityBaselines> = z.object({
  peerGroup: z.string(), peers: EntityPeersSchema.nullable().default(null), windowsLearned: z.number(), since: z.number(), split: z.object({ at: z.number(), cause: z.enum(['release', 'move', 'rebaseline']) }).nullable().default(null),
  features: z.array(z.object({
    feature: z.string(), label: z.string(), window: z.enum(['5m', '1h', '1d']), unit: z.string(), expected: z.number(), low: z.number(), high: z.number(), current: z.number().nullable(), windows: z.number(), percentile: z.number().nullable().default(null),
  })).max(10_000),
  drift: ModelDriftSchema.nullable().default(null),
  week: z.array(z.number()).max(168),
  categories: z.array(z.object({ category: z.string(), values: z.array(z.object({ value: z.string(), count: z.number() })).max(100_000) })).max(1_000),
});
