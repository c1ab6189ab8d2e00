import type { EntityDetail } from '../api/types.js';
import { Bar } from '../ui/bar.js';
import { formatNumber } from '../ui/format.js';
import { Ago } from '../ui/time.js';

const TITLES: Readonly<Record<string, string>> = { resource: 'Resources', action: 'Actions', country: 'Countries', client_ip: 'Clients', model: 'Models', tool: 'Tools' };

export function TopValues({ top }: { top: EntityDetail['top'] }) {
  const groups = Object.entries(top).filter(([, values]) => values.length > 0);
  if (groups.length === 0) return null;
  return (
    <section className="part" aria-labelledby="top-values">
      <h2 id="top-values">What it uses</h2>
      <div className="tops">
        {groups.map(([column, values]) => {
          const max = Math.max(1, ...values.map(({ events }) => events));
          return (
            <section key={column} className="top" aria-label={TITLES[column] ?? column}>
              <h3>{TITLES[column] ?? column}</h3>
              <ul>
                {values.map(({ value, events, lastSeen }) => <li key={value}><span className="top-line"><span className="mono clip" title={value}>{value || '(none)'}</span><span className="mono">{formatNumber(events)}</span></span><Bar percent={(events / max) * 100} /><span className="visually-hidden">last <Ago at={lastSeen} /></span></li>)}
              </ul>
            </section>
          );
        })}
      </div>
    </section>
  );
}
