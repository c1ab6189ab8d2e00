import type { Event } from '@wary/model/event.js';
import { buildEvent, principalOf, type EventParts } from '@wary/testkit/event-builder.js';
import { detectorConformance } from '@wary/testkit/detector-conformance.js';
import { DetectorContext } from '@wary/testkit/detector-context.js';
import { createCanaryDetector } from './canary.js';
import { createImpossibleTravelDetector } from './impossible-travel.js';
import { createInjectionCampaignDetector } from './injection-campaign.js';
import { createPersonalDataBulkDetector } from './personal-data-bulk.js';
import { createPurposeDetector } from './purpose.js';
import { createSecretInOutputDetector } from './secret-in-output.js';
import { createSensitiveEgressDetector } from './sensitive-egress.js';

const START = Date.UTC(2026, 10, 23, 9);
const MINUTE = 60_000;
const series = (name: string, count: number, parts: (index: number) => EventParts): Event[] =>
  Array.from({ length: count }, (_, i) => buildEvent({ id: `${name}-${i}`, time: START + i * MINUTE, resource: { id: 'ds/customers', type: 'dataset' }, client: { country: 'DE', ip: '192.0.2.7' }, ...parts(i) }));
const prompt = (injection: number): EventParts => ({ kind: 'inference', action: 'chat', genAi: { requestModel: 'assistant' }, injection });
const agent = principalOf('agent', 'helper');
const agentContext = (): DetectorContext => { const context = new DetectorContext(); context.used.add('resource:host/usual'); return context; };

/** The event that raised it, as it should have been. */
const instead = (change: (event: Event, value: unknown) => Partial<Event>) => (events: readonly Event[], { value }: { readonly value: unknown }, raising: Event): Event[] =>
  events.map((event) => (event === raising ? { ...event, ...change(event, value) } : event));

detectorConformance('canary', { putIn: instead(({ canaries }, value) => ({ canaries: value === null ? [] : canaries })), create: createCanaryDetector, ordinary: () => series('o', 20, () => ({})), attack: () => series('a', 2, () => ({ canaries: ['canary-customer'] })), microsMax: 40 });
detectorConformance('secret_in_output', { putIn: instead((_, value) => ({ secretsOutput: { aws_key: value as number } })), create: createSecretInOutputDetector, ordinary: () => series('o', 20, () => ({ secretsInput: { aws_key: 1 } })), attack: () => series('a', 2, () => ({ secretsOutput: { aws_key: 1, jwt: 2 } })), microsMax: 40 });
detectorConformance('personal_data_bulk', {
  putIn: instead((_, value) => ({ piiInput: { email: value as number } })),
  create: createPersonalDataBulkDetector, ordinary: () => series('o', 20, (i) => ({ ...prompt(0), piiInput: { email: i % 7 === 0 ? 2 : 0 } })),
  attack: () => series('a', 8, () => ({ ...prompt(0), time: START + 90 * MINUTE, piiInput: { email: 15, iban: 5 } })), microsMax: 60,
});
detectorConformance('purpose', { putIn: instead((_, value) => ({ purposeVerdict: value as Event['purposeVerdict'] })), create: createPurposeDetector, ordinary: () => series('o', 20, () => ({ purpose: 'support', purposeVerdict: 'allowed' })), attack: () => series('a', 1, () => ({ purpose: 'marketing', purposeVerdict: 'denied' })), microsMax: 40 });
detectorConformance('impossible_travel', {
  putIn: instead(({ client }, value) => ({ client: { ...client, country: value as string } })),
  create: createImpossibleTravelDetector, ordinary: () => series('o', 20, () => ({})),
  attack: () => series('a', 3, (i) => ({ time: START + (30 + 10 * i) * MINUTE, client: { country: i === 1 ? 'SG' : 'DE', ip: i === 1 ? '198.51.100.9' : '192.0.2.7' } })), microsMax: 60,
});
detectorConformance('sensitive_egress', {
  // Its change is one of events, not of a value: without the sensitive reads of the hour before.
  putIn: (events, { feature, value }, raising) => events.filter((event) => !(feature === 'resource' && value === null && event !== raising && event.action === 'read')),
  create: createSensitiveEgressDetector, context: agentContext, ordinary: () => series('o', 20, (i) => ({ ...agent, action: i % 2 === 0 ? 'read' : 'send', resource: i % 2 === 0 ? { id: 'ds/leads', type: 'dataset', labels: ['pii'] } : { id: 'host/usual', type: 'host' } })),
  attack: () => series('a', 2, (i) => ({ ...agent, time: START + (60 + i) * MINUTE, action: i === 0 ? 'read' : 'send', resource: i === 0 ? { id: 'secret/prod/db', type: 'secret' } : { id: 'https://drop.example/x', type: 'host' } })), microsMax: 60,
});
detectorConformance('injection_campaign', {
  putIn: instead((_, value) => ({ injection: value as number })),
  create: createInjectionCampaignDetector, ordinary: () => series('o', 60, (i) => prompt(i % 30 === 29 ? 0.6 : 0)), attack: () => series('a', 12, (i) => ({ ...prompt(i % 4 === 3 ? 0 : 0.95), time: START + (90 + i) * MINUTE })), microsMax: 80,
});
