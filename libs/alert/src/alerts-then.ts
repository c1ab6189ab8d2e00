import type { RiskAlert } from './risk-ledger.js';

/** What fields of an alert were before they changed first; null: there was no alert. */
export interface AlertChange { readonly alertId: string; readonly before: Readonly<Record<string, unknown>> | null }

/** Alerts as they stood before these changes (at most one of a field): each is undone. What was raised since then was not there. */
export function alertsThen(alerts: readonly RiskAlert[], changes: readonly AlertChange[]): RiskAlert[] {
  const then = new Map<string, RiskAlert | null>(alerts.map((alert) => [alert.id, alert]));
  for (const { alertId, before } of changes) {
    const alert = then.get(alertId);
    if (alert === undefined) continue;
    then.set(alertId, before === null || alert === null ? null : { ...alert, ...riskFields(before) });
  }
  return [...then.values()].filter((alert) => alert !== null);
}

/** Of an alert, what its share of the risk depends on. */
export const RISK_FIELDS: readonly (keyof RiskAlert)[] = ['title', 'severity', 'criticality', 'status', 'verdict', 'firstSeen', 'lastSeen', 'resolvedAt'];
const riskFields = (before: Readonly<Record<string, unknown>>): Partial<RiskAlert> => Object.fromEntries(RISK_FIELDS.filter((field) => field in before).map((field) => [field, before[field]]));
