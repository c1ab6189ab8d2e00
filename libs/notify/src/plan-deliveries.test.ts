import type { OutboxRow, Webhook } from '@wary/ports/webhook-store.port.js';
import { sampleAlert } from '@wary/testkit/sample-alert.js';
import { sampleIncident } from '@wary/testkit/sample-incident.js';
import { describe, expect, it } from 'vitest';
import { planDeliveries } from './plan-deliveries.js';

const webhook = (change: Partial<Webhook>): Webhook => ({
  id: 'w', tenant: 'default', url: 'https://a.example', description: '', types: ['alert.created'], minSeverity: null, format: 'wary', enabled: true, disabledReason: null, failingSince: null, pausedUntil: null,
  version: 1, createdAt: 0, createdBy: 'x', updatedAt: 0, secretRotatedAt: 0, previousSecretUntil: null, ...change,
});
const row = (change: Partial<OutboxRow> = {}): OutboxRow => ({ id: 'o1', tenant: 'default', type: 'alert.created', payload: sampleAlert(), createdAt: 5, ...change });
const told = (outbox: OutboxRow, ...webhooks: Webhook[]): string[] => {
  let n = 0;
  return planDeliveries(outbox, webhooks, { publicUrl: '', newId: () => String((n += 1)) }).map(({ webhookId, failed }) => (failed === null ? webhookId : `${webhookId} (failed)`));
};

describe('planDeliveries', () => {
  it.each([
    ['the type asked for', row(), webhook({}), ['w']],
    ['another type', row({ type: 'alert.updated' }), webhook({}), []],
    ['another tenant', row(), webhook({ tenant: 'other' }), []],
    ['severe enough', row(), webhook({ minSeverity: 'high' }), ['w']],
    ['too mild', row(), webhook({ minSeverity: 'critical' }), []],
    ['history', row({ payload: sampleAlert({ historical: true }) }), webhook({}), []],
    ['an incident', row({ type: 'incident.created', payload: sampleIncident() }), webhook({ types: ['incident.created'] }), ['w']],
    ['switched off by a person', row(), webhook({ enabled: false }), []],
    ['switched off by the service: kept for recover', row(), webhook({ enabled: false, disabledReason: 'failing' }), ['w (failed)']],
  ] as const)('%s', (_name, outbox, hook, expected) => {
    expect(told(outbox, hook)).toEqual(expected);
  });

  it('gives each webhook a message of its own, in its format', () => {
    let n = 0;
    const drafts = planDeliveries(row(), [webhook({ id: 'a' }), webhook({ id: 'b', format: 'ocsf' })], { publicUrl: '', newId: () => String((n += 1)) });
    expect(drafts).toMatchObject([{ id: 'msg_1', webhookId: 'a', outboxId: 'o1', subject: 'alert-1', createdAt: 5 }, { id: 'msg_2', webhookId: 'b' }]);
    expect(JSON.parse(drafts[0]!.body)).toMatchObject({ data: { id: 'alert-1' } });
    expect(JSON.parse(drafts[1]!.body)).toMatchObject({ data: { class_uid: 2004 } });
  });
});
