import { Link } from '@tanstack/react-router';
import { Suspense } from 'react';
import { lazyPart } from '../app/lazy-part.js';
import type { EntityDetail } from '../api/types.js';
import { formatNumber } from '../ui/format.js';
import { SeverityTag } from '../ui/severity.js';
import { EmptyState, Loading } from '../ui/states.js';
import { Ago } from '../ui/time.js';

const RiskChart = lazyPart(async () => (await import('../charts/risk-chart.js')).default);

/** The line, and the sum behind its last point, so that nobody has to believe the number. */
export function Risk({ risk }: { risk: EntityDetail['risk'] }) {
  return (
    <section className="part" aria-labelledby="risk">
      <h2 id="risk">Risk</h2>
      {risk.series.length > 1 && <Suspense fallback={<div className="chart-box"><Loading label="Loading the chart" /></div>}><RiskChart series={risk.series} entries={risk.entries} /></Suspense>}
      {risk.entries.length === 0 ? <EmptyState icon="check" title="Nothing adds to its risk" /> : (
        <div className="table-box" tabIndex={0} role="region" aria-label="How the risk adds up">
          <table className="table">
            <caption>How it adds up: each alert’s points halve every {formatNumber(risk.halfLifeDays)} days</caption>
            <thead><tr><th scope="col">Alert</th><th scope="col">Severity</th><th scope="col" className="right">When</th><th scope="col" className="right">Points</th><th scope="col" className="right">Left now</th></tr></thead>
            <tbody>
              {risk.entries.map((entry) => (
                <tr key={entry.alertId}><th scope="row"><Link to="/alerts/$id" params={{ id: entry.alertId }} className="link">{entry.title}</Link></th><td><SeverityTag severity={entry.severity} /></td><td className="right dim"><Ago at={entry.at} /></td><td className="right mono">{formatNumber(entry.points)}</td><td className="right mono">{entry.remaining.toFixed(1)}</td></tr>
              ))}
            </tbody>
            <tfoot><tr><th scope="row" colSpan={4}>Risk now</th><td className="right mono">{risk.now.toFixed(1)}</td></tr></tfoot>
          </table>
        </div>
      )}
    </section>
  );
}
