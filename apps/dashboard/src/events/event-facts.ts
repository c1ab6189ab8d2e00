import { EVENT_FLAG, hasFlag, type Counts, type Event } from '@wary/model/event.js';
import { formatBytes, formatNumber, plural, sentence } from '../ui/format.js';

export type Fact = readonly [label: string, value: string];

const counts = (label: string, found: Counts): Fact[] => {
  const parts = Object.entries(found).filter(([, count]) => count > 0).map(([category, count]) => `${formatNumber(count)} ${sentence(category).toLowerCase()}`);
  return parts.length === 0 ? [] : [[label, parts.join(', ')]];
};
const given = (label: string, value: string | null | undefined): Fact[] => (value ? [[label, value]] : []);

/** One line for the list: "download · ds/customers". */
export const eventTitle = (event: Event): string => [event.action, event.genAi?.toolName || event.resource.id || event.genAi?.requestModel].filter(Boolean).join(' · ');

/** The figures beside it: "412 rows · 2.1 MB". */
export function eventAmounts(event: Event): string {
  const tokens = event.genAi ? event.genAi.inputTokens + event.genAi.outputTokens : 0;
  return [
    event.rows === null ? '' : plural(event.rows, 'row'),
    event.bytes === null ? '' : formatBytes(event.bytes),
    tokens > 0 ? plural(tokens, 'token') : '',
    event.cost === null ? '' : `cost ${formatNumber(event.cost)}`,
  ].filter(Boolean).join(' · ');
}

/** What is known of an event beside its content, without the empty fields. */
export function eventFacts(event: Event): Fact[] {
  const { actor, client, resource, genAi } = event;
  return [
    ['Event', event.id],
    ['Source', event.source],
    ['Outcome', [sentence(event.outcome), event.reason].filter(Boolean).join(': ')],
    ['Actor', `${actor.id} (${actor.type})`],
    ...given('On behalf of', actor.onBehalfOf),
    ...given('Session', actor.session),
    ...(actor.mfa === null ? [] : [['Second factor', actor.mfa ? 'yes' : 'no'] as const]),
    ...given('Client', [client.ip, client.country, client.asn ? `AS${client.asn}` : '', client.device].filter(Boolean).join(' · ')),
    ...given('User agent', client.userAgent),
    ...given('Resource', [resource.id, resource.type && `(${resource.type})`, resource.labels.join(', ')].filter(Boolean).join(' ')),
    ...given('Purpose', event.purpose && `${event.purpose}${event.purposeVerdict === 'none' ? '' : ` (${event.purposeVerdict})`}`),
    ...given('Amounts', eventAmounts(event)),
    ...(event.latencyMs === null ? [] : [['Latency', `${formatNumber(event.latencyMs)} ms`] as const]),
    ...given('Model', genAi && [genAi.provider, genAi.responseModel || genAi.requestModel].filter(Boolean).join(' · ')),
    ...given('Tool', genAi?.toolName),
    ...given('Agent', genAi?.agentName),
    ...counts('Personal data in', event.piiInput), ...counts('Personal data out', event.piiOutput),
    ...counts('Secrets in', event.secretsInput), ...counts('Secrets out', event.secretsOutput),
    ...given('Canaries', event.canaries.join(', ')),
  ];
}

export const isMasked = (event: Event): boolean => hasFlag(event, EVENT_FLAG.masked);
