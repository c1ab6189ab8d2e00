import { hash32 } from '@wary/model/hash32.js';
import type { Event } from '@wary/model/event.js';
import { ANALYTICS } from '../analytics.js';
import { BoundedMap } from '../bounded-map.js';
import type { EventDetector } from '../detector.js';
import { DAY_MS } from '../engine-limits.js';
import { evidenceSeverity } from '../severity.js';
import { principalKey, sumCounts, thresholdsOf } from './stateless.js';
import { entityWords, minutesWords } from '../words.js';

interface SensitiveRead { readonly time: number; readonly resource: string; readonly why: string; readonly eventId: string; readonly criticality: number }
/** Destination → when it was first sent to. */
type Destinations = Map<number, number>;

const SESSIONS_MAX = 20_000;
const PRINCIPALS_MAX = 20_000;
const DESTINATIONS_MAX = 128;
/** An agent that is new has new destinations: it is watched first. */
const DAYS_LEARNED_MIN = 3;
/** Reading what is sensitive and then sending somewhere new, in one session, is what an agent does by chance about once in 100,000 sessions. */
const STRENGTH = 5;

const SENSITIVE_LABELS: ReadonlySet<string> = new Set(['secret', 'secrets', 'credential', 'credentials', 'sensitive', 'confidential', 'restricted', 'pii', 'phi', 'pci', 'personal']);
const SENSITIVE_TYPES: ReadonlySet<string> = new Set(['secret', 'vault', 'credential', 'keystore']);
const SENDING_ACTIONS: ReadonlySet<string> = new Set(['send', 'upload', 'post', 'publish', 'share', 'forward', 'email', 'mail', 'connect', 'transfer', 'webhook', 'push', 'fetch']);
const OUTSIDE_TYPES: ReadonlySet<string> = new Set(['url', 'host', 'domain', 'mailbox', 'webhook', 'removable_media', 'channel']);

/** An agent or service reads secrets or sensitive data and then, in the same session, sends to a place it has not used before. Depends on order within the session. */
export function createSensitiveEgressDetector(): EventDetector {
  const analytic = ANALYTICS.sensitive_egress;
  const reads = new BoundedMap<string, SensitiveRead>(SESSIONS_MAX);
  const destinations = new BoundedMap<string, Destinations>(PRINCIPALS_MAX);
  let thresholds = thresholdsOf(analytic.settings, {});

  /** True when the principal first sent there at least a day ago. Remembers the destination. */
  function sentBefore(key: string, destination: string, time: number, learn: boolean): boolean {
    let known = destinations.get(key);
    const hash = hash32(destination);
    const first = known?.get(hash);
    if (first !== undefined) return time - first >= DAY_MS;
    if (!learn) return false;
    if (known === undefined) destinations.set(key, (known = new Map()));
    if (known.size >= DESTINATIONS_MAX) known.delete(known.keys().next().value!);
    known.set(hash, time);
    return false;
  }

  return {
    analytic,
    configure(given) { thresholds = thresholdsOf(analytic.settings, given); },
    inspect(event, context, emit) {
      const { type } = event.principal;
      if ((type !== 'agent' && type !== 'service') || event.outcome !== 'success') return;
      const session = sessionOf(event);
      if (isSending(event)) {
        const destination = destinationOf(event.resource.id);
        if (destination === '') return;
        const known = sentBefore(principalKey(event), destination, event.time, context.learn) || context.hasUsed('resource', event.resource.id);
        const read = reads.get(session);
        if (known || read === undefined || context.daysLearned < DAYS_LEARNED_MIN) return;
        const since = event.time - read.time;
        if (since < 0 || since > thresholds.sessionMinutesMax * 60_000) return;
        emit({
          analytic, entity: event.principal, subject: destination, strength: STRENGTH, severity: evidenceSeverity('high', Math.max(event.criticality, read.criticality)),
          title: `Sensitive read, then sent to ${destination}`,
          summary: `${entityWords(event.principal)} read ${read.resource} (${read.why}) and ${minutesWords(since)} later, in the same session, sent something to ${destination} (${event.action}), where it had never sent anything before.`,
          matched: [{ field: 'resource', value: read.resource, pattern: read.why }, { field: 'resource', value: destination, pattern: 'destination not used before' }],
          counterfactual: { text: `Without a read of secrets or sensitive data in the ${thresholds.sessionMinutesMax} minutes before (the latest was of ${read.resource}), or to a destination used before, it would have stayed quiet.`, feature: 'resource', value: null },
          observed: null, expected: null, unit: '', calibration: 'deterministic', eventIds: [read.eventId],
        });
        return;
      }
      const why = sensitivityOf(event);
      if (why !== '' && context.learn) reads.set(session, { time: event.time, resource: event.resource.id || event.genAi?.toolName || event.action, why, eventId: event.id, criticality: event.criticality });
    },
    dump: () => ({ reads: reads.dump(), destinations: destinations.dump() }),
    load(state) {
      const from = state as { reads: unknown; destinations: unknown };
      reads.load(from.reads);
      destinations.load(from.destinations);
    },
    get stateItems() { return reads.size + destinations.size; },
    stateItemsMax: SESSIONS_MAX + PRINCIPALS_MAX,
    get overflow() { return reads.overflow + destinations.overflow; },
  };
}

const sessionOf = (event: Event): string => `${principalKey(event)}|${event.actor.session || event.genAi?.conversationId || ''}`;

const isSending = (event: Event): boolean => SENDING_ACTIONS.has(event.action) || (OUTSIDE_TYPES.has(event.resource.type) && event.action !== 'read' && event.action !== 'list');

function sensitivityOf(event: Event): string {
  if (SENSITIVE_TYPES.has(event.resource.type)) return `a ${event.resource.type}`;
  for (const label of event.resource.labels) if (SENSITIVE_LABELS.has(label.toLowerCase())) return `labelled ${label}`;
  if (sumCounts(event.secretsOutput) > 0) return 'a secret in the output';
  return '';
}

/** Host of a URL, domain of a mail address, else the id itself: a new path on a known host is no new place. */
function destinationOf(id: string): string {
  const scheme = id.indexOf('://');
  if (scheme > 0) {
    const rest = id.slice(scheme + 3);
    const end = rest.search(/[/?#]/);
    return (end < 0 ? rest : rest.slice(0, end)).toLowerCase();
  }
  const at = id.lastIndexOf('@');
  return at > 0 ? id.slice(at + 1).toLowerCase() : id;
}
