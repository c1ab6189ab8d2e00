import { isDownload } from '@wary/model/is-download.js';
import type { Event } from '@wary/model/event.js';
import { hash32 } from '@wary/model/hash32.js';
import { markOf } from '@wary/model/mark.js';

export const WINDOWS = [
  { id: '5m', lengthMs: 300_000, words: '5 minutes', memoryWindows: 2_000, priorWindows: 12, ownWindowsMin: 24, peerWindowsMin: 200, levelShare: 0.2 },
  { id: '1h', lengthMs: 3_600_000, words: 'hour', memoryWindows: 400, priorWindows: 6, ownWindowsMin: 12, peerWindowsMin: 100, levelShare: 0.4 },
  { id: '1d', lengthMs: 86_400_000, words: 'day', memoryWindows: 60, priorWindows: 3, ownWindowsMin: 5, peerWindowsMin: 20, levelShare: 0.4 },
] as const;
export const WINDOW_COUNT = WINDOWS.length;
export const HOUR = 1;
export const DAY = 2;

export type BehaviourId = 'volume' | 'breadth' | 'failures' | 'cost_tokens' | 'novelty' | 'off_hours' | 'activity' | 'sequence' | 'growth' | 'repeats' | 'changes' | 'concurrent_use' | 'other_purpose';
export const BEHAVIOURS: readonly BehaviourId[] = ['volume', 'breadth', 'failures', 'cost_tokens', 'novelty', 'off_hours', 'activity', 'sequence', 'growth', 'repeats', 'changes', 'concurrent_use', 'other_purpose'];

export interface NumericFeature {
  readonly id: string;
  readonly kind: 'count' | 'magnitude';
  readonly behaviour: BehaviourId;
  /** Share of a window's level (weighted Bonferroni); all shares sum to 1. */
  readonly weight: number;
  readonly label: string;
  readonly unit: string;
}

/** Order is the layout of state: append only, and raise the state version. */
export const FEATURES: readonly NumericFeature[] = [
  { id: 'requests', kind: 'count', behaviour: 'volume', weight: 0.1, label: 'requests', unit: 'requests' },
  { id: 'downloads', kind: 'count', behaviour: 'volume', weight: 0.15, label: 'downloads and exports', unit: 'downloads' },
  { id: 'bytes', kind: 'magnitude', behaviour: 'volume', weight: 0.1, label: 'data moved', unit: 'bytes' },
  { id: 'rows', kind: 'magnitude', behaviour: 'volume', weight: 0.08, label: 'rows read', unit: 'rows' },
  { id: 'resources', kind: 'count', behaviour: 'breadth', weight: 0.15, label: 'different resources', unit: 'resources' },
  { id: 'failures', kind: 'count', behaviour: 'failures', weight: 0.12, label: 'failed or denied requests', unit: 'failures' },
  { id: 'tokens', kind: 'magnitude', behaviour: 'cost_tokens', weight: 0.08, label: 'tokens', unit: 'tokens' },
  { id: 'cost', kind: 'magnitude', behaviour: 'cost_tokens', weight: 0.07, label: 'cost', unit: 'currency units' },
];
export const FEATURE_COUNT = FEATURES.length;
export const REQUESTS = 0;
export const DOWNLOADS = 1;
export const BYTES = 2;
export const ROWS = 3;
export const RESOURCES = 4;
export const FAILURES = 5;
export const TOKENS = 6;
export const COST = 7;
export const NOVELTY_WEIGHT = 0.1;
export const OFF_HOURS_WEIGHT = 0.05;
export const ACTIVITY_WEIGHT = 0.15;
export const SEQUENCE_WEIGHT = 0.05;
export const GROWTH_WEIGHT = 0.4;
export const REPEATS_WEIGHT = 0.15;
export const CHANGES_WEIGHT = 0.15;
export const CONCURRENT_USE_WEIGHT = 0.12;
export const OTHER_PURPOSE_WEIGHT = 0.1;

export const CATEGORIES = ['resource', 'action', 'country', 'network', 'client', 'model', 'tool'] as const;
export type CategoryId = (typeof CATEGORIES)[number];
export const CATEGORY_COUNT = CATEGORIES.length;
export const CATEGORY_LABELS: Readonly<Record<CategoryId, string>> = {
  resource: 'resource', action: 'kind of action', country: 'country', network: 'network', client: 'client program', model: 'model', tool: 'tool',
};
export const RESOURCE = 0;
export const ACTION = 1;
export const COUNTRY = 2;
export const NETWORK = 3;
export const CLIENT = 4;

/** The words of a call whose span is counted as the request; telemetry sends them as events of their own. */
const isSaidWithin = (event: Event): boolean => event.kind === 'inference' && event.action === 'message';

/** Marks are about somebody, not by somebody: they are not behaviour. */
export const isBehaviour = (event: Event): boolean => event.kind !== 'posture' && event.kind !== 'outcome' && markOf(event) === null;

/**
 * Whether it speaks of who acts that this did not succeed. An error of a model's call is the service's (RFC 9110, 15.6), and when a provider is down all its callers have it at
 * once: it counts as an error of the model, where `drift` tells it, once. Refusals and failures are the caller's, and so are errors of what nobody watches as a whole.
 */
export const isOwnFailure = (event: Event): boolean => event.outcome !== 'success' && !(event.outcome === 'error' && event.kind === 'inference' && (event.genAi !== null || event.ml !== null));

/** What one event adds to each numeric feature; `resources` is counted apart, by hash. Writes to `out`. */
export function readFeatures(event: Event, out: Float64Array): void {
  out[REQUESTS] = isSaidWithin(event) ? 0 : 1;
  out[DOWNLOADS] = isDownload(event) ? 1 : 0;
  out[BYTES] = positive(event.bytes);
  out[ROWS] = positive(event.rows);
  out[RESOURCES] = 0;
  out[FAILURES] = isOwnFailure(event) && !isSaidWithin(event) ? 1 : 0;
  const genAi = event.genAi;
  out[TOKENS] = genAi === null ? 0 : positive(genAi.inputTokens) + positive(genAi.outputTokens);
  out[COST] = positive(event.cost);
}

const positive = (value: number | null): number => (value !== null && value > 0 ? value : 0);

/** Value of a category on an event, '' when the event does not say. */
export function categoryValue(event: Event, category: number): string {
  switch (category) {
    case 0: return event.resource.id;
    case 1: return event.action;
    case 2: return event.client.country;
    case 3: return networkOf(event);
    case 4: return clientFamily(event.client.userAgent);
    case 5: return event.genAi === null ? (event.ml === null ? '' : event.ml.model) : event.genAi.requestModel;
    default: return event.genAi === null ? '' : event.genAi.toolName;
  }
}

/** The autonomous system where it is known (survives an address change), else the /24 or /48 of the address. A registered egress says nothing about the person. */
export function networkOf(event: Event): string {
  if (event.knownEgress) return '';
  if (event.client.asn > 0) return `AS${event.client.asn}`;
  const { ip } = event.client;
  if (ip === '') return '';
  const lastDot = ip.lastIndexOf('.');
  if (lastDot > 0) return `${ip.slice(0, lastDot)}.0/24`;
  let end = -1;
  for (let groups = 0; groups < 3; groups += 1) {
    end = ip.indexOf(':', end + 1);
    if (end < 0) return ip;
  }
  return `${ip.slice(0, end)}::/48`;
}

/** The first product of a user agent, without its version: `python-requests/2.32` → `python-requests`; for browsers the engine's brand. */
export function clientFamily(userAgent: string): string {
  if (userAgent === '') return '';
  if (userAgent.startsWith('Mozilla/')) {
    if (userAgent.includes('Edg/')) return 'Edge';
    if (userAgent.includes('Firefox/')) return 'Firefox';
    if (userAgent.includes('Chrome/')) return 'Chrome';
    if (userAgent.includes('Safari/')) return 'Safari';
    return 'Mozilla';
  }
  return userAgent.slice(0, productEnd(userAgent));
}

/** Where the first product of a user agent ends. */
export function productEnd(userAgent: string): number {
  let end = 0;
  while (end < userAgent.length && end < 64) {
    const unit = userAgent.charCodeAt(end);
    if (unit === 47 || unit === 32 || unit === 40) break;
    end += 1;
  }
  return end;
}

/** Categories are told apart by 32 bits; 0 is kept for an empty place. */
const SEED = 0x5bd1e995;
export const categoryHash = (value: string): number => hash32(value, SEED) || 1;
/** What `categoryHash` begins with (FNV-1a, see `hash32`), for who hashes a text bit by bit. */
export const CATEGORY_HASH_START = 0x811c9dc5 ^ SEED;
