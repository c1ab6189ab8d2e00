import type { Alert, Suppression, SuppressionScope } from '@wary/model/alert.js';
import type { Entity } from '@wary/model/entity.js';
import type { Event } from '@wary/model/event.js';
import type { Incident } from '@wary/model/incident.js';
import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query';
import { ApiError, getJson, sendJson, type Query } from './http.js';
import type { AlertCounts, EntityDetail, EntitySummary, Me, Page, Session, SecondFactorStatus, SuppressionPreview, Totals } from './types.js';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});

const segment = encodeURIComponent;

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => getJson<Me>('/v1/me', {}, signal), staleTime: 60_000, retry: false });
export const sessionsQuery = queryOptions({ queryKey: ['sessions'], queryFn: ({ signal }) => getJson<Page<Session>>('/v1/me/sessions', {}, signal) });

export const secondFactorQuery = queryOptions({ queryKey: ['second-factor'], queryFn: ({ signal }) => getJson<SecondFactorStatus>('/v1/me/second-factor', {}, signal) });
/** Turning it on or off ends sessions and can widen what one may do. */
export const secondFactorChanged = (): Promise<unknown> => Promise.all([secondFactorQuery, sessionsQuery, meQuery].map(({ queryKey }) => queryClient.invalidateQueries({ queryKey })));

export const alertQuery = (id: string) => queryOptions({ queryKey: ['alert', id], queryFn: ({ signal }) => getJson<Alert>(`/v1/alerts/${segment(id)}`, {}, signal) });
export const listAlerts = (query: Query, signal?: AbortSignal) => getJson<Page<Alert>>('/v1/alerts', query, signal);
export const alertsQuery = (query: Query) => queryOptions({ queryKey: ['alerts', query], queryFn: ({ signal }) => listAlerts(query, signal) });
export const alertCountsQuery = (query: Query) => queryOptions({ queryKey: ['alert-counts', query], queryFn: ({ signal }) => getJson<AlertCounts>('/v1/alerts/counts', query, signal) });

export const incidentsQuery = (query: Query) => queryOptions({ queryKey: ['incidents', query], queryFn: ({ signal }) => getJson<Page<Incident>>('/v1/incidents', query, signal) });
export const incidentQuery = (id: string) => queryOptions({ queryKey: ['incident', id], queryFn: ({ signal }) => getJson<Incident>(`/v1/incidents/${segment(id)}`, {}, signal) });

export const eventsByIdQuery = (ids: readonly string[]) => queryOptions({
  queryKey: ['events', 'ids', ids.join(',')], enabled: ids.length > 0, staleTime: Infinity,
  queryFn: ({ signal }) => getJson<Page<Event>>('/v1/events', { ids: ids.join(','), limit: 50 }, signal),
});
export const entityEventsQuery = (entity: Entity) => queryOptions({
  queryKey: ['events', 'entity', entity.type, entity.id], refetchInterval: 15_000,
  queryFn: ({ signal }) => getJson<Page<Event>>('/v1/events', { entity: `${entity.type}:${entity.id}`, limit: 50 }, signal),
});
export const entitiesQuery = (q: string) => queryOptions({ queryKey: ['entities', q], queryFn: ({ signal }) => getJson<Page<EntitySummary>>('/v1/entities', { q, limit: 100 }, signal) });
export const entityQuery = (entity: Entity) => queryOptions({
  queryKey: ['entity', entity.type, entity.id], refetchInterval: 30_000,
  queryFn: ({ signal }) => getJson<EntityDetail>(`/v1/entities/${segment(entity.type)}/${segment(entity.id)}`, {}, signal),
});
export const totalsQuery = queryOptions({ queryKey: ['totals'], queryFn: ({ signal }) => getJson<Totals>('/v1/stats', {}, signal), staleTime: 2_000 });

export const suppressionPreviewQuery = (scopes: readonly SuppressionScope[], days: number) => queryOptions({
  queryKey: ['suppression-preview', scopes, days],
  queryFn: () => sendJson<SuppressionPreview>('POST', '/v1/suppressions/preview', { scopes, days }),
});
export const suppressionsQuery = queryOptions({ queryKey: ['suppressions'], queryFn: ({ signal }) => getJson<Page<Suppression>>('/v1/suppressions', { limit: 200 }, signal) });
const PAGE_ITEMS = 50;
export const incidentPagesQuery = (query: Query) => infiniteQueryOptions({
  queryKey: ['incidents', 'pages', query],
  queryFn: ({ pageParam, signal }) => getJson<Page<Incident>>('/v1/incidents', { ...query, limit: PAGE_ITEMS, cursor: pageParam }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});
export const riskiestQuery = queryOptions({ queryKey: ['entities', 'risk'], refetchInterval: 15_000, queryFn: ({ signal }) => getJson<Page<EntitySummary>>('/v1/entities', { sort: 'risk', limit: PAGE_ITEMS }, signal) });
export const assigneesQuery = queryOptions({ queryKey: ['assignees'], staleTime: 60_000, queryFn: ({ signal }) => getJson<Page<{ readonly email: string; readonly name: string }>>('/v1/assignees', {}, signal) });
export const entityPagesQuery = (q: string) => infiniteQueryOptions({
  queryKey: ['entities', 'pages', q], refetchInterval: 30_000,
  queryFn: ({ pageParam, signal }) => getJson<Page<EntitySummary>>('/v1/entities', { q, limit: PAGE_ITEMS, cursor: pageParam }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});
