import type { Backtest, BacktestChange } from '@wary/model/backtest.js';
import { queryOptions } from '@tanstack/react-query';
import { getJson, sendJson } from './http.js';
import { queryClient } from './queries.js';
import type { Page } from './types.js';

const POLL_MS = 500;
const path = (id: string): string => `/v1/backtests/${encodeURIComponent(id)}`;

export const backtestsQuery = queryOptions({ queryKey: ['backtests'], queryFn: ({ signal }) => getJson<Page<Backtest>>('/v1/backtests', {}, signal) });
export const backtestQuery = (id: string) => queryOptions({
  queryKey: ['backtest', id], queryFn: ({ signal }) => getJson<Backtest>(path(id), {}, signal),
  refetchInterval: ({ state }: { state: { data?: Backtest | undefined } }) => (state.data === undefined || state.data.state === 'running' ? POLL_MS : false),
});

export type BacktestDraft = BacktestChange & { readonly days: number };
export async function startBacktest(draft: BacktestDraft): Promise<Backtest> {
  const started = await sendJson<Backtest>('POST', '/v1/backtests', draft);
  await queryClient.invalidateQueries({ queryKey: ['backtests'] });
  return started;
}
export const cancelBacktest = (id: string) => sendJson<Backtest>('DELETE', path(id));
