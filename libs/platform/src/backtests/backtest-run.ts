import { createEngine, type Engine } from '@wary/detect/engine.js';
import type { BacktestAlert, BacktestResult, Recall, VariantOutcome } from '@wary/model/backtest.js';
import type { Alert } from '@wary/model/alert.js';
import { entityKey } from '@wary/model/entity.js';
import { hasFlag, EVENT_FLAG, type Event } from '@wary/model/event.js';
import { SEVERITIES, severityRank, type Severity } from '@wary/model/finding.js';
import { intervalOf, precisionOf } from '../detectors/precision.js';
import { AlertGroups } from './alert-groups.js';
import { BACKTEST_LIMITS, type BacktestTask, type Variant } from './backtest.js';
import { AttackInjector } from './attack-injector.js';
import { JudgedAlerts } from './judged-alerts.js';
import { differenceOf } from './difference.js';

const DAY_MS = 86_400_000;

/** One engine over the stream and the alerts its findings make. */
class Lane {
  readonly groups: AlertGroups;
  readonly engine: Engine;

  constructor({ settings, budgetPerDay }: Variant, { tenant, from, seed }: BacktestTask) {
    const { hotEntitiesMax, coldEntitiesMax, alertsMax } = BACKTEST_LIMITS;
    this.engine = createEngine({ budgetPerDay, seed, tenantSettings: new Map([[tenant, settings]]), limits: { hotEntitiesMax, coldEntitiesMax } });
    this.groups = new AlertGroups(from, alertsMax);
  }

  take(events: readonly Event[]): void {
    for (const finding of this.engine.scoreEvents(events)) this.groups.apply(finding);
  }
}

/**
 * The same stored events through two engines, one with the settings as they stand and one with those that are proposed, in the order in
 * which the live engine had them; nothing is known to either that has not come yet. Rules are left out: they judge the same way under both,
 * and have previews of their own. With `inject` two more engines get the stream with attacks put into it.
 */
export class BacktestRun {
  private readonly current: Lane;
  private readonly proposed: Lane;
  private readonly injected: { readonly injector: AttackInjector; readonly current: Lane; readonly proposed: Lane } | null;
  private warmUp = 0;
  private period = 0;
  private firstTime: number | null = null;
  private newest = 0;

  constructor(private readonly task: BacktestTask) {
    this.current = new Lane(task.current, task);
    this.proposed = new Lane(task.proposed, task);
    this.injected = task.inject ? { injector: new AttackInjector(task), current: new Lane(task.current, task), proposed: new Lane(task.proposed, task) } : null;
  }

  get eventsRead(): number {
    return this.warmUp + this.period;
  }

  take(events: readonly Event[]): void {
    for (const event of events) {
      if (event.time < this.task.from) this.warmUp += 1;
      else this.period += 1;
      this.firstTime = Math.min(this.firstTime ?? event.time, event.time);
      if (!hasFlag(event, EVENT_FLAG.future)) this.newest = Math.max(this.newest, event.time);
    }
    this.current.take(events);
    this.proposed.take(events);
    if (this.injected !== null) this.takeWithAttacks(events, this.injected);
  }

  /** Event time that has been run through, ms. */
  get spanMs(): number {
    return this.firstTime === null ? 0 : this.newest - this.firstTime;
  }

  result(seconds: number): BacktestResult {
    const { from, to } = this.task;
    const days = (to - from) / DAY_MS;
    const judged = new JudgedAlerts(this.task.judged);
    const [before, after] = [this.current.groups.raised, this.proposed.groups.raised];
    const { added, removed, same } = differenceOf(before, after);
    const lanes = [this.current, this.proposed, ...(this.injected === null ? [] : [this.injected.current, this.injected.proposed])];
    return {
      days, events: { warmUp: this.warmUp, period: this.period, warmUpFrom: this.warmUp === 0 ? null : this.firstTime },
      current: outcomeOf(before, this.current.groups.overflow, days, judged), proposed: outcomeOf(after, this.proposed.groups.overflow, days, judged),
      difference: { added: added.length, removed: removed.length, same },
      added: shown(added, judged), removed: shown(removed, judged),
      recall: this.injected === null ? null : recallOf(this.injected.injector),
      beyond: { alerts: lanes.reduce((sum, { groups }) => sum + groups.overflow, 0), entities: Math.max(...lanes.map(({ engine }) => engine.stats.entitiesEvicted)) },
      seconds, timesLive: seconds > 0 ? this.spanMs / 1000 / seconds : 0,
    };
  }

  private takeWithAttacks(events: readonly Event[], { injector, current, proposed }: NonNullable<BacktestRun['injected']>): void {
    let plain: Event[] = [];
    const flush = (): void => {
      current.take(plain);
      proposed.take(plain);
      plain = [];
    };
    for (const event of events) {
      for (const attack of injector.before(event)) {
        flush();
        injector.found('current', attack, current.engine.scoreEvents([attack]));
        injector.found('proposed', attack, proposed.engine.scoreEvents([attack]));
      }
      plain.push(event);
    }
    flush();
  }
}

function outcomeOf(alerts: readonly Alert[], overflow: number, days: number, judged: JudgedAlerts): VariantOutcome {
  const bySeverity = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<Severity, number>;
  const byDetector: Record<string, number> = {};
  for (const { severity, detector } of alerts) {
    bySeverity[severity] += 1;
    byDetector[detector.id] = (byDetector[detector.id] ?? 0) + 1;
  }
  return { alerts: alerts.length + overflow, alertsPerDay: (alerts.length + overflow) / days, bySeverity, byDetector, precision: precisionOf(judged.count(alerts)) };
}

function shown(alerts: readonly Alert[], judged: JudgedAlerts): BacktestAlert[] {
  return [...alerts].sort((a, b) => severityRank(b.severity) - severityRank(a.severity) || b.strength - a.strength || (entityKey(a.entity) < entityKey(b.entity) ? -1 : 1)).slice(0, BACKTEST_LIMITS.alertsShownMax).map((alert) => ({
    id: alert.id, entity: alert.entity, detector: alert.detector.id, reason: alert.reason, severity: alert.severity, strength: alert.strength, title: alert.title, summary: alert.explanation.summary,
    firstSeen: alert.firstSeen, lastSeen: alert.lastSeen, historical: alert.historical, findings: alert.findingCount, confirmed: judged.of(alert),
  }));
}

function recallOf(injector: AttackInjector): BacktestResult['recall'] {
  const attacks = injector.attacks;
  const recall = (which: 'current' | 'proposed'): Recall | null => {
    const found = attacks.filter((attack) => attack[which]).length;
    return attacks.length === 0 ? null : { found, injected: attacks.length, ...intervalOf(found, attacks.length) };
  };
  return { current: recall('current'), proposed: recall('proposed'), attacks, left: injector.left };
}
