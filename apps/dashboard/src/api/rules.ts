import type { Severity, Technique } from '@wary/model/finding.js';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getJson, sendJson, type Query } from './http.js';
import { queryClient } from './queries.js';
import type { Page } from './types.js';

export interface RuleProblem { readonly code: string; readonly message: string; readonly line: number; readonly column: number }
export interface RuleExclusion { readonly fields: Readonly<Record<string, unknown>>; readonly note: string }
export interface RuleSummary {
  readonly id: string; readonly title: string; readonly kind: 'rule' | 'correlation'; readonly level: Severity; readonly ownLevel: Severity | null; readonly enabled: boolean; readonly running: boolean; readonly origin: 'folder' | 'upload'; readonly file: string;
  readonly version: number; readonly updatedAt: number; readonly updatedBy: string; readonly exclusions: number; readonly techniques: readonly Technique[]; readonly problem: RuleProblem | null;
  readonly health: { readonly matches: number; readonly lastMatchAt: number | null; readonly costUs: number | null; readonly errors: number; readonly lastError: string | null };
}
export interface RuleDetail extends RuleSummary {
  readonly text: string; readonly tuning: { readonly level: Severity | null; readonly exclusions: readonly RuleExclusion[] }; readonly description: string | null; readonly author: string | null; readonly falsePositives: readonly string[]; readonly runbook: string | null;
  readonly documents: ReadonlyArray<{ readonly id: string; readonly title: string; readonly kind: 'rule' | 'correlation'; readonly matches: number }>;
}
export interface RuleVersion { readonly version: number; readonly at: number; readonly by: string; readonly kind: 'folder' | 'upload' | 'tune' | 'rollback' | 'remove'; readonly note: string; readonly enabled: boolean; readonly level: string | null; readonly exclusions: readonly RuleExclusion[]; readonly removed: boolean }
export interface RuleVersionText extends RuleVersion { readonly text: string; readonly diff: string }
export interface RulesHealth { readonly rules: number; readonly running: number; readonly disabled: number; readonly broken: number; readonly matches: number; readonly errors: number; readonly problems: ReadonlyArray<RuleProblem & { readonly file: string }> }
export interface CoveredFramework { readonly framework: string; readonly version: string; readonly techniques: number; readonly covered: number; readonly tactics: ReadonlyArray<{ readonly tactic: string; readonly techniques: ReadonlyArray<{ readonly id: string; readonly name: string; readonly rules: readonly string[] }> }> }
export interface PreviewSample { readonly time: number; readonly entity: { readonly type: string; readonly id: string }; readonly eventIds: readonly string[] }
export interface RulePreview {
  readonly id: string; readonly state: 'running' | 'done' | 'cancelled' | 'failed'; readonly eventsTotal: number; readonly eventsRead: number; readonly truncated: boolean; readonly error: string | null; readonly entities: number;
  readonly matches: { readonly before: number; readonly after: number; readonly hidden: number }; readonly samples: { readonly kept: readonly PreviewSample[]; readonly hidden: readonly PreviewSample[] };
}

const PAGE_ITEMS = 100;
const path = (id: string): string => `/v1/rules/${encodeURIComponent(id)}`;

export const rulesQuery = (query: Query) => infiniteQueryOptions({
  queryKey: ['rules', query], initialPageParam: null as string | null, getNextPageParam: (page: Page<RuleSummary>) => page.next, refetchInterval: 15_000,
  queryFn: ({ pageParam, signal }) => getJson<Page<RuleSummary>>('/v1/rules', { ...query, limit: PAGE_ITEMS, cursor: pageParam }, signal),
});
export const rulesHealthQuery = queryOptions({ queryKey: ['rules-health'], refetchInterval: 15_000, queryFn: ({ signal }) => getJson<RulesHealth>('/v1/rules/health', {}, signal) });
export const ruleQuery = (id: string) => queryOptions({ queryKey: ['rule', id], queryFn: ({ signal }) => getJson<RuleDetail>(path(id), {}, signal) });
export const ruleVersionsQuery = (id: string) => queryOptions({ queryKey: ['rule', id, 'versions'], queryFn: ({ signal }) => getJson<Page<RuleVersion>>(`${path(id)}/versions`, { limit: PAGE_ITEMS }, signal) });
export const ruleVersionQuery = (id: string, version: number) => queryOptions({ queryKey: ['rule', id, 'version', version], staleTime: Infinity, queryFn: ({ signal }) => getJson<RuleVersionText>(`${path(id)}/versions/${version}`, {}, signal) });
export interface CapabilityView {
  readonly id: string; readonly name: string; readonly about: string; readonly running: number; readonly runbook: string; readonly blindSpots: string; readonly scenario: string; readonly twin: string; readonly duties: readonly string[]; readonly techniques: readonly Technique[];
  readonly parts: ReadonlyArray<{ readonly kind: 'detector' | 'rule'; readonly id: string; readonly name: string; readonly running: boolean }>;
  readonly measured: { readonly played: number; readonly caught: number; readonly twins: number; readonly quiet: number; readonly delayMs: number | null } | null;
}
export interface Catalogue extends Page<CapabilityView> { readonly measured: { readonly on: string; readonly seeds: string; readonly budgetPerDay: number } | null }
export const catalogueQuery = queryOptions({ queryKey: ['rules-catalogue'], queryFn: ({ signal }) => getJson<Catalogue>('/v1/catalogue', {}, signal) });
export const coverageQuery = queryOptions({ queryKey: ['rules-coverage'], queryFn: ({ signal }) => getJson<Page<CoveredFramework>>('/v1/rules/coverage', {}, signal) });
export const previewQuery = (id: string) => queryOptions({
  queryKey: ['rule-preview', id], queryFn: ({ signal }) => getJson<RulePreview>(`/v1/rules/previews/${encodeURIComponent(id)}`, {}, signal),
  refetchInterval: ({ state }: { state: { data?: RulePreview | undefined } }) => (state.data === undefined || state.data.state === 'running' ? 400 : false),
});

async function change<T>(method: 'POST' | 'PATCH' | 'DELETE', to: string, body?: unknown, version?: number): Promise<T> {
  try {
    return await sendJson<T>(method, to, body, version === undefined ? {} : { version });
  } finally {
    await Promise.all(['rules', 'rule', 'rules-health', 'rules-coverage', 'rules-catalogue'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })));
  }
}
export interface Tuning { readonly enabled?: boolean; readonly level?: Severity | null; readonly exclusions?: readonly RuleExclusion[]; readonly note?: string }
export const tuneRule = (rule: Pick<RuleSummary, 'id' | 'version'>, tuning: Tuning) => change<RuleDetail>('PATCH', path(rule.id), tuning, rule.version);
export const uploadRules = (text: string, note: string) => change<{ items: RuleSummary[]; warnings: RuleProblem[] }>('POST', '/v1/rules', { text, note });
export const rollbackRule = (rule: Pick<RuleSummary, 'id' | 'version'>, version: number) => change<RuleDetail>('POST', `${path(rule.id)}/rollback`, { version }, rule.version);
export const removeRule = (rule: Pick<RuleSummary, 'id' | 'version'>) => change<null>('DELETE', path(rule.id), undefined, rule.version);
export const startPreview = (body: { rule: string; exclusions?: readonly RuleExclusion[]; days: number }) => sendJson<RulePreview>('POST', '/v1/rules/previews', body);
export const cancelPreview = (id: string) => sendJson<RulePreview>('DELETE', `/v1/rules/previews/${encodeURIComponent(id)}`);
