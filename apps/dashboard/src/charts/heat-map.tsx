import { useMemo, useState } from 'react';
import type { HourlyCell } from '../api/types.js';
import { useTimeZone } from '../app/preferences.js';
import { formatNumber } from '../ui/format.js';
import { Segmented } from '../ui/form.js';
import { ChartTable } from './chart-table.js';
import { heatGrid, heatStep, shares, shiftHours, WEEKDAYS } from './heat.js';

type View = 'own' | 'peers';
const CELL = 10;
const GAP = 1;
const hourText = (hour: number) => `${String(hour).padStart(2, '0')}:00`;

/** Hours of the week, own or the peers'. Colour is one of six steps; the figures stand in the read-out and in the table. */
export function HeatMap({ own, peers, name }: { own: readonly HourlyCell[]; peers: readonly HourlyCell[]; name: string }) {
  const zone = useTimeZone();
  const [view, setView] = useState<View>('own');
  const [at, setAt] = useState<readonly [number, number] | null>(null);
  const offset = zone === 'utc' ? 0 : -new Date().getTimezoneOffset() / 60;
  const grids = useMemo(() => ({ own: shiftHours(heatGrid(own), offset), peers: shiftHours(heatGrid(peers), offset) }), [own, peers, offset]);
  const parts = useMemo(() => ({ own: shares(grids.own), peers: shares(grids.peers) }), [grids]);
  const grid = grids[view];
  const max = Math.max(0, ...grid.flat());
  const said = at ? `${WEEKDAYS[at[0]]} ${hourText(at[1])}: ${formatNumber(grids.own[at[0]]![at[1]]!)} own events (${parts.own[at[0]]![at[1]]!.toFixed(1)} %), peers ${parts.peers[at[0]]![at[1]]!.toFixed(1)} %` : `Darkest is none, brightest ${formatNumber(max)} events an hour, over four weeks, in ${zone === 'utc' ? 'UTC' : 'your time'}.`;
  const busiest = grid.flatMap((row, weekday) => row.map((events, hour) => ({ weekday, hour, events }))).sort((a, b) => b.events - a.events)[0];
  return (
    <figure className="chart-box heat">
      <figcaption className="chart-head"><span>Hours of the week</span><Segmented label="Whose hours" value={view} options={[['own', 'Own'], ['peers', 'Peers']]} onChange={setView} /></figcaption>
      <svg
        className="heat-svg" viewBox={`0 0 ${24 * CELL + 26} ${7 * CELL + 12}`} role="img"
        aria-label={`Hours of the week of ${view === 'own' ? name : 'its peers'}: ${max === 0 ? 'no events' : `busiest ${WEEKDAYS[busiest!.weekday]} ${hourText(busiest!.hour)}`}. The figures are in the table below.`}
        onPointerLeave={() => setAt(null)}
      >
        {WEEKDAYS.map((day, weekday) => <text key={day} x="0" y={weekday * CELL + 7.5} className="heat-label">{day}</text>)}
        {[0, 6, 12, 18].map((hour) => <text key={hour} x={26 + hour * CELL} y={7 * CELL + 9} className="heat-label">{hourText(hour)}</text>)}
        {grid.map((row, weekday) => row.map((events, hour) => (
          <rect
            key={`${weekday}-${hour}`} x={26 + hour * CELL} y={weekday * CELL} width={CELL - GAP} height={CELL - GAP} rx="1.5"
            className={`heat-${heatStep(events, max)}${at && at[0] === weekday && at[1] === hour ? ' at' : ''}`} onPointerEnter={() => setAt([weekday, hour])}
          />
        )))}
      </svg>
      <p className="chart-said dim">{said}</p>
      <ChartTable
        caption={`Events by hour of the week, ${view === 'own' ? 'own' : 'peers'}`} head={['Hour', ...WEEKDAYS]}
        rows={Array.from({ length: 24 }, (_, hour) => [hourText(hour), ...WEEKDAYS.map((_day, weekday) => formatNumber(grid[weekday]![hour]!))])}
      />
    </figure>
  );
}
