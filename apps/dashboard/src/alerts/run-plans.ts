import type { Alert } from '@wary/model/alert.js';
import { actOnAlert, actOnAlerts, type AlertAct } from '../api/actions.js';
import { ApiError } from '../api/http.js';
import { alertQuery, queryClient } from '../api/queries.js';
import { errorText } from '../ui/states.js';

/** One act on some alerts. A bulk suppression needs several: each entity and reason has its own scope. */
export interface Plan { readonly alerts: readonly Alert[]; readonly act: AlertAct }

export interface PlanOutcome {
  readonly changed: Alert[];
  readonly failed: Array<{ readonly alert: Alert; readonly message: string }>;
  /** A single edit that met somebody else's: what was on the screen, and what is there now. */
  readonly conflict: { readonly plan: Plan; readonly before: Alert; readonly now: Alert } | null;
}

async function runOne(plan: Plan, alert: Alert, outcome: PlanOutcome): Promise<PlanOutcome> {
  try {
    return { ...outcome, changed: [...outcome.changed, await actOnAlert(alert, plan.act)] };
  } catch (error) {
    if (error instanceof ApiError && error.status === 412) {
      const now = await queryClient.fetchQuery({ ...alertQuery(alert.id), staleTime: 0 });
      return { ...outcome, conflict: { plan, before: alert, now } };
    }
    return { ...outcome, failed: [...outcome.failed, { alert, message: errorText(error) }] };
  }
}

async function runMany(plan: Plan, outcome: PlanOutcome): Promise<PlanOutcome> {
  try {
    const results = await actOnAlerts(plan.alerts, plan.act);
    const byId = new Map(plan.alerts.map((alert) => [alert.id, alert]));
    const failed = results.flatMap(({ id, error }) => (error && byId.has(id) ? [{ alert: byId.get(id)!, message: error.message }] : []));
    return { ...outcome, changed: [...outcome.changed, ...results.flatMap(({ alert }) => alert ?? [])], failed: [...outcome.failed, ...failed] };
  } catch (error) {
    return { ...outcome, failed: [...outcome.failed, ...plan.alerts.map((alert) => ({ alert, message: errorText(error) }))] };
  }
}

/** Runs the plans in order. Never throws: every alert ends up among the changed or the failed ones, or in the conflict. */
export async function runPlans(plans: readonly Plan[]): Promise<PlanOutcome> {
  let outcome: PlanOutcome = { changed: [], failed: [], conflict: null };
  for (const plan of plans) {
    const [only, ...rest] = plan.alerts;
    if (!only) continue;
    outcome = rest.length === 0 ? await runOne(plan, only, outcome) : await runMany(plan, outcome);
  }
  return outcome;
}
