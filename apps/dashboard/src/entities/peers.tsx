import { entityKey, type Entity } from '@wary/model/entity.js';
import { Link } from '@tanstack/react-router';
import type { EntitySummary, Peering, PeerReason } from '../api/types.js';
import { formatNumber, formatShare, plural } from '../ui/format.js';
import { EmptyState } from '../ui/states.js';
import { Bar } from '../ui/bar.js';
import { At } from '../ui/time.js';
import { RiskTag } from './risk-tag.js';

/** Who it is compared with, busiest first, itself among them. */
export function Peers({ peers, self, group, peering }: { peers: readonly EntitySummary[]; self: Entity; group: string; peering: Peering | null }) {
  const max = Math.max(1, ...peers.map(({ events }) => events));
  return (
    <section className="part" aria-labelledby="peers">
      <div className="part-head"><h2 id="peers">Peers</h2>{peering?.source === 'behaviour' ? <span className="dim">by behaviour</span> : group && <span className="dim">{group}</span>}</div>
      {peering !== null && <Why peering={peering} />}
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

/** Whom it is held against, and why these. */
function Why({ peering: { source, members, drawn, since, reasons, amounts } }: { peering: Peering }) {
  if (source === 'declared') return <p className="dim">Its declared group, {plural(members, 'member')} of which something is known.</p>;
  if (source === 'kind') return <p className="dim">Neither declared nor found by behaviour: it is held against everything of its kind.</p>;
  return (
    <>
      <p className="dim">These behave alike: {plural(members, 'member')} of {formatNumber(drawn ?? 0)} that were looked at{since !== null && <>, found on <At at={since} /></>}.</p>
      {reasons.length + amounts.length > 0 && (
        <div className="table-box" tabIndex={0} role="region" aria-label="Table of what they have in common">
          <table className="table">
            <caption className="visually-hidden">What they have in common</caption>
            <thead><tr><th scope="col">In common</th><th scope="col" className="right">This one</th><th scope="col" className="right">Group</th><th scope="col" className="right">All of its kind</th></tr></thead>
            <tbody>
              {reasons.map((reason) => <Reason key={reason.label} reason={reason} words={(share) => `${formatShare(share)} of days`} />)}
              {amounts.map((amount) => <Reason key={amount.label} reason={amount} words={formatNumber} />)}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

const Reason = ({ reason: { label, own, group, kind }, words }: { reason: PeerReason; words: (value: number) => string }) => (
  <tr><th scope="row" className="break">{label}</th><td className="right mono nowrap">{words(own)}</td><td className="right mono nowrap">{words(group)}</td><td className="right mono nowrap">{words(kind)}</td></tr>
);
