import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTheme } from '../app/preferences.js';

/** Colours by meaning, read from the theme that is shown. */
export interface Ink { readonly text: string; readonly line: string; readonly dim: string; readonly accent: string; readonly band: string; readonly hot: string; readonly surface: string; readonly font: string }

function readInk(element: Element): Ink {
  const style = getComputedStyle(element);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return { text: value('--text'), line: value('--line'), dim: value('--faint'), accent: value('--accent'), band: value('--band'), hot: value('--critical'), surface: value('--surface'), font: `11px ${value('--font')}` };
}

export type PlotOptions = (ink: Ink) => Omit<uPlot.Options, 'width' | 'height'>;

/** One uPlot drawing that follows its box and the theme. `label` is what it shows, in words; a table stands beside it for the figures. */
export function Plot({ options, data, height, label }: { options: PlotOptions; data: uPlot.AlignedData; height: number; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  useEffect(() => {
    const element = box.current!;
    const plot = new uPlot({ ...options(readInk(element)), width: element.clientWidth, height }, data, element);
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [options, data, height, theme]);
  return <div ref={box} className="plot" role="img" aria-label={label} />;
}

/** Axes as every chart has them. */
export function axes(ink: Ink, formatValue: (value: number) => string, labels: (splits: number[], step: number) => string[]): uPlot.Axis[] {
  const common = { stroke: ink.dim, font: ink.font, ticks: { show: false } };
  return [
    { ...common, grid: { show: false }, space: 64, values: (_plot, splits, _axis, _space, step) => labels(splits, step) },
    { ...common, grid: { stroke: ink.line, width: 1 }, size: 56, space: 36, values: (_plot, splits) => splits.map((value) => (value === null ? '' : formatValue(value))) },
  ];
}
