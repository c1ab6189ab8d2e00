import type { RiskAlert } from './risk-ledger.js';

/** A change of an alert as the audit keeps it: what its fields were before; null: there was no alert. */
export interface AlertChange { readonly alertId: string; readonly before: Readonly<Record<string, unknown>> | null }

/** Alerts as they stood before these changes (newest first): each change is undone. What was raised since then was not there. */
export function alertsThen(alerts: readonly RiskAlert[], changes: readonly AlertChange[]): RiskAlert[] {
  const then = new Map<string, RiskAlert | null>(alerts.map((alert) => [alert.id, alert]));
  for (const { alertId, before } of changes) {
    const alert = then.get(alertId);
    if (alert === undefined) continue;
    then.set(alertId, before === null || alert === null ? null : { ...alert, ...riskFields(before) });
  }
  return [...then.values()].filter((alert) => alert !== null);
}

const FIELDS: readonly (keyof RiskAlert)[] = ['title', 'severity', 'criticality', 'status', 'verdict', 'firstSeen', 'lastSeen', 'resolvedAt'];
const riskFields = (before: Readonly<Record<string, unknown>>): Partial<RiskAlert> => Object.fromEntries(FIELDS.filter((field) => field in before).map((field) => [field, before[field]]));
