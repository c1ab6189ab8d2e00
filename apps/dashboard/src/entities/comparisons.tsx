import type { ComparisonRow } from '../api/types.js';
import { plural, sentence } from '../ui/format.js';
import { Ago } from '../ui/time.js';
import { byDifference, differenceWords, driftValue } from './drift-rows.js';

const ZONE_CLASS: Readonly<Record<ComparisonRow['zone'], string>> = { apart: 'tag bad', evident: 'tag accent', even: 'tag', learning: 'tag faint' };
const percent = (share: number | null): string => driftValue(share === null ? null : 100 * share, '%');

/** Groups of people, and versions, of a model: each against the others in the same hours, by how much they differ and how sure that is. */
export function Comparisons({ rows }: { rows: readonly ComparisonRow[] }) {
  if (rows.length === 0) return null;
  return (
    <section className="part" aria-labelledby="comparisons">
      <div className="part-head"><h2 id="comparisons">Groups and versions</h2></div>
      <p className="dim">Each is held against the others in the same hours. Without a difference, evidence of 3 decades ever comes with a chance of at most one in 1,000, however often one looks. A release begins the groups anew.</p>
      <div className="table-box" tabIndex={0} role="region" aria-label="Groups and versions compared">
        <table className="table">
          <caption className="visually-hidden">Groups and versions compared</caption>
          <thead><tr><th scope="col">Compared</th><th scope="col">Share of</th><th scope="col">State</th><th scope="col">Since</th><th scope="col" className="right">Its share</th><th scope="col" className="right">The others'</th><th scope="col" className="right">Difference (95 %)</th><th scope="col" className="right">Effect</th><th scope="col" className="right">Evidence</th></tr></thead>
          <tbody>
            {byDifference(rows).map((row) => (
              <tr key={`${row.use} ${row.attribute} ${row.value} ${row.against} ${row.measure}`}>
                <th scope="row">{row.attribute === '' ? <>Version <span className="mono">{row.value}</span> and <span className="mono">{row.against}</span></> : <><span className="capital">{row.attribute}</span> <span className="mono">{row.value}</span> and the rest</>}{row.use !== '' && <span className="dim mono"> {row.use}</span>}</th>
                <td>{row.label}</td>
                <td><span className={ZONE_CLASS[row.zone]}>{sentence(row.zone)}</span></td>
                <td className="nowrap dim"><Ago at={row.since} /></td>
                <td className="right mono nowrap" title={plural(row.events, 'event')}>{percent(row.share)}</td>
                <td className="right mono nowrap" title={plural(row.otherEvents, 'event')}>{percent(row.otherShare)}</td>
                <td className={row.zone === 'apart' ? 'right mono nowrap outside' : 'right mono nowrap'}>{differenceWords(row)}</td>
                <td className="right mono">{row.effect.toFixed(2)}</td>
                <td className="right mono">{row.evidence.toFixed(1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
