import type { Contribution } from '@wary/model/finding.js';
import { Bar } from '../ui/bar.js';
import { formatNumber } from '../ui/format.js';
import { wholePercents } from './shares.js';

/** Each feature's part of the strength. The parts are rounded so that they add up to the whole. */
export function Contributions({ contributions, strength }: { contributions: readonly Contribution[]; strength: number }) {
  const percents = wholePercents(contributions.map(({ share }) => share));
  const observed = (value: number | string) => (typeof value === 'number' ? formatNumber(value) : value);
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label="Contributions">
      <table className="table contributions">
        <caption>What made it stand out</caption>
        <thead><tr><th scope="col">Feature</th><th scope="col" className="right">Observed</th><th scope="col" className="not-narrow">Usual</th><th scope="col" className="right">Share</th></tr></thead>
        <tbody>
          {contributions.map((contribution, index) => (
            <tr key={`${contribution.feature} ${index}`}>
              <th scope="row">{contribution.label}<span className="only-narrow">usual {contribution.expected}</span><Bar percent={percents[index]!} /></th>
              <td className="right mono break">{observed(contribution.observed)}</td>
              <td className="dim not-narrow">{contribution.expected}</td>
              <td className="right mono">{percents[index]} %</td>
            </tr>
          ))}
        </tbody>
        <tfoot><tr><th scope="row">Together</th><td className="right dim">strength {strength.toFixed(1)}</td><td className="not-narrow" /><td className="right mono">{percents.reduce((sum, value) => sum + value, 0)} %</td></tr></tfoot>
      </table>
    </div>
  );
}
