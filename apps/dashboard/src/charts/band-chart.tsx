import type { HistoryPoint } from '@wary/model/finding.js';
import { useMemo } from 'react';
import type uPlot from 'uplot';
import { useTimeZone } from '../app/preferences.js';
import { formatAmount, formatNumber, formatBytes, formatTime } from '../ui/format.js';
import { bandSentence, compressedSplits, isCompressed } from './band-scale.js';
import { axes, Plot, type PlotOptions } from './plot.js';
import { ChartTable } from './chart-table.js';
import { windowTicks } from './time-ticks.js';

/**
 * Observed against expected, with the band as it stood at each window; points outside of it are marked. Windows stand side by side:
 * a quiet night between two of them is no slope.
 */
export default function BandChart({ history, unit }: { history: readonly HistoryPoint[]; unit: string }) {
  const zone = useTimeZone();
  const compressed = isCompressed(history);
  const amount = (value: number) => formatAmount(value, unit);
  const data = useMemo<uPlot.AlignedData>(() => [
    history.map((_point, index) => index),
    history.map(({ high }) => high), history.map(({ low }) => low), history.map(({ expected }) => expected), history.map(({ value }) => value),
    history.map(({ value, low, high }) => (value > high || value < low ? value : null)),
  ], [history]);
  const starts = useMemo(() => history.map(({ start }) => start), [history]);
  const options = useMemo<PlotOptions>(() => (ink) => ({
    legend: { show: false }, cursor: { drag: { x: false, y: false }, points: { size: 8 } },
    scales: { x: { time: false, range: [-0.3, starts.length - 0.7] }, y: { ...(compressed ? { distr: 4 } : {}), range: (_plot, _low, high) => [0, high * 1.12 || 1] } },
    axes: axes(ink, unit === 'bytes' ? formatBytes : formatNumber, (splits) => windowTicks(splits, starts, zone)).map((axis, index) => (compressed && index === 1 ? { ...axis, splits: (_plot, _axis, _low, high) => compressedSplits(high), filter: (_plot, splits) => splits } : axis)), padding: [8, 12, 0, 0],
    series: [
      {},
      { stroke: ink.accent, width: 0.5, points: { show: false } },
      { stroke: ink.accent, width: 0.5, points: { show: false } },
      { stroke: ink.accent, width: 1.5, dash: [5, 4], points: { show: false } },
      { stroke: ink.text, width: 1.75, points: { show: starts.length < 40, size: 5, fill: ink.surface, stroke: ink.text } },
      { stroke: ink.hot, width: 0, points: { show: true, size: 11, fill: ink.hot, stroke: ink.surface, width: 2 } },
    ],
    bands: [{ series: [1, 2], fill: ink.band }],
  }), [zone, compressed, unit, starts]);

  return (
    <figure className="chart-box">
      <figcaption className="chart-head">
        <span>Observed against usual{compressed && <span className="faint"> · compressed axis</span>}</span>
        <span className="legend"><span className="key key-observed">Observed</span><span className="key key-expected">Expected</span><span className="key key-band">Usual band</span><span className="key key-outside">Outside</span></span>
      </figcaption>
      <Plot options={options} data={data} height={200} label={bandSentence(history, amount)} />
      <ChartTable
        caption="Observed against usual" head={['Window', 'Observed', 'Expected', 'Usual from', 'to']}
        rows={history.map((point) => [formatTime(point.start, zone), amount(point.value), amount(point.expected), amount(point.low), amount(point.high)])}
      />
    </figure>
  );
}
