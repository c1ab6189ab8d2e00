import { formatNumber } from '../ui/format.js';
import { SeverityIcon, severityWord } from '../ui/severity.js';
import { riskLevel } from './risk-level.js';

/** The figure with its level as shape, word and colour. */
export function RiskTag({ risk }: { risk: number }) {
  const level = riskLevel(risk);
  return <span className={`sev sev-${level} risk`}><SeverityIcon severity={level} /><b className="mono">{formatNumber(Math.round(risk))}</b><span className="risk-word">{risk < 10 ? 'Calm' : severityWord(level)}</span></span>;
}
