import type { DailyPoint } from '../api/types.js';
import { ChartTable } from '../charts/chart-table.js';
import { formatBytes, formatNumber, plural } from '../ui/format.js';

const HEIGHT = 48;

/** Events a day, small; the figures with bytes and failures are in the table. */
export function DailyBars({ daily }: { daily: readonly DailyPoint[] }) {
  const max = Math.max(1, ...daily.map(({ events }) => events));
  const width = 100 / daily.length;
  const total = daily.reduce((sum, { events }) => sum + events, 0);
  return (
    <figure className="chart-box">
      <figcaption className="chart-head"><span>Events a day</span><span className="dim">{plural(total, 'event')} in {plural(daily.length, 'day')}</span></figcaption>
      <svg className="daily" viewBox={`0 0 100 ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`Events a day over ${daily.length} days, at most ${formatNumber(max)}. The figures are in the table below.`}>
        {daily.map(({ day, events }, index) => {
          const height = Math.max(events > 0 ? 1.5 : 0, (events / max) * HEIGHT);
          return <rect key={day} x={index * width + width * 0.1} y={HEIGHT - height} width={width * 0.8} height={height} className="daily-bar"><title>{`${day}: ${formatNumber(events)}`}</title></rect>;
        })}
      </svg>
      <p className="chart-ends faint"><span>{daily[0]?.day}</span><span>{daily.at(-1)?.day}</span></p>
      <ChartTable caption="Events a day" head={['Day', 'Events', 'Failures', 'Bytes']} rows={daily.map(({ day, events, failures, bytes }) => [day, formatNumber(events), formatNumber(failures), formatBytes(bytes)])} />
    </figure>
  );
}
