import { ENTITY_TYPES, entityKey, type Entity } from '@wary/model/entity.js';
import type { Event } from '@wary/model/event.js';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { alertsQuery, entityEventsQuery, entityQuery } from '../api/queries.js';
import type { EntityDetail } from '../api/types.js';
import { AlertList } from '../alerts/alert-list.js';
import { useTitle } from '../app/title.js';
import { HeatMap } from '../charts/heat-map.js';
import { EventRow } from '../events/event-row.js';
import { oneSequence } from '../events/one-sequence.js';
import { CopyLink } from '../ui/copy-link.js';
import { formatNumber, sentence } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { EmptyState, Failure, Loading } from '../ui/states.js';
import { Ago } from '../ui/time.js';
import { Baselines } from './baselines.js';
import { DailyBars } from './daily-bars.js';
import { Comparisons } from './comparisons.js';
import { Drift } from './drift.js';
import { Peers } from './peers.js';
import { Risk } from './risk.js';
import { RiskTag } from './risk-tag.js';
import { TopValues } from './top-values.js';

const RECENT_ALERTS = 10;

export function EntityPage() {
  const { type, id } = useParams({ from: '/app/entities/$type/$id' });
  useTitle(id);
  if (!(ENTITY_TYPES as readonly string[]).includes(type)) return <div className="page"><h1 className="page-title">No such kind of entity</h1><p className="dim">{type} is none of {ENTITY_TYPES.join(', ')}.</p></div>;
  return <Known key={`${type}:${id}`} entity={{ type: type as Entity['type'], id }} />;
}

function Known({ entity }: { entity: Entity }) {
  const query = useQuery(entityQuery(entity));
  const detail = query.data;
  return (
    <div className="page detail-page">
      <nav className="crumbs" aria-label="Where you are"><Link to="/entities" className="link"><Icon name="left" size={14} />Entities</Link><span className="grow" /><CopyLink path={`/entities/${encodeURIComponent(entity.type)}/${encodeURIComponent(entity.id)}`} /></nav>
      <div className="page-head"><h1 className="page-title mono break">{entity.id}</h1>{detail && <RiskTag risk={detail.risk.now} />}</div>
      {query.error && !detail ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isPending && <Loading label="Loading the entity" />}
      {detail && <Detail entity={entity} detail={detail} />}
    </div>
  );
}

function Detail({ entity, detail }: { entity: Entity; detail: EntityDetail }) {
  const { summary, person } = detail;
  return (
    <>
      <dl className="facts head-facts">
        <div><dt>Kind</dt><dd>{sentence(entity.type)}</dd></div>
        {person?.name && <div><dt>Name</dt><dd>{person.name}</dd></div>}
        {person?.status && <div><dt>Status</dt><dd><span className={person.status === 'leaving' || person.status === 'notice' || person.status === 'left' ? 'tag bad' : 'tag'}>{sentence(person.status)}</span></dd></div>}
        <div><dt>Peer group</dt><dd>{summary.peerGroup || <span className="faint">None</span>}</dd></div>
        {person?.country && <div><dt>Country</dt><dd>{person.country}</dd></div>}
        <div><dt>Events</dt><dd className="mono">{formatNumber(summary.events)}</dd></div>
        <div><dt>First seen</dt><dd><Ago at={summary.firstSeen} /></dd></div>
        <div><dt>Last seen</dt><dd><Ago at={summary.lastSeen} /></dd></div>
      </dl>
      <div className="columns wide-left">
        <div className="column parts">
          <Risk risk={detail.risk} />
          <section className="part" aria-labelledby="activity"><h2 id="activity">Activity</h2><HeatMap own={detail.heatMap} peers={detail.peerHeatMap} name={entity.id} />{detail.daily.length > 1 && <DailyBars daily={detail.daily} />}</section>
          {entity.type === 'model' ? <><Drift drift={detail.drift ?? null} unavailable={detail.baselinesUnavailable ?? null} /><Comparisons rows={detail.drift?.comparisons ?? []} /></> : <Baselines rows={detail.baselines} since={detail.baselineSince ?? null} windows={detail.baselineWindows ?? 0} split={detail.baselineSplit ?? null} unavailable={detail.baselinesUnavailable ?? null} entity={entity} />}
        </div>
        <div className="column parts">
          <RecentAlerts entity={entity} />
          <Peers peers={detail.peers} self={entity} group={summary.peerGroup} peering={detail.peering ?? null} />
          <TopValues top={detail.top} />
        </div>
      </div>
      <RecentEvents entity={entity} />
    </>
  );
}

function RecentAlerts({ entity }: { entity: Entity }) {
  const query = useQuery(alertsQuery({ entity: entityKey(entity), limit: RECENT_ALERTS }));
  return (
    <section className="part" aria-labelledby="entity-alerts">
      <div className="part-head"><h2 id="entity-alerts">Alerts</h2><Link to="/alerts" search={{ entity: entityKey(entity), status: 'any' }} className="link">All in the queue</Link></div>
      {query.error && !query.data ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : !query.data ? <Loading label="Loading the alerts" /> : query.data.items.length === 0 ? <EmptyState icon="check" title="No alert so far" /> : <AlertList alerts={query.data.items} label="Alerts of this entity" />}
    </section>
  );
}

/** What was seen of it in both logs as one sequence, newest first. */
function BothLogs({ events }: { events: readonly Event[] }) {
  const { items, isMixed } = oneSequence(events);
  return <div className="events">{[...items].reverse().map(({ event, plane }) => <EventRow key={event.id} event={event} plane={isMixed ? plane : undefined} />)}</div>;
}

function RecentEvents({ entity }: { entity: Entity }) {
  const query = useQuery(entityEventsQuery(entity));
  return (
    <section className="part" aria-labelledby="entity-events">
      <h2 id="entity-events">Recent events</h2>
      {query.error && !query.data ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : !query.data ? <Loading label="Loading the events" /> : query.data.items.length === 0 ? <EmptyState icon="clock" title="No events are kept of it" /> : <BothLogs events={query.data.items} />}
    </section>
  );
}
