import { alertsThen, RISK_FIELDS } from '@wary/alert/alerts-then.js';
import { RISK_DAYS_MAX, RISK_ENTRIES_MAX, RISK_WEIGHTS, riskAt, riskLedger } from '@wary/alert/risk-ledger.js';
import { entityKey, type Entity } from '@wary/model/entity.js';
import { WaryError } from '@wary/model/errors.js';
import type { LiveChange } from '@wary/model/live.js';
import type { Random } from '@wary/ports/clock.port.js';
import { SYSTEM_ACTOR, type Actor, type RiskLedger, type Workflow } from '@wary/ports/workflow.port.js';
import type { AlertSummary, ChangesRead, WorkflowStore, WorkflowTransaction } from '@wary/ports/workflow-store.port.js';
import { act, actOnEach, endSuppression } from './alert-acts.js';
import { applyFindings } from './apply-findings.js';
import { ChangeSet } from './change-set.js';
import { actOn, createIncident } from './incident-acts.js';

export interface WorkflowService extends Workflow {
  /** Numbers what was committed since the last call and gives it back in order, for the live bus; empty when there is nothing more. */
  relay(now: number): Promise<LiveChange[]>;
  /** Changes of all tenants with seq > after, for whoever sends them on; at most `limit`. */
  everyChangeAfter(after: number, limit: number): Promise<ChangesRead>;
  /** The entity's risk with its arithmetic and the last 90 days; `now` may be any past instant. */
  riskOf(tenant: string, entity: Entity, now: number): Promise<RiskLedger>;
  /** The ledger as it was shown at a past instant: what happened to the alerts since then is undone, and what was not known is left out. */
  riskThen(tenant: string, entity: Entity, then: number): Promise<RiskLedger>;
  /** Only the risks, for lists, in the order of the entities. */
  risksOf(tenant: string, entities: readonly Entity[], now: number): Promise<number[]>;
  /** Whoever has a risk, highest first, at most `limit`. */
  riskiest(tenant: string, now: number, limit: number): Promise<Array<{ readonly entity: Entity; readonly risk: number }>>;
}

/**
 * Findings in one transaction; more are split. Each may become an alert with its explanation, so this bounds memory, the time of a lock,
 * and how long the embedded engine holds the event loop (it runs in it: some fifty milliseconds for so many new alerts).
 */
const FINDINGS_PER_TRANSACTION = 200;
const CHANGES_PER_RELAY = 200;
/** Entities looked at besides those that are asked for: as many as the caps may push down. */
const CAPPED_MARGIN = 100;
const DAY_MS = 86_400_000;

export function createWorkflow({ db, random }: { db: WorkflowStore; random: Random }): WorkflowService {
  const newId = (): string => random.id();

  /** One transaction with its set of changes, written at the end. */
  const change = <T>(tenant: string, by: Actor, now: number, work: (transaction: WorkflowTransaction, set: ChangeSet) => Promise<T>): Promise<T> =>
    db.transaction(tenant, async (transaction) => {
      const set = new ChangeSet(tenant, by, now, newId);
      const result = await work(transaction, set);
      await set.flush(transaction);
      return result;
    });

  /** As `change`, for one thing: gives it back as it was written. */
  const changeOne = async <T>(tenant: string, by: Actor, now: number, work: (transaction: WorkflowTransaction, set: ChangeSet) => Promise<(written: ChangeSet) => T>): Promise<T> => {
    let written: ChangeSet | null = null;
    const pick = await change(tenant, by, now, (transaction, set) => { written = set; return work(transaction, set); });
    return pick(written!);
  };

  async function risksOf(tenant: string, entities: readonly Entity[], now: number): Promise<number[]> {
    if (entities.length === 0) return [];
    const ofEntity = new Map<string, AlertSummary[]>();
    for (const alert of await db.alertsOf(tenant, entities, now - RISK_DAYS_MAX * DAY_MS, RISK_ENTRIES_MAX)) {
      const own = ofEntity.get(entityKey(alert.entity));
      if (own === undefined) ofEntity.set(entityKey(alert.entity), [alert]);
      else own.push(alert);
    }
    return entities.map((entity) => riskAt(ofEntity.get(entityKey(entity)) ?? [], now));
  }

  return {
    async applyFindings(findings, now, options = {}) {
      const tenants = new Map<string, typeof findings[number][]>();
      for (const finding of findings) {
        const own = tenants.get(finding.tenant);
        if (own === undefined) tenants.set(finding.tenant, [finding]);
        else own.push(finding);
      }
      for (const [tenant, own] of tenants) {
        for (let start = 0; start < own.length; start += FINDINGS_PER_TRANSACTION) {
          await change(tenant, SYSTEM_ACTOR, now, (transaction, set) => applyFindings(transaction, set, own.slice(start, start + FINDINGS_PER_TRANSACTION), options));
        }
      }
    },

    async appliedRevisions(tenant, ids) {
      if (ids.length === 0) return new Map();
      const applied = await db.transaction(tenant, (transaction) => transaction.appliedFindings([...new Set(ids)]));
      return new Map([...applied].map(([id, { revision }]) => [id, revision]));
    },

    listAlerts: (query) => db.findAlerts(query),
    countAlerts: (query) => db.countAlerts(query),
    async getAlert(tenant, id) {
      return (await db.findAlert(tenant, id)) ?? absent('alert', id);
    },
    actOnAlert: (tenant, id, action, by, now, ifMatch) => changeOne(tenant, by, now, async (transaction, set) => {
      set.readAlerts((await transaction.lockAlerts({ ids: [id] })).map(({ alert }) => alert));
      const alert = set.alert(id) ?? absent('alert', id);
      assertVersion(alert.version, ifMatch);
      await act(transaction, set, alert, action);
      return (written) => written.alert(id)!;
    }),
    actOnAlerts: (tenant, ids, action, by, now) => changeOne(tenant, by, now, async (transaction, set) => {
      const errors = await actOnEach(transaction, set, ids, action);
      return (written) => ids.map((id) => {
        const error = errors.get(id);
        return error === undefined ? { id, alert: written.alert(id)!, error: null } : { id, alert: null, error: { code: error.code, message: error.message } };
      });
    }),

    listSuppressions: (tenant) => db.findSuppressions(tenant),
    previewSuppression: (tenant, scopes, days, now) => db.previewSuppression(tenant, scopes, now - days * DAY_MS),
    async endSuppression(tenant, id, by, now) {
      if (!await change(tenant, by, now, (transaction, set) => endSuppression(transaction, set, id, 'suppression.end'))) absent('suppression', id);
    },
    async expireSuppressions(now) {
      let ended = 0;
      for (const { tenant, id } of await db.dueSuppressions(now)) {
        if (await change(tenant, SYSTEM_ACTOR, now, (transaction, set) => endSuppression(transaction, set, id, 'suppression.expire'))) ended += 1;
      }
      return ended;
    },

    listIncidents: (query) => db.findIncidents(query),
    async getIncident(tenant, id) {
      return (await db.findIncident(tenant, id)) ?? absent('incident', id);
    },
    createIncident: (tenant, title, alertIds, by, now) => changeOne(tenant, by, now, async (transaction, set) => {
      const id = await createIncident(transaction, set, title, alertIds);
      return (written) => written.incident(id)!;
    }),
    actOnIncident: (tenant, id, action, by, now, ifMatch) => changeOne(tenant, by, now, async (transaction, set) => {
      set.readIncidents(await transaction.lockIncidents([id]));
      const incident = set.incident(id) ?? absent('incident', id);
      assertVersion(incident.version, ifMatch);
      await actOn(transaction, set, incident, action);
      return (written) => written.incident(id)!;
    }),

    changesAfter: (tenant, after, limit) => db.changesAfter(tenant, after, limit),
    everyChangeAfter: (after, limit) => db.everyChangeAfter(after, limit),
    lastChangeSeq: () => db.lastChangeSeq(),
    oldestChangeSeq: () => db.oldestChangeSeq(),
    relay: () => db.numberChanges(CHANGES_PER_RELAY),

    async riskOf(tenant, entity, now) {
      return riskLedger(await db.alertsOf(tenant, [entity], now - RISK_DAYS_MAX * DAY_MS, RISK_ENTRIES_MAX), now);
    },
    async riskThen(tenant, entity, then) {
      const alerts = await db.alertsOf(tenant, [entity], then - RISK_DAYS_MAX * DAY_MS, RISK_ENTRIES_MAX, then);
      return riskLedger(alertsThen(alerts, await db.alertChanges(tenant, alerts.map(({ id }) => id), then, RISK_FIELDS)), then);
    },
    risksOf,
    async riskiest(tenant, now, limit) {
      // Caps only take away, so whoever is among the first after them was not far behind before.
      const candidates = await db.heaviestEntities(tenant, RISK_WEIGHTS, now - RISK_DAYS_MAX * DAY_MS, now, limit + CAPPED_MARGIN);
      const risks = await risksOf(tenant, candidates, now);
      return candidates.map((entity, index) => ({ entity, risk: risks[index]! })).filter(({ risk }) => risk > 0).sort((a, b) => b.risk - a.risk).slice(0, limit);
    },
  };
}

function assertVersion(version: number, ifMatch: number | undefined): void {
  if (ifMatch !== undefined && ifMatch !== version) throw new WaryError('stale_version', undefined, { version });
}

function absent(what: string, id: string): never {
  throw new WaryError('not_found', `There is no ${what} ${id}`);
}
