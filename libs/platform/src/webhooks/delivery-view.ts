import type { DeliveryDetail } from '@wary/ports/webhook-store.port.js';
import { z } from 'zod';

export const DELIVERY_STATUSES = ['pending', 'succeeded', 'failed'] as const;

export const DeliverySummarySchema = z.object({
  id: z.string().describe('the webhook-id, the same over retries'), tenant: z.string(), webhookId: z.string(), type: z.string(), subject: z.string().describe('alert or incident'), status: z.enum(DELIVERY_STATUSES), attempts: z.number().int(),
  nextAttemptAt: z.number().nullable(), createdAt: z.number(), finishedAt: z.number().nullable(), lastStatus: z.number().int().nullable(), lastError: z.string().nullable(),
});
export const DeliverySchema = DeliverySummarySchema.extend({
  request: z.object({ url: z.string(), body: z.string() }),
  log: z.array(z.object({
    at: z.number(), durationMs: z.number(), outcome: z.string(), error: z.string().nullable(), request: z.object({ headers: z.record(z.string(), z.string()) }), response: z.object({ status: z.number().int(), body: z.string().describe('its start') }).nullable(),
  })),
});
export type DetailView = z.output<typeof DeliverySchema>;

export function detailView({ url, body, log, ...delivery }: DeliveryDetail): DetailView {
  return {
    ...delivery, request: { url, body },
    log: log.map(({ at, durationMs, outcome, error, requestHeaders, status, responseBody }) => ({ at, durationMs, outcome, error, request: { headers: { ...requestHeaders } }, response: status === null ? null : { status, body: responseBody } })),
  };
}
