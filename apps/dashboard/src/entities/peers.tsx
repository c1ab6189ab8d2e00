import { entityKey, type Entity } from '@wary/model/entity.js';
import { Link } from '@tanstack/react-router';
import type { EntitySummary } from '../api/types.js';
import { formatNumber } from '../ui/format.js';
import { EmptyState } from '../ui/states.js';
import { Bar } from '../ui/bar.js';
import { RiskTag } from './risk-tag.js';

/** Who it is compared with, busiest first, itself among them. */
export function Peers({ peers, self, group }: { peers: readonly EntitySummary[]; self: Entity; group: string }) {
  const max = Math.max(1, ...peers.map(({ events }) => events));
  return (
    <section className="part" aria-labelledby="peers">
      <div className="part-head"><h2 id="peers">Peers</h2>{group && <span className="dim">{group}</span>}</div>
      {peers.length === 0 ? <EmptyState icon="entities" title="Nobody to compare it with" /> : (
        <div className="table-box" tabIndex={0} role="region" aria-label="Table of peers">
          <table className="table">
            <caption className="visually-hidden">Peers</caption>
            <thead><tr><th scope="col">Entity</th><th scope="col" className="right">Events</th><th scope="col">Risk</th></tr></thead>
            <tbody>
              {[...peers].sort((a, b) => b.events - a.events).map(({ entity, events, risk }) => (
                <tr key={entityKey(entity)} className={entityKey(entity) === entityKey(self) ? 'self' : ''}>
                  <th scope="row"><Link to="/entities/$type/$id" params={entity} className="link mono">{entity.id}</Link>{entityKey(entity) === entityKey(self) && <span className="faint"> this one</span>}<Bar percent={(events / max) * 100} /></th>
                  <td className="right mono">{formatNumber(events)}</td><td><RiskTag risk={risk} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
