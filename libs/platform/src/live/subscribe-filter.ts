import { EntitySchema, SEVERITIES } from '@wary/model/finding.js';
import { parseEntityKey, type Entity } from '@wary/model/entity.js';
import type { LiveChange } from '@wary/model/live.js';
import { z } from 'zod';

export const SubscribeRequestSchema = z.strictObject({
  filter: z.strictObject({
    severity: z.array(z.enum(SEVERITIES)).max(SEVERITIES.length).optional(),
    entity: z.string().max(1_100).optional(),
    historical: z.boolean().optional(),
  }),
});
export const ResumeRequestSchema = z.strictObject({ seq: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER) });
export type SubscribeRequest = z.output<typeof SubscribeRequestSchema>;
export type EntityFilter = z.output<typeof EntitySchema>;

export type ChangeFilter = (change: LiveChange) => boolean;

/** `null` when everything passes; throws nothing: an unknown entity key matches nothing. */
export function compileFilter({ filter }: SubscribeRequest): ChangeFilter | null {
  const { severity, entity, historical } = filter;
  if (severity === undefined && entity === undefined && historical === undefined) return null;
  const wanted: Entity | null | undefined = entity === undefined ? undefined : parseEntityKey(entity);
  return (change) => {
    const subject = change.kind === 'alert' ? change.alert : change.incident;
    if (severity !== undefined && !severity.includes(subject.severity)) return false;
    if (wanted !== undefined && (wanted === null || subject.entity.type !== wanted.type || subject.entity.id !== wanted.id)) return false;
    return historical === undefined || change.kind !== 'alert' || change.alert.historical === historical;
  };
}
