import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { totalsQuery } from '../api/queries.js';
import { lazyPart } from '../app/lazy-part.js';
import { useMay } from '../app/session.js';
import { useShortcuts } from '../app/shortcuts.js';
import { useTitle } from '../app/title.js';
import { Button, IconButton } from '../ui/button.js';
import { plural } from '../ui/format.js';
import { EmptyState, Failure, Loading } from '../ui/states.js';
import { AlertGrid, type GridHandle } from './alert-grid.js';
import { countFilters, toFilters, type AlertSearch } from './alert-filters.js';
import { BulkBar } from './bulk-bar.js';
import { FilterBar } from './filter-bar.js';
import { SeverityCounters, useMatching } from './severity-counters.js';
import { useAlertActions } from './use-alert-actions.js';
import { useQueue } from './use-queue.js';

const AlertDrawer = lazyPart(async () => (await import('./alert-drawer.js')).default);
const GetStarted = lazyPart(async () => (await import('../onboarding/get-started.js')).default);

export function QueuePage() {
  const search = useSearch({ from: '/app/alerts' });
  const navigate = useNavigate({ from: '/alerts' });
  const { status, severity, entity, detector, range, from, to, historical, q, sort } = search;
  const filters = useMemo(() => toFilters({ status, severity, entity, detector, range, from, to, historical, q, sort }), [status, severity, entity, detector, range, from, to, historical, q, sort]);
  const mayWork = useMay('alerts.work');
  const maySuppress = useMay('alerts.suppress');
  const [paused, setPaused] = useState(false);
  const [touched, setTouched] = useState(false);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState<string | null>(search.open ?? null);
  const [asking, setAsking] = useState(false);
  const frozen = paused || touched || selected.size > 0 || search.open !== undefined || asking;
  const queue = useQueue(filters, frozen);
  const grid = useRef<GridHandle>(null);
  const actions = useAlertActions({
    onChanged(changed, failed) {
      queue.apply(changed);
      setSelected((now) => (now.size > 0 ? new Set(failed) : now));
    },
    onSettled: () => grid.current?.focus(),
  });
  useEffect(() => setAsking(actions.asking), [actions.asking]);
  const searchBox = useRef<HTMLInputElement>(null);
  useTitle('Alerts');

  const change = useCallback((next: AlertSearch) => void navigate({ search: (now: AlertSearch) => ({ ...now, ...next }), replace: true }), [navigate]);
  const open = useCallback((id: string | undefined) => {
    if (id) setCursor(id);
    void navigate({ search: (now: AlertSearch) => ({ ...now, open: id }), replace: search.open !== undefined && id !== undefined });
  }, [navigate, search.open]);
  const close = useCallback(() => {
    open(undefined);
    grid.current?.focus();
  }, [open]);

  const byId = useMemo(() => new Map(queue.rows.map((alert) => [alert.id, alert])), [queue.rows]);
  const chosen = useMemo(() => [...selected].flatMap((id) => byId.get(id) ?? []), [selected, byId]);
  const current = cursor === null ? undefined : byId.get(cursor);
  const subjects = chosen.length > 0 ? chosen : current ? [current] : [];

  const step = (by: number) => {
    const index = cursor === null ? -1 : queue.rows.findIndex(({ id }) => id === cursor);
    const next = queue.rows[Math.max(0, Math.min(queue.rows.length - 1, index < 0 ? 0 : index + by))];
    if (!next) return;
    setCursor(next.id);
    if (search.open) open(next.id);
    grid.current?.focus();
  };
  const toggle = useCallback((id: string) => setSelected((now) => {
    const next = new Set(now);
    if (!next.delete(id)) next.add(id);
    return next;
  }), []);
  const acknowledge = () => void actions.run(subjects, { kind: 'acknowledge' });

  useShortcuts({
    j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
    Enter: () => { if (current) open(current.id); },
    x: () => { if (current) toggle(current.id); },
    n: () => { queue.release(); grid.current?.toTop(); },
    Space: () => setPaused((now) => !now),
    '/': () => searchBox.current?.focus(),
    Escape: () => { if (search.open) close(); else setSelected(new Set()); },
    ...(mayWork ? {
      a: acknowledge, e: () => actions.ask('resolve', subjects), c: () => void actions.openIncident(subjects), i: () => actions.assignToMe(subjects),
    } : {}),
    ...(maySuppress ? { s: () => actions.ask('suppress', subjects) } : {}),
  });

  const total = useMatching(filters);
  const totals = useQuery({ ...totalsQuery, refetchInterval: (query) => (query.state.data?.events === 0 ? 2_000 : false) });
  const noData = totals.data?.events === 0 && queue.rows.length === 0 && countFilters(search) === 0;
  useEffect(() => {
    if (!noData && totals.data) queue.retry();
    // Only the first event makes this change; the queue itself then follows the socket.
  }, [noData]);

  if (noData) return <div className="page"><h1 className="page-title">Alerts</h1><Suspense fallback={<Loading label="Loading" />}><GetStarted waiting /></Suspense></div>;

  return (
    <div className={search.open ? 'queue with-drawer' : 'queue'}>
      <div className="queue-main">
        <div className="queue-head">
          <h1 className="page-title">Alerts</h1>
          <SeverityCounters selected={filters.severity} filters={filters} onChange={(next) => change({ severity: next.join(',') || undefined })} />
          <span className="grow" />
          <IconButton icon={paused ? 'play' : 'pause'} label={paused ? 'Resume the stream' : 'Pause the stream'} className={paused ? 'pressed' : ''} onClick={() => setPaused(!paused)} />
        </div>
        <FilterBar search={search} filters={filters} onChange={change} searchBox={searchBox} />
        <div className="queue-bar">
          {selected.size > 0
            ? <BulkBar count={selected.size} mayWork={mayWork} maySuppress={maySuppress} onAcknowledge={acknowledge} onAct={(kind) => actions.ask(kind, chosen)} onIncident={() => void actions.openIncident(chosen)} onClear={() => setSelected(new Set())} onAll={() => setSelected(new Set(queue.rows.map(({ id }) => id)))} total={queue.rows.length} />
            : <p className="queue-state">{paused ? 'Paused' : queue.loaded ? `${plural(queue.next ? Math.max(total, queue.rows.length) : queue.rows.length, 'alert')}` : 'Loading'}{mayWork && <span className="only-wide"> · press ? for the keys</span>}</p>}
          {(queue.waiting.length > 0 || queue.waitingOverflow) && (
            <Button kind="primary" icon="up" className="small new-rows" onClick={() => { queue.release(); grid.current?.toTop(); }}>{`${queue.waiting.length}${queue.waitingOverflow ? '+' : ''} new`}</Button>
          )}
        </div>
        {queue.error !== null && <Failure error={queue.error} onRetry={queue.retry} />}
        <AlertGrid
          ref={grid} rows={queue.rows} cursor={cursor} selected={selected} openId={search.open} empty={queue.rows.length === 0}
          onCursor={setCursor} onOpen={open} onToggle={toggle} onTouched={setTouched} onEnd={queue.more} busy={queue.busy}
        />
        {!queue.loaded && queue.error === null && <Loading label="Loading the alerts" />}
        {queue.loaded && queue.rows.length === 0 && queue.error === null
          ? <EmptyState icon="check" title={countFilters(search) > 0 ? 'No alert matches these filters' : 'Nothing needs you now'}>{countFilters(search) > 0 ? <Button onClick={() => void navigate({ search: {} })}>Clear the filters</Button> : <p>{totals.data ? `${plural(totals.data.events, 'event')} of ${plural(totals.data.entities, 'entity', 'entities')} so far. ` : ''}New alerts appear here by themselves.</p>}</EmptyState>
          : null}
      </div>
      {search.open && <Suspense fallback={<aside className="drawer" aria-label="Alert"><Loading label="Loading the alert" /></aside>}><AlertDrawer id={search.open} known={byId.get(search.open)} actions={actions} onClose={close} onStep={step} /></Suspense>}
      {actions.dialogs}
    </div>
  );
}
