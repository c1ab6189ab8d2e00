import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useRef } from 'react';
import { entityPagesQuery, riskiestQuery } from '../api/queries.js';
import { useShortcuts } from '../app/shortcuts.js';
import { useTitle } from '../app/title.js';
import { Button } from '../ui/button.js';
import { Segmented } from '../ui/form.js';
import { formatNumber, plural, sentence } from '../ui/format.js';
import { SearchBox } from '../ui/search-box.js';
import { EmptyState, Failure, Loading } from '../ui/states.js';
import { Ago } from '../ui/time.js';
import { useRowKeys } from '../ui/use-row-keys.js';
import { RiskTag } from './risk-tag.js';

const SHOW = [['risk', 'At risk'], ['all', 'All']] as const;

/** First those at risk now, highest first; all by name, and whoever is searched for. */
export function EntitiesPage() {
  const { q = '', show: wanted = 'risk' } = useSearch({ from: '/app/entities' });
  const show = q === '' ? wanted : 'all';
  const navigate = useNavigate({ from: '/entities' });
  const named = useInfiniteQuery({ ...entityPagesQuery(q), enabled: show === 'all' });
  const risky = useQuery({ ...riskiestQuery, enabled: show === 'risk' });
  const query = show === 'all' ? named : risky;
  const search = useRef<HTMLInputElement>(null);
  const table = useRowKeys<HTMLTableElement>();
  useTitle('Entities');
  useShortcuts({ '/': () => search.current?.focus() });
  const items = show === 'all' ? (named.data?.pages.flatMap((page) => page.items) ?? []) : (risky.data?.items ?? []);
  const more = show === 'all' && named.hasNextPage;
  return (
    <div className="page">
      <div className="page-head"><h1 className="page-title">Entities</h1>{query.data && <span className="dim">{plural(items.length, 'entity', 'entities')}{more && ' so far'}</span>}</div>
      <div className="page-tools">
        <SearchBox ref={search} label="Search the entities" placeholder="Search people, services, keys, agents, models" value={q} onChange={(text) => void navigate({ search: (now) => ({ ...now, q: text || undefined }), replace: true })} />
        <Segmented label="Which entities" value={show} options={SHOW} onChange={(next) => void navigate({ search: next === 'all' ? { show: 'all' } : {}, replace: true })} />
      </div>
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
      {risky.data && show === 'risk' && items.length === 0 && <EmptyState icon="entities" title="Nobody is at risk now"><p>Alerts raise the risk of whoever they are about; it halves every week. <Link to="/entities" search={{ show: 'all' }} className="link">Show all</Link></p></EmptyState>}
      {named.data && show === 'all' && items.length === 0 && <EmptyState icon="entities" title={q ? 'No entity matches' : 'Nobody has been seen yet'}>{q ? <p>Names are searched as they came in the events.</p> : <p>Every user, service, key and agent that acts appears here. <Link to="/get-started" className="link">Add data</Link> to begin.</p>}</EmptyState>}
      {more && <div className="more"><Button busy={named.isFetchingNextPage} onClick={() => void named.fetchNextPage()}>Show more</Button></div>}
    </div>
  );
}
