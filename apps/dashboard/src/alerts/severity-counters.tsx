import type { Severity } from '@wary/model/finding.js';
import { useQuery } from '@tanstack/react-query';
import { alertCountsQuery } from '../api/queries.js';
import { formatNumber } from '../ui/format.js';
import { SeverityIcon, severityWord } from '../ui/severity.js';
import { SEVERITY_ORDER, toQuery, type AlertFilters } from './alert-filters.js';

/** The counts under every filter but the severities. Minutes, not milliseconds, in the key: a relative range must not make a new query at each rendering. */
function useCounts(filters: AlertFilters) {
  const minute = Math.floor(Date.now() / 60_000) * 60_000;
  const { severity: _severity, sort: _sort, ...query } = toQuery(filters, minute);
  return useQuery({ ...alertCountsQuery(query), placeholderData: (previous) => previous });
}

/** How many alerts match all filters, loaded or not. */
export function useMatching(filters: AlertFilters): number {
  const counts = useCounts(filters).data;
  if (!counts) return 0;
  return filters.severity.length === 0 ? counts.total : filters.severity.reduce((sum, severity) => sum + counts.bySeverity[severity], 0);
}

/** How many there are of each severity under the other filters; a press filters by it. */
export function SeverityCounters({ selected, filters, onChange }: { selected: readonly Severity[]; filters: AlertFilters; onChange: (next: Severity[]) => void }) {
  const counts = useCounts(filters);
  return (
    <div className="counters" role="group" aria-label="Severity">
      {SEVERITY_ORDER.map((severity) => {
        const count = counts.data?.bySeverity[severity] ?? 0;
        const on = selected.includes(severity);
        return (
          <button
            key={severity} type="button" className={`counter${on ? ' on' : ''}${count === 0 ? ' none' : ''}`} aria-pressed={on} aria-label={`${severityWord(severity)}: ${counts.data ? count : 'unknown'}`}
            onClick={() => onChange(on ? selected.filter((item) => item !== severity) : SEVERITY_ORDER.filter((item) => item === severity || selected.includes(item)))}
          >
            <SeverityIcon severity={severity} /><span className="counter-word">{severityWord(severity)}</span><span className="counter-value">{counts.data ? formatNumber(count) : '–'}</span>
          </button>
        );
      })}
    </div>
  );
}
