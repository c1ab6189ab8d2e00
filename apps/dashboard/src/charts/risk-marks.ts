import type { RiskEntry, RiskPoint } from '../api/types.js';

export interface MarkedPoint { readonly at: number; readonly risk: number; readonly alert: boolean }

/** The line with the moments of its alerts among its points; an alert between two points stands at the later one's height. */
export function markRisk(series: readonly RiskPoint[], entries: readonly Pick<RiskEntry, 'at'>[]): MarkedPoint[] {
  const points: MarkedPoint[] = series.map(({ at, risk }) => ({ at, risk, alert: false }));
  const times = [...new Set(entries.map(({ at }) => at))].sort((a, b) => a - b);
  const first = series[0]?.at;
  if (first === undefined) return [];
  for (const at of times) {
    if (at < first) continue;
    const index = points.findIndex((point) => point.at >= at);
    const near = index < 0 ? points.at(-1)! : points[index]!;
    if (near.at === at) points[index] = { ...near, alert: true };
    else points.splice(index < 0 ? points.length : index, 0, { at, risk: near.risk, alert: true });
  }
  return points;
}
