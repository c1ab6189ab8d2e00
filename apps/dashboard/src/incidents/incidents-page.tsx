import type { Incident } from '@wary/model/incident.js';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useRef } from 'react';
import { incidentPagesQuery } from '../api/queries.js';
import { useShortcuts } from '../app/shortcuts.js';
import { useTitle } from '../app/title.js';
import { Button } from '../ui/button.js';
import { formatDuration, plural } from '../ui/format.js';
import { Segmented } from '../ui/form.js';
import { SearchBox } from '../ui/search-box.js';
import { SeverityTag } from '../ui/severity.js';
import { EmptyState, Failure, Loading } from '../ui/states.js';
import { Ago, useNow } from '../ui/time.js';
import { useRowKeys } from '../ui/use-row-keys.js';
import { acknowledgeClock } from './clocks.js';
import { StateTag } from './state-tag.js';

const SHOW = [['open', 'Open'], ['closed', 'Closed'], ['all', 'All']] as const;
const OPEN_STATES = 'new,triage,contain,eradicate,recover';

export function IncidentsPage() {
  const { show = 'open', q } = useSearch({ from: '/app/incidents' });
  const navigate = useNavigate({ from: '/incidents' });
  const query = useInfiniteQuery(incidentPagesQuery({ state: show === 'open' ? OPEN_STATES : show === 'closed' ? 'closed' : undefined, q }));
  const search = useRef<HTMLInputElement>(null);
  const table = useRowKeys<HTMLTableElement>();
  useTitle('Incidents');
  useShortcuts({ '/': () => search.current?.focus() });
  const incidents = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div className="page">
      <div className="page-head"><h1 className="page-title">Incidents</h1>{query.data && <span className="dim">{plural(incidents.length, 'incident')}{query.hasNextPage && ' so far'}</span>}</div>
      <div className="page-tools">
        <SearchBox ref={search} label="Search the incidents" placeholder="Search title, entity, number" value={q ?? ''} onChange={(text) => void navigate({ search: (now) => ({ ...now, q: text || undefined }), replace: true })} />
        <Segmented label="Which incidents" value={show} options={SHOW} onChange={(next) => void navigate({ search: (now) => ({ ...now, show: next === 'open' ? undefined : next }), replace: true })} />
      </div>
      {query.error && !query.data ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : null}
      <table className="list" aria-label="Incidents" ref={table}>
        <thead><tr><th scope="col">Severity</th><th scope="col">Incident</th><th scope="col">State</th><th scope="col">Assignee</th><th scope="col" className="right">Alerts</th><th scope="col">Acknowledged</th><th scope="col" className="right">Created</th></tr></thead>
        <tbody>{incidents.map((incident) => <Row key={incident.id} incident={incident} />)}</tbody>
      </table>
      {query.isPending && <Loading label="Loading the incidents" />}
      {query.data && incidents.length === 0 && <EmptyState icon="incidents" title={q ? 'No incident matches' : show === 'open' ? 'No open incidents' : 'No incidents yet'}><p>High and critical alerts open one by themselves; from any alert you can create one with <kbd className="kbd">c</kbd>.</p></EmptyState>}
      {query.hasNextPage && <div className="more"><Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>Show more</Button></div>}
    </div>
  );
}

function Row({ incident }: { incident: Incident }) {
  const clock = acknowledgeClock(incident, useNow());
  return (
    <tr>
      <td data-label="Severity"><SeverityTag severity={incident.severity} /></td>
      <td className="list-main"><Link to="/incidents/$id" params={{ id: incident.id }} className="row-link" data-row-link=""><span className="faint mono">#{incident.number}</span> {incident.title}</Link><span className="faint mono clip">{incident.entity.id}</span></td>
      <td data-label="State"><StateTag state={incident.state} /></td>
      <td data-label="Assignee" className="list-clip">{incident.assignee ?? <span className="faint">Nobody</span>}</td>
      <td data-label="Alerts" className="right mono">{incident.alertIds.length}</td>
      <td data-label="Ack.">{clock === null ? <span className="faint">Never</span> : clock.running ? <span className="waiting">waits {formatDuration(clock.ms)}</span> : `after ${formatDuration(clock.ms)}`}</td>
      <td data-label="Created" className="right dim"><Ago at={incident.createdAt} /></td>
    </tr>
  );
}
