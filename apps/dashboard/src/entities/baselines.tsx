import type { Entity } from '@wary/model/entity.js';
import { useState } from 'react';
import type { BaselineRow } from '../api/types.js';
import { formatAmount, formatNumber, formatRange, plural } from '../ui/format.js';
import { Segmented } from '../ui/form.js';
import { EmptyState } from '../ui/states.js';
import { At } from '../ui/time.js';
import { bullet } from './bullet.js';
import { Rebaseline } from './rebaseline.js';

const WINDOWS = [['5m', 'In 5 minutes'], ['1h', 'In an hour'], ['1d', 'In a day']] as const;

export interface BaselineSplit { readonly at: number; readonly cause: 'release' | 'move' | 'rebaseline' }
const SPLIT_WORDS: { readonly [cause in BaselineSplit['cause']]: string } = { release: 'since its release', move: 'since the move to another department', rebaseline: 'begun anew by an operator' };

export function Baselines({ rows, since, windows, split, unavailable, entity }: { rows: readonly BaselineRow[]; since: number | null; windows: number; split: BaselineSplit | null; unavailable: string | null; entity: Entity }) {
  const [window, setWindow] = useState<string>('1h');
  const shown = rows.filter((row) => row.window === window);
  return (
    <section className="part" aria-labelledby="baselines">
      <div className="part-head"><h2 id="baselines">What is usual</h2>{rows.length > 0 && <Segmented label="Window" value={window} options={WINDOWS} onChange={setWindow} />}{rows.length > 0 && <Rebaseline entity={entity} />}</div>
      {since !== null && windows > 0 && <p className="dim">Learned from {plural(windows, 'window')} since <At at={since} />.{split !== null && <> What is usual is learned anew, {SPLIT_WORDS[split.cause]}, from <At at={split.at} /> on.</>}</p>}
      {unavailable !== null ? <EmptyState icon="clock" title="Not available at the moment">What is usual is known to the process that scores this entity: {unavailable}. The rest of this page is complete.</EmptyState> : rows.length === 0 ? <EmptyState icon="clock" title="Nothing is learned yet">The first windows have to close. Until then its peers speak for it.</EmptyState> : (
        <div className="table-box" tabIndex={0} role="region" aria-label="Baselines">
          <table className="table">
            <caption className="visually-hidden">What is usual, by feature</caption>
            <thead><tr><th scope="col">Feature</th><th scope="col">Usual</th><th scope="col" className="bullet-head">Now within it</th><th scope="col" className="right">Now</th><th scope="col" className="right" title="Percent of its peers' windows that lie below what is usual here">Among peers</th><th scope="col" className="right">Windows</th></tr></thead>
            <tbody>
              {shown.map((row) => (
                <tr key={`${row.feature}${row.window}`}>
                  <th scope="row"><span className="capital">{row.label}</span></th>
                  <td className="nowrap">{formatRange(row.low, row.high, row.unit)}</td>
                  <td><Bullet row={row} /></td>
                  <td className={row.current !== null && row.current > row.high ? 'right mono outside' : 'right mono'}>{row.current === null ? '–' : formatAmount(row.current, row.unit)}</td>
                  <td className="right dim mono">{row.percentile == null ? '–' : `${formatNumber(row.percentile)} %`}</td>
                  <td className="right dim mono">{formatNumber(row.windows)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** Band, expected line, present mark; the figures stand beside it. */
function Bullet({ row }: { row: BaselineRow }) {
  const at = bullet(row);
  return (
    <svg className="bullet" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
      <rect x="0" y="5" width="100" height="2" className="bullet-ground" />
      <rect x={at.low} y="2" width={Math.max(1, at.high - at.low)} height="8" className="bullet-band" />
      <rect x={at.expected - 0.5} y="2" width="1" height="8" className="bullet-expected" />
      {at.current !== null && <rect x={Math.min(98, at.current - 1)} y="0" width="2" height="12" className={at.outside ? 'bullet-now outside' : 'bullet-now'} />}
    </svg>
  );
}
