import type { Alert } from '@wary/model/alert.js';
import { Link } from '@tanstack/react-router';
import { formatAgo, sentence } from '../ui/format.js';
import { SeverityTag } from '../ui/severity.js';
import { useNow } from '../ui/time.js';
import { StatusTag } from './status-tag.js';

/** Detectors that are rules have this before the rule's id. */
const RULE = 'rule:';
const CRITICALITY = ['', 'low', 'medium', 'high', 'critical'] as const;

/** Who, what state, whose turn: the line under the title. */
export function AlertFacts({ alert }: { alert: Alert }) {
  const now = useNow();
  return (
    <dl className="facts head-facts">
      <div><dt>Severity</dt><dd><SeverityTag severity={alert.severity} /></dd></div>
      <div><dt>Status</dt><dd><StatusTag status={alert.status} /></dd></div>
      <div><dt>Entity</dt><dd><Link to="/entities/$type/$id" params={alert.entity} className="link mono">{alert.entity.id}</Link> <span className="faint">{sentence(alert.entity.type)}</span></dd></div>
      <div><dt>Assignee</dt><dd>{alert.assignee ?? <span className="faint">Nobody</span>}</dd></div>
      <div><dt>Detector</dt><dd>{alert.detector.id.startsWith(RULE) ? <Link to="/settings/rules/$id" params={{ id: alert.detector.id.slice(RULE.length) }} className="link">Rule</Link> : <Link to="/alerts" search={{ detector: alert.detector.id, status: 'any' }} className="link">{sentence(alert.detector.id)}</Link>} <span className="faint">v{alert.detector.version}</span></dd></div>
      <div><dt>Criticality</dt><dd>{sentence(CRITICALITY[alert.criticality] || 'unknown')} <span className="faint">asset</span></dd></div>
      {alert.acknowledgedAt !== null && <div><dt>Acknowledged</dt><dd>{formatAgo(alert.acknowledgedAt, now)}{alert.acknowledgedBy && ` by ${alert.acknowledgedBy}`}</dd></div>}
      {alert.verdict !== null && <div><dt>Verdict</dt><dd>{sentence(alert.verdict)}{alert.resolution && <span className="dim"> — {alert.resolution}</span>}</dd></div>}
      {alert.historical && <div><dt>Time</dt><dd><span className="tag">History</span> <span className="faint">notified nobody</span></dd></div>}
    </dl>
  );
}
