import { useQuery } from '@tanstack/react-query';
import { catalogueQuery, type CapabilityView } from '../api/rules.js';
import { formatDuration, formatShare, plural } from '../ui/format.js';
import { Failure, Loading } from '../ui/states.js';

/** The insider and API catalogue: what runs of each capability, and how often it caught its scenario and left its twin alone when last measured. */
export function CatalogueMatrix() {
  const query = useQuery(catalogueQuery);
  if (!query.data) return query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Loading label="Loading the catalogue" />;
  const { items, measured } = query.data;
  return (
    <section className="part coverage" aria-labelledby="catalogue">
      <h2 id="catalogue">Insider and API catalogue</h2>
      <p className="dim">{measured === null ? 'Not measured yet.' : `Caught and left alone over simulated companies (seeds ${measured.seeds}, ${measured.on}), with every part running. What your sources do not send, nothing finds.`}</p>
      <table className="list compact" aria-label="Insider and API catalogue">
        <thead><tr><th scope="col">Concern</th><th scope="col">Parts running</th><th scope="col" className="right">Caught</th><th scope="col" className="right">After</th><th scope="col" className="right">Twin left alone</th></tr></thead>
        <tbody>{items.map((item) => <Row key={item.id} item={item} />)}</tbody>
      </table>
    </section>
  );
}

function Row({ item: { id, name, about, parts, running, measured, runbook, techniques, duties } }: { item: CapabilityView }) {
  return (
    <tr>
      <td className="list-main">
        <details>
          <summary><span className="mono">{id}</span> {name}</summary>
          <p>{about}</p>
          <p className="dim">First: {runbook}</p>
          <p className="dim">{parts.map(({ id: part, name: what, running: runs }) => <span key={part} className={runs ? 'tag good' : 'tag'}>{what}{!runs && ' (off)'}</span>)}</p>
          <p className="faint">{techniques.map(({ id: technique }) => technique).join(', ')} · {duties.join(', ')}</p>
        </details>
      </td>
      <td data-label="Parts running"><span className={running === 0 ? 'tag bad' : running < parts.length ? 'tag' : 'tag good'}>{running === 0 ? 'none' : `${running} of ${plural(parts.length, 'part')}`}</span></td>
      <td data-label="Caught" className="right mono">{measured === null ? '–' : formatShare(measured.caught / measured.played)}</td>
      <td data-label="After" className="right dim">{measured === null || measured.delayMs === null ? '–' : formatDuration(measured.delayMs)}</td>
      <td data-label="Twin left alone" className="right mono">{measured === null ? '–' : formatShare(measured.quiet / measured.twins)}</td>
    </tr>
  );
}
