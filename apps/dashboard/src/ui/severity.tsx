import type { Severity } from '@wary/model/finding.js';

const WORDS: Record<Severity, string> = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low', informational: 'Info' };

/** A shape of its own for each step, so that colour is never the only sign. */
function Shape({ severity }: { severity: Severity }) {
  switch (severity) {
    case 'critical':
      return <><path d="M5.2 1.500h5.600l3.7 3.700v5.600l-3.7 3.700H5.200l-3.7-3.700V5.200z" fill="currentColor" /><path d="M8 4.600v4.200M8 11.200v.2" stroke="var(--surface)" strokeWidth="1.8" strokeLinecap="round" /></>;
    case 'high':
      return <path d="M8 2 14.8 13.800H1.200z" fill="currentColor" strokeLinejoin="round" />;
    case 'medium':
      return <path d="M8 1.7 14.3 8 8 14.3 1.7 8z" fill="currentColor" />;
    case 'low':
      return <circle cx="8" cy="8" r="4.5" fill="currentColor" />;
    case 'informational':
      return <circle cx="8" cy="8" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.8" />;
  }
}

export function SeverityIcon({ severity, size = 14 }: { severity: Severity; size?: number }) {
  return <svg className={`sev-${severity} icon`} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true"><Shape severity={severity} /></svg>;
}

export function SeverityTag({ severity }: { severity: Severity }) {
  return <span className={`sev sev-${severity}`}><SeverityIcon severity={severity} />{WORDS[severity]}</span>;
}
export const severityWord = (severity: Severity): string => WORDS[severity];
