import type { Alert } from '@wary/model/alert.js';
import { formatAmount, formatDuration, formatRange, sentence } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { At } from '../ui/time.js';

const CALIBRATION: Record<Alert['explanation']['calibration'], string> = {
  deterministic: 'Direct evidence: needs no baseline',
  model: 'By the model of this entity',
  rank: 'By rank among recent windows',
  fitted_tail: 'By a tail fitted beyond the recent ranks',
};

/** The sentence, then observed beside expected, then how unlikely that is. */
export function WhatHappened({ alert }: { alert: Alert }) {
  const { summary, observed, expected, unit, unlikely, calibration } = alert.explanation;
  return (
    <section className="part" aria-labelledby="what-happened">
      <h2 id="what-happened">What happened</h2>
      <p className="lead">{summary}</p>
      {(observed !== null || unlikely) && (
        <dl className="measures">
          {observed !== null && <div className="measure hot"><dt>Observed</dt><dd>{formatAmount(observed, unit)}</dd></div>}
          {expected && <div className="measure"><dt>Usual</dt><dd>{formatRange(expected.low, expected.high, unit)}</dd><dd className="measure-note">expected {formatAmount(expected.value, unit)}</dd></div>}
          {unlikely && <div className="measure wide"><dt>How unlikely</dt><dd className="measure-text">{sentence(unlikely)}</dd><dd className="measure-note">{CALIBRATION[calibration]} · strength {alert.strength.toFixed(1)}</dd></div>}
        </dl>
      )}
      {!unlikely && <p className="note"><Icon name="check" />{CALIBRATION[calibration]}. Strength {alert.strength.toFixed(1)}.</p>}
      {(alert.explanation.matched?.length ?? 0) > 0 && (
        <div className="table-box" tabIndex={0} role="region" aria-label="What the rule matched">
          <table className="table"><thead><tr>{alert.explanation.matched!.some(({ selection }) => selection) && <th scope="col">Part of the rule</th>}<th scope="col">Field</th><th scope="col">Value</th><th scope="col">Pattern</th></tr></thead>
            <tbody>{alert.explanation.matched!.map((match, index) => <tr key={index}>{alert.explanation.matched!.some(({ selection }) => selection) && <td className="mono">{match.selection ?? ''}</td>}<td className="mono">{match.field}</td><td className="mono break">{match.value}</td><td className="mono break">{match.pattern}</td></tr>)}</tbody>
          </table>
        </div>
      )}
      <p className="facts-line dim">
        <span>First seen <At at={alert.firstSeen} /></span><span>Last seen <At at={alert.lastSeen} /></span>
        {alert.lastSeen > alert.firstSeen && <span>over {formatDuration(alert.lastSeen - alert.firstSeen)}</span>}
        {alert.findingCount > 1 && <span>{alert.findingCount} findings</span>}
      </p>
    </section>
  );
}
