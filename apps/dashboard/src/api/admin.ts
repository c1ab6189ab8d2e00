import type { DeadLetterSummary } from '@wary/ports/dead-letter-store.port.js';
import type { ApiKey, User } from '@wary/ports/account-store.port.js';
import type { AuditRecord } from '@wary/ports/audit.port.js';
import type { Delivery, Webhook } from '@wary/ports/webhook-store.port.js';
import type { RegisterName } from '@wary/model/registers.js';
import type { Technique } from '@wary/model/finding.js';
import type { Action, Role, Scope } from '@wary/model/permissions.js';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getJson, sendJson, type Query } from './http.js';
import { queryClient } from './queries.js';
import type { Page } from './types.js';

const PAGE_ITEMS = 50;
const pages = <T>(key: string, path: string, query: Query = {}) => infiniteQueryOptions({
  queryKey: [key, query], initialPageParam: null as string | null, getNextPageParam: (page: Page<T>) => page.next,
  queryFn: ({ pageParam, signal }) => getJson<Page<T>>(path, { ...query, limit: PAGE_ITEMS, cursor: pageParam }, signal),
});
const segment = encodeURIComponent;

export type KeyView = ApiKey & { readonly status: 'active' | 'expired' | 'revoked' };
export interface DeliveryView extends Delivery {
  readonly request: { readonly url: string; readonly body: string };
  readonly log: ReadonlyArray<{ readonly at: number; readonly durationMs: number; readonly outcome: string; readonly error: string | null; readonly request: { readonly headers: Readonly<Record<string, string>> }; readonly response: { readonly status: number; readonly body: string } | null }>;
}
export interface DetectorView {
  readonly id: string; readonly version: number; readonly name: string; readonly description: string; readonly type: string; readonly deterministic: boolean; readonly enabled: boolean;
  readonly weight: { readonly value: number; readonly default: number; readonly min: number; readonly max: number; readonly learned: number };
  readonly thresholds: ReadonlyArray<{ readonly name: string; readonly value: number; readonly default: number; readonly min: number; readonly max: number }>;
  readonly settingsVersion: number; readonly updatedAt: number | null; readonly updatedBy: string | null;
  readonly precision: { readonly value: number; readonly low: number; readonly high: number; readonly confirmed: number; readonly judged: number } | null;
  readonly techniques: readonly Technique[]; readonly blindSpots: string;
}
export interface RegisterOverview { readonly register: RegisterName; readonly rows: number; readonly version: number; readonly at: number | null; readonly by: string | null }
export type RegisterRowData = Readonly<Record<string, unknown>> & { readonly id: string };
export interface RegisterPage extends Page<RegisterRowData> { readonly version: number; readonly total: number }
export interface RegisterChanged { readonly version: number; readonly added: number; readonly changed: number; readonly removed: number; readonly rows: number }

export const usersQuery = pages<User>('users', '/v1/users');
export const apiKeysQuery = pages<KeyView>('api-keys', '/v1/api-keys');
export const webhooksQuery = pages<Webhook>('webhooks', '/v1/webhooks');
export const webhookQuery = (id: string) => queryOptions({ queryKey: ['webhook', id], queryFn: ({ signal }) => getJson<Webhook>(`/v1/webhooks/${segment(id)}`, {}, signal) });
export const deliveriesQuery = (id: string, status: string) => ({ ...pages<Delivery>('deliveries', `/v1/webhooks/${segment(id)}/deliveries`, { status }), queryKey: ['deliveries', { id, status }] as unknown as [string, Query], refetchInterval: 5_000 });
export const deliveryQuery = (webhookId: string, id: string) => queryOptions({ queryKey: ['delivery', id], queryFn: ({ signal }) => getJson<DeliveryView>(`/v1/webhooks/${segment(webhookId)}/deliveries/${segment(id)}`, {}, signal) });
export const auditQuery = (query: Query) => pages<AuditRecord>('audit', '/v1/audit', query);
export const deadLettersQuery = pages<DeadLetterSummary>('dead-letters', '/v1/dead-letters');
export const detectorsQuery = queryOptions({ queryKey: ['detectors'], queryFn: ({ signal }) => getJson<Page<DetectorView>>('/v1/detectors', {}, signal) });
export const permissionsQuery = queryOptions({ queryKey: ['permissions'], queryFn: ({ signal }) => getJson<{ roles: Record<Role, Action[]>; scopes: Record<Scope, Action[]> }>('/v1/permissions', {}, signal) });
export const registersQuery = queryOptions({ queryKey: ['registers'], queryFn: ({ signal }) => getJson<Page<RegisterOverview>>('/v1/registers', {}, signal) });
export const registerQuery = (name: RegisterName, q: string) => infiniteQueryOptions({
  queryKey: ['register', name, q], initialPageParam: null as string | null, getNextPageParam: (page: RegisterPage) => page.next,
  queryFn: ({ pageParam, signal }) => getJson<RegisterPage>(`/v1/registers/${name}`, { q, limit: PAGE_ITEMS, cursor: pageParam }, signal),
});

/** Changes something and reads the lists that show it again. */
async function change<T>(keys: readonly string[], method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown, version?: number): Promise<T> {
  try {
    return await sendJson<T>(method, path, body, version === undefined ? {} : { version });
  } finally {
    await Promise.all(keys.map((key) => queryClient.invalidateQueries({ queryKey: [key] })));
  }
}

export const createUser = (draft: { email: string; name: string; role: Role }) => change<User & { password?: string }>(['users'], 'POST', '/v1/users', draft);
export const changeUser = (user: User, part: { role?: Role; disabled?: boolean; reset?: true; resetSecondFactor?: true }) => change<User & { password?: string }>(['users'], 'PATCH', `/v1/users/${segment(user.id)}`, part, user.version);

/** `key` is the only time the key itself is seen. */
export const createApiKey = (draft: { name: string; scopes: readonly Scope[]; expiresAt?: number | null }) => change<KeyView & { key: string }>(['api-keys'], 'POST', '/v1/api-keys', draft);
export const rotateApiKey = (key: ApiKey, graceSeconds: number) => change<KeyView & { key: string }>(['api-keys'], 'PATCH', `/v1/api-keys/${segment(key.id)}`, { rotate: true, graceSeconds }, key.version);
export const revokeApiKey = (key: ApiKey) => change<null>(['api-keys'], 'DELETE', `/v1/api-keys/${segment(key.id)}`, undefined, key.version);

export type WebhookDraft = Pick<Webhook, 'url' | 'description' | 'types' | 'minSeverity' | 'format'>;
const WEBHOOK_KEYS = ['webhooks', 'webhook', 'deliveries'] as const;
export const createWebhook = (draft: WebhookDraft) => change<Webhook & { secret: string }>(WEBHOOK_KEYS, 'POST', '/v1/webhooks', draft);
export const changeWebhook = (webhook: Webhook, part: Partial<WebhookDraft> & { enabled?: boolean }) => change<Webhook>(WEBHOOK_KEYS, 'PATCH', `/v1/webhooks/${segment(webhook.id)}`, part, webhook.version);
export const deleteWebhook = (id: string) => change<null>(['webhooks'], 'DELETE', `/v1/webhooks/${segment(id)}`);
export const rotateWebhook = (webhook: Webhook) => change<Webhook & { secret: string }>(WEBHOOK_KEYS, 'POST', `/v1/webhooks/${segment(webhook.id)}/rotate`, undefined, webhook.version);
export const testWebhook = (id: string) => change<DeliveryView>(['deliveries'], 'POST', `/v1/webhooks/${segment(id)}/test`);
export const replayDelivery = (webhookId: string, id: string) => change<Delivery>(['deliveries', 'delivery'], 'POST', `/v1/webhooks/${segment(webhookId)}/deliveries/${segment(id)}/replay`);
export const recoverDeliveries = (id: string, since: number) => change<{ requeued: number }>(['deliveries'], 'POST', `/v1/webhooks/${segment(id)}/recover`, { since });

export const replayDeadLetters = (ids: readonly string[]) => change<{ replayed: number; duplicates: number; rejected: ReadonlyArray<{ id: string; message: string }> }>(['dead-letters'], 'POST', '/v1/dead-letters/replay', { ids });
export const changeDetector = (detector: DetectorView, part: { enabled?: boolean; weight?: number; thresholds?: Record<string, number | null> }) => change<DetectorView>(['detectors', 'rules-catalogue'], 'PATCH', `/v1/detectors/${segment(detector.id)}`, part, detector.settingsVersion);

const REGISTER_KEYS = ['registers', 'register'] as const;
export const upsertRegisterRow = (name: RegisterName, row: object, version: number) => change<RegisterChanged>(REGISTER_KEYS, 'PATCH', `/v1/registers/${name}`, [row], version);
export const removeRegisterRow = (name: RegisterName, id: string, version: number) => change<RegisterChanged>(REGISTER_KEYS, 'DELETE', `/v1/registers/${name}/${segment(id)}`, undefined, version);

/** Replaces the whole register by a file, as it came: CSV or JSON. */
export async function replaceRegister(name: RegisterName, text: string, mediaType: 'text/csv' | 'application/json', version: number): Promise<RegisterChanged> {
  try {
    return await sendJson<RegisterChanged>('PUT', `/v1/registers/${name}`, undefined, { version, raw: { text, mediaType } });
  } finally {
    await Promise.all(REGISTER_KEYS.map((key) => queryClient.invalidateQueries({ queryKey: [key] })));
  }
}
