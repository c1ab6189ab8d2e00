import type { Alert } from '@wary/model/alert.js';
import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react';
import { listAlerts } from '../api/queries.js';
import { useLive } from '../live/live-provider.js';
import { compareAlerts, matchesFilters, toQuery, type AlertFilters } from './alert-filters.js';
import { appendRows, applyAlert, emptyQueue, releaseRows, replaceRows, type QueueRows, type QueueRules } from './queue-buffer.js';

const PAGE_ITEMS = 100;
/** Live changes are applied together, so that a burst costs one rendering; in a flood nobody reads ten lists a second. */
const BATCH_MS = 100;
const FLOOD_BATCH_MS = 400;
const FLOOD_CHANGES = 10;

interface QueueState extends QueueRows { readonly busy: boolean; readonly error: unknown }

type Message =
  | { kind: 'loading' }
  | { kind: 'reset' }
  | { kind: 'replace' | 'append'; items: readonly Alert[]; next: string | null }
  | { kind: 'changes'; alerts: readonly Alert[]; frozen: boolean; rules: QueueRules }
  | { kind: 'release'; rules: QueueRules }
  | { kind: 'failed'; error: unknown };

function reduce(state: QueueState, message: Message): QueueState {
  switch (message.kind) {
    case 'loading': return { ...state, busy: true, error: null };
    case 'reset': return { ...emptyQueue, busy: true, error: null };
    case 'replace': return { ...replaceRows(message.items, message.next), busy: false, error: null };
    case 'append': return { ...appendRows(state, message.items, message.next), busy: false, error: null };
    case 'changes': return { ...message.alerts.reduce<QueueRows>((rows, alert) => applyAlert(rows, alert, message.frozen, message.rules), state), busy: state.busy, error: state.error };
    case 'release': return { ...releaseRows(state, message.rules), busy: state.busy, error: state.error };
    case 'failed': return { ...state, busy: false, error: message.error };
  }
}

/** The rows of the queue: pages from the API, changes from the socket. While `frozen` no row moves. */
export function useQueue(filters: AlertFilters, frozen: boolean) {
  const live = useLive();
  const [state, dispatch] = useReducer(reduce, { ...emptyQueue, busy: true, error: null });
  const rules = useMemo<QueueRules>(() => ({ matches: (alert) => matchesFilters(alert, filters, Date.now()), compare: compareAlerts(filters.sort) }), [filters]);
  const latest = useRef({ frozen, rules, state });
  useEffect(() => {
    latest.current = { frozen, rules, state };
  });
  const reading = useRef<AbortController | null>(null);

  const read = useCallback(async (cursor: string | null) => {
    reading.current?.abort();
    const controller = new AbortController();
    reading.current = controller;
    dispatch({ kind: 'loading' });
    try {
      const page = await listAlerts({ ...toQuery(filters, Date.now()), limit: PAGE_ITEMS, cursor }, controller.signal);
      if (!controller.signal.aborted) dispatch({ kind: cursor === null ? 'replace' : 'append', items: page.items, next: page.next });
    } catch (error) {
      if (!controller.signal.aborted) dispatch({ kind: 'failed', error });
    }
  }, [filters]);

  useEffect(() => {
    dispatch({ kind: 'reset' });
    void read(null);
    return () => reading.current?.abort();
  }, [read]);

  const apply = useCallback((alerts: readonly Alert[]) => dispatch({ kind: 'changes', alerts, frozen: latest.current.frozen, rules: latest.current.rules }), []);

  useEffect(() => {
    let batch: Alert[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let waitMs = BATCH_MS;
    const flush = () => {
      timer = undefined;
      waitMs = batch.length > FLOOD_CHANGES ? FLOOD_BATCH_MS : BATCH_MS;
      const alerts = batch;
      batch = [];
      apply(alerts);
    };
    const stop = live.listen({
      change(change) {
        if (change.kind !== 'alert') return;
        batch.push(change.alert);
        timer ??= setTimeout(flush, waitMs);
      },
      reload: () => void read(null),
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [live, apply, read]);

  const release = useCallback(() => {
    if (latest.current.state.waitingOverflow) void read(null);
    else dispatch({ kind: 'release', rules: latest.current.rules });
  }, [read]);

  // Let go: what waited comes in, what no longer fits goes.
  useEffect(() => {
    if (!frozen) release();
  }, [frozen, release]);

  const more = useCallback(() => {
    const { next, busy } = latest.current.state;
    if (next !== null && !busy) void read(next);
  }, [read]);

  return { ...state, apply, release, more, retry: () => void read(null) };
}
