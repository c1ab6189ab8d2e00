import type { Alert } from '@wary/model/alert.js';
import { Suspense } from 'react';
import { lazyPart } from '../app/lazy-part.js';
import { formatAmount, formatNumber, plural } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { Loading } from '../ui/states.js';
import { At } from '../ui/time.js';
import { Contributions } from './contributions.js';

const BandChart = lazyPart(async () => (await import('../charts/band-chart.js')).default);

export function Why({ alert }: { alert: Alert }) {
  const { history, contributions, counterfactual, peers, baseline, unit, matched } = alert.explanation;
  // Of a rule, what it matched is all there is to say, and stands above.
  const isRule = matched?.some(({ selection }) => selection !== undefined) ?? false;
  return (
    <section className="part" aria-labelledby="why">
      <h2 id="why">Why</h2>
      {history.length > 1 && <Suspense fallback={<div className="chart-box"><Loading label="Loading the chart" /></div>}><BandChart history={history} unit={unit} /></Suspense>}
      {!isRule && contributions.length > 0 && <Contributions contributions={contributions} strength={alert.strength} />}
      {counterfactual && <p className="callout"><Icon name="mute" /><span><b>What would have kept it quiet</b>{counterfactual.text}</span></p>}
      {peers && <Peers peers={peers} unit={unit} />}
      {baseline && <p className="dim small-text">Baseline <span className="mono">{baseline.id}</span>, learned from {plural(baseline.windows, 'window')} since <At at={baseline.since} />.</p>}
    </section>
  );
}

function Peers({ peers, unit }: { peers: NonNullable<Alert['explanation']['peers']>; unit: string }) {
  if (peers.verdict === 'no_peers') return <p className="callout"><Icon name="entities" /><span><b>No peers to compare with</b>Only its own history could judge it.</span></p>;
  return (
    <p className="callout"><Icon name="entities" />
      <span><b>{peers.verdict === 'unusual_for_both' ? 'Unusual for it and for its peers' : 'Unusual for it, normal for its peers'}</b>
        {plural(peers.count, 'peer')} in {peers.group}: usual {formatAmount(peers.expected, unit)}, at most {formatNumber(peers.max)}.
      </span>
    </p>
  );
}
