import type { Alert } from '@wary/model/alert.js';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { SeverityIcon, severityWord } from '../ui/severity.js';
import { Ago } from '../ui/time.js';
import { StatusTag } from './status-tag.js';

/** A short list of alerts inside another page; `action` adds a control to each line. */
export function AlertList({ alerts, label, entity = false, action }: { alerts: readonly Alert[]; label: string; entity?: boolean; action?: (alert: Alert) => ReactNode }) {
  return (
    <ul className="alert-list" aria-label={label}>
      {alerts.map((alert) => (
        <li key={alert.id}>
          <Link to="/alerts/$id" params={{ id: alert.id }} className="alert-link">
            <SeverityIcon severity={alert.severity} /><span className="visually-hidden">{severityWord(alert.severity)}</span>
            <span className="grow alert-link-text"><span className="alert-link-title">{alert.title}</span><span className="dim clip">{entity && <span className="mono">{alert.entity.id} · </span>}{alert.explanation.summary}</span></span>
            <StatusTag status={alert.status} /><span className="faint alert-link-time"><Ago at={alert.lastSeen} /></span>
          </Link>
          {action?.(alert)}
        </li>
      ))}
    </ul>
  );
}
