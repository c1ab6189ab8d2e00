import { useMemo } from 'react';
import uPlot from 'uplot';
import type { RiskEntry, RiskPoint } from '../api/types.js';
import { useTimeZone } from '../app/preferences.js';
import { formatNumber, formatTime } from '../ui/format.js';
import { ChartTable } from './chart-table.js';
import { axes, Plot, type PlotOptions } from './plot.js';
import { timeTicks } from './time-ticks.js';
import { markRisk } from './risk-marks.js';

/** Risk over time, with a mark where an alert added to it. */
export default function RiskChart({ series, entries }: { series: readonly RiskPoint[]; entries: readonly RiskEntry[] }) {
  const zone = useTimeZone();
  const data = useMemo<uPlot.AlignedData>(() => {
    const marked = markRisk(series, entries);
    return [marked.map(({ at }) => at / 1000), marked.map(({ risk }) => risk), marked.map(({ risk, alert }) => (alert ? risk : null))];
  }, [series, entries]);
  const options = useMemo<PlotOptions>(() => (ink) => ({
    legend: { show: false }, cursor: { drag: { x: false, y: false }, points: { size: 8 } },
    tzDate: (seconds) => (zone === 'utc' ? uPlot.tzDate(new Date(seconds * 1000), 'UTC') : new Date(seconds * 1000)),
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(10, high * 1.15)] } },
    axes: axes(ink, formatNumber, (splits, step) => timeTicks(splits, step, zone)), padding: [8, 12, 0, 0],
    series: [{}, { stroke: ink.accent, width: 1.75, fill: ink.band, points: { show: false } }, { stroke: ink.hot, width: 0, points: { show: true, size: 9, fill: ink.hot, stroke: ink.surface, width: 2 } }],
  }), [zone]);
  const last = series.at(-1);
  return (
    <figure className="chart-box">
      <figcaption className="chart-head"><span>Risk over time</span><span className="legend"><span className="key key-risk">Risk</span><span className="key key-outside">Alert</span></span></figcaption>
      <Plot options={options} data={data} height={180} label={`Risk over time: ${last ? formatNumber(last.risk) : '0'} now, ${entries.length} alerts added to it. The figures are in the table below.`} />
      <ChartTable caption="Risk over time" head={['Time', 'Risk']} rows={series.map(({ at, risk }) => [formatTime(at, zone), formatNumber(risk)])} />
    </figure>
  );
}
