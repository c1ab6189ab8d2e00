import type { DriftRow, ModelDrift } from '../api/types.js';
import { formatNumber, plural, sentence } from '../ui/format.js';
import { EmptyState } from '../ui/states.js';
import { Ago, At } from '../ui/time.js';
import { byUrgency, driftValue } from './drift-rows.js';

const ZONE_CLASS: Readonly<Record<DriftRow['zone'], string>> = { alarm: 'tag bad', warning: 'tag accent', stable: 'tag', learning: 'tag faint' };

/** Each stream of a model: where it stands, by how much it has moved, and how sure that is. */
export function Drift({ drift, unavailable }: { drift: ModelDrift | null; unavailable: string | null }) {
  return (
    <section className="part" aria-labelledby="drift">
      <div className="part-head"><h2 id="drift">Drift</h2></div>
      {unavailable !== null ? <EmptyState icon="clock" title="Not available at the moment">Drift is known to the processes that score: {unavailable}. The rest of this page is complete.</EmptyState> : drift === null || drift.streams.length === 0 ? <EmptyState icon="clock" title="Nothing is learned yet">Inference events of this model have to come for a week first.</EmptyState> : (
        <>
          <p className="dim">An alarm takes an effect, and evidence of {drift.alarmDecades.toFixed(1)} decades.{drift.releasedAt !== null && <> Latest release{drift.released !== '' && <> <span className="mono">{drift.released}</span></>} <At at={drift.releasedAt} />: for a week after it a change is a warning.</>}</p>
          <div className="table-box" tabIndex={0} role="region" aria-label="Drift by stream">
            <table className="table">
              <caption className="visually-hidden">Drift by stream</caption>
              <thead><tr><th scope="col">Stream</th><th scope="col">Zone</th><th scope="col">Since</th><th scope="col" className="right">Usual</th><th scope="col" className="right">Now</th><th scope="col" className="right">Effect</th><th scope="col" className="right">Evidence</th></tr></thead>
              <tbody>
                {byUrgency(drift.streams).map((row) => (
                  <tr key={`${row.use} ${row.stream}`}>
                    <th scope="row"><span className="capital">{row.label}</span>{row.use !== '' && <span className="dim mono"> {row.use}</span>}</th>
                    <td><span className={ZONE_CLASS[row.zone]}>{sentence(row.zone)}</span></td>
                    <td className="nowrap dim">{row.since === null ? '–' : <Ago at={row.since} />}</td>
                    <td className="right mono nowrap">{driftValue(row.usual, row.unit)}</td>
                    <td className={row.zone === 'alarm' ? 'right mono nowrap outside' : 'right mono nowrap'}>{driftValue(row.now, row.unit)}</td>
                    <td className="right mono">{row.now === null ? '–' : row.effect.toFixed(2)}</td>
                    <td className="right mono" title={row.events > 0 ? `${plural(row.events, 'event')} since` : `${formatNumber(row.hours)} hours learned`}>{row.evidence.toFixed(1)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}
