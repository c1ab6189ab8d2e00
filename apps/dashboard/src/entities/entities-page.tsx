import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useRef } from 'react';
import { entityPagesQuery } from '../api/queries.js';
import { useShortcuts } from '../app/shortcuts.js';
import { useTitle } from '../app/title.js';
import { Button } from '../ui/button.js';
import { formatNumber, plural, sentence } from '../ui/format.js';
import { SearchBox } from '../ui/search-box.js';
import { EmptyState, Failure, Loading } from '../ui/states.js';
import { Ago } from '../ui/time.js';
import { useRowKeys } from '../ui/use-row-keys.js';
import { RiskTag } from './risk-tag.js';

export function EntitiesPage() {
  const { q = '' } = useSearch({ from: '/app/entities' });
  const navigate = useNavigate({ from: '/entities' });
  const query = useInfiniteQuery(entityPagesQuery(q));
  const search = useRef<HTMLInputElement>(null);
  const table = useRowKeys<HTMLTableElement>();
  useTitle('Entities');
  useShortcuts({ '/': () => search.current?.focus() });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page">
      <div className="page-head"><h1 className="page-title">Entities</h1>{query.data && <span className="dim">{plural(items.length, 'entity', 'entities')}{query.hasNextPage && ' so far'}</span>}</div>
      <div className="page-tools"><SearchBox ref={search} label="Search the entities" placeholder="Search people, services, keys, agents, models" value={q} onChange={(text) => void navigate({ search: { q: text || undefined }, replace: true })} /></div>
      {query.error && !query.data ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : null}
      <table className="list entities" aria-label="Entities" ref={table}>
        <thead><tr><th scope="col">Entity</th><th scope="col">Risk</th><th scope="col">Peer group</th><th scope="col" className="right">Events</th><th scope="col" className="right">First seen</th><th scope="col" className="right">Last seen</th></tr></thead>
        <tbody>
          {items.map((item) => (
            <tr key={`${item.entity.type}:${item.entity.id}`}>
              <td className="list-main"><Link to="/entities/$type/$id" params={item.entity} className="row-link mono" data-row-link="">{item.entity.id}</Link><span className="faint">{sentence(item.entity.type)}</span></td>
              <td data-label="Risk"><RiskTag risk={item.risk} /></td>
              <td data-label="Peer group" className="list-clip">{item.peerGroup || <span className="faint">None</span>}</td>
              <td data-label="Events" className="right mono">{formatNumber(item.events)}</td>
              <td data-label="First seen" className="right dim"><Ago at={item.firstSeen} /></td>
              <td data-label="Last seen" className="right dim"><Ago at={item.lastSeen} /></td>
            </tr>
          ))}
        </tbody>
      </table>
      {query.isPending && <Loading label="Loading the entities" />}
      {query.data && items.length === 0 && <EmptyState icon="entities" title={q ? 'No entity matches' : 'Nobody has been seen yet'}>{q ? <p>Names are searched as they came in the events.</p> : <p>Every user, service, key and agent that acts appears here. <Link to="/get-started" className="link">Add data</Link> to begin.</p>}</EmptyState>}
      {query.hasNextPage && <div className="more"><Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>Show more</Button></div>}
    </div>
  );
}
