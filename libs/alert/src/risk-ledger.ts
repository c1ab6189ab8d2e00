import { SEVERITIES, type Severity } from '@wary/model/finding.js';
import { VERDICTS, type Alert, type Verdict } from '@wary/model/alert.js';

/**
 * Risk of an entity: a ledger of what its alerts brought, which fades with a half-life, capped per independent family (the reason),
 * weighted by the criticality of what was touched. Everything is read from the alerts, so it can be told for any past instant.
 */
export const RISK_HALF_LIFE_DAYS = 7;
export const RISK_PER_REASON_MAX = 200;
/** After this many days less than a five-thousandth is left: such alerts need not be read. */
export const RISK_DAYS_MAX = 90;
export const RISK_ENTRIES_MAX = 500;

const DAY_MS = 86_400_000;
/** Points of one alert; the spread follows what is published for entity scores elsewhere (critical 100, high 50, low 0), with low ones counting a little. */
const SEVERITY_POINTS: { readonly [S in Severity]: number } = { informational: 0, low: 2, medium: 10, high: 50, critical: 100 };
const CRITICALITY_WEIGHT: Readonly<Record<number, number>> = { 1: 0.5, 2: 1, 3: 1.5, 4: 2 };

const WEIGHING_VERDICTS: ReadonlySet<Verdict> = new Set<Verdict>(['true_positive', 'inconclusive']);

/** The same weights as a query can use them to choose whom to look at; the caps come after. */
export const RISK_WEIGHTS = {
  bySeverity: SEVERITIES.map((severity) => SEVERITY_POINTS[severity]), byCriticality: [1, 2, 3, 4].map((criticality) => CRITICALITY_WEIGHT[criticality]!), halfLifeMs: RISK_HALF_LIFE_DAYS * DAY_MS,
  clearingVerdicts: VERDICTS.filter((verdict) => !WEIGHING_VERDICTS.has(verdict)),
} as const;

/** One line of the arithmetic: what an alert brought, and what is left of it. */
export interface RiskEntry { readonly alertId: string; readonly title: string; readonly severity: Severity; readonly at: number; readonly points: number; readonly remaining: number }
export interface RiskLedger {
  readonly now: number; readonly halfLifeDays: number; readonly entries: readonly RiskEntry[];
  readonly series: ReadonlyArray<{ readonly at: number; readonly risk: number }>;
}
export type RiskAlert = Pick<Alert, 'id' | 'title' | 'severity' | 'criticality' | 'reason' | 'status' | 'verdict' | 'firstSeen' | 'lastSeen' | 'resolvedAt'>;

/** What each alert brought and what is left of it at an instant, largest first; the remainders sum to the risk. */
export function riskEntriesAt(alerts: readonly RiskAlert[], at: number): RiskEntry[] {
  const entries: Array<{ reason: string; entry: RiskEntry }> = [];
  const perReason = new Map<string, number>();
  for (const alert of alerts) {
    if (alert.firstSeen > at || !counts(alert, at)) continue;
    const points = SEVERITY_POINTS[alert.severity] * (CRITICALITY_WEIGHT[alert.criticality] ?? 1);
    if (points === 0) continue;
    // As long as it goes on nothing fades.
    const seen = Math.min(alert.lastSeen, at);
    const remaining = points * 2 ** (-(at - seen) / (RISK_HALF_LIFE_DAYS * DAY_MS));
    entries.push({ reason: alert.reason, entry: { alertId: alert.id, title: alert.title, severity: alert.severity, at: seen, points, remaining } });
    perReason.set(alert.reason, (perReason.get(alert.reason) ?? 0) + remaining);
  }
  return entries
    .map(({ reason, entry }) => ({ ...entry, remaining: entry.remaining * Math.min(1, RISK_PER_REASON_MAX / perReason.get(reason)!) }))
    .sort((a, b) => b.remaining - a.remaining || (a.alertId < b.alertId ? -1 : 1));
}

export function riskAt(alerts: readonly RiskAlert[], at: number): number {
  let risk = 0;
  for (const { remaining } of riskEntriesAt(alerts, at)) risk += remaining;
  return risk;
}

/** The ledger now, and the risk at the end of each of the last days as it stood then. */
export function riskLedger(alerts: readonly RiskAlert[], now: number, days = RISK_DAYS_MAX): RiskLedger {
  const series = Array.from({ length: days }, (_, index) => {
    const at = now - (days - 1 - index) * DAY_MS;
    return { at, risk: riskAt(alerts, at) };
  });
  return { now: riskAt(alerts, now), halfLifeDays: RISK_HALF_LIFE_DAYS, entries: riskEntriesAt(alerts, now), series };
}

/** From the moment somebody found out that it was nothing, it weighs nothing; before that it did. What is suppressed was accepted. */
function counts({ status, verdict, resolvedAt }: RiskAlert, at: number): boolean {
  if (status === 'suppressed') return false;
  if (status !== 'resolved' || resolvedAt === null || resolvedAt > at) return true;
  return verdict !== null && WEIGHING_VERDICTS.has(verdict);
}
