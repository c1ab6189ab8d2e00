import { createEngine } from '@wary/detect/engine.js';
import { DETECTORS } from '@wary/detect/analytics.js';
import type { BacktestResult } from '@wary/model/backtest.js';
import { entityKey } from '@wary/model/entity.js';
import type { Event } from '@wary/model/event.js';
import { buildEvent, inTimeOrder } from '@wary/testkit/event-builder.js';
import { OFFICE_START, officeStream } from '@wary/testkit/office-stream.js';
import { describe, expect, it } from 'vitest';
import { defaultWeight, thresholdsOf } from '../detectors/setting-bounds.js';
import { AlertGroups } from './alert-groups.js';
import type { BacktestTask, SettingsByDetector } from './backtest.js';
import { BacktestRun } from './backtest-run.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DAYS = 28;
const FROM = OFFICE_START + 21 * DAY_MS;
const TO = OFFICE_START + DAYS * DAY_MS;
const BUDGET = 5;
/** On the first day of the period. */
const EARLY_THIEF = 'user-3';

const DEFAULTS: SettingsByDetector = Object.fromEntries(DETECTORS.map((each) => [each.id, { enabled: true, weight: defaultWeight(each), thresholds: Object.fromEntries(thresholdsOf(each).map(({ name, value }) => [name, value])) }]));
const OFF: SettingsByDetector = Object.fromEntries(Object.entries(DEFAULTS).map(([id, each]) => [id, { ...each, enabled: false }]));
const withThreshold = (id: string, thresholds: Record<string, number>): SettingsByDetector => ({ ...DEFAULTS, [id]: { ...DEFAULTS[id]!, thresholds: { ...DEFAULTS[id]!.thresholds, ...thresholds } } });

/** An office; on days of the fourth week somebody pastes between 5 and 60 pieces of personal data, and two take a great many files. */
function stream(): Event[] {
  const events = officeStream({ seed: 11, users: 16, days: DAYS });
  for (let day = 16; day < 26; day += 1) {
    events.push(buildEvent({
      id: `paste-${day}`, time: OFFICE_START + day * DAY_MS + 10 * HOUR_MS, kind: 'inference', action: 'chat', actor: { id: `user-${day % 5}`, group: `team-${(day % 5) % 3}` }, peerGroup: `team-${(day % 5) % 3}`,
      genAi: { requestModel: 'assistant' }, piiInput: { email: 5 + (day - 16) * 6 }, client: { country: 'DE', asn: 3_000 },
    }));
  }
  for (const [user, group, day] of [['user-7', 'team-1', 24], [EARLY_THIEF, 'team-0', 21]] as const) {
    for (let i = 0; i < 240; i += 1) events.push(buildEvent({ id: `theft-${user}-${i}`, time: OFFICE_START + day * DAY_MS + 15 * HOUR_MS + i * 9_000, action: 'download', actor: { id: user, group }, peerGroup: group, bytes: 3_000_000, resource: { id: `files/${group}/${i}`, type: 'file' } }));
  }
  return inTimeOrder(events).map((event, index) => ({ ...event, seq: index + 1 }));
}

const task = (proposed: SettingsByDetector, over: Partial<BacktestTask> = {}): BacktestTask => ({
  tenant: 'default', from: FROM, to: TO, current: { settings: DEFAULTS, budgetPerDay: BUDGET }, proposed: { settings: proposed, budgetPerDay: BUDGET }, judged: [], inject: false, seed: 1, ...over,
});
function run(events: readonly Event[], what: BacktestTask): BacktestResult {
  const backtest = new BacktestRun(what);
  for (let at = 0; at < events.length; at += 700) backtest.take(events.slice(at, at + 700));
  return backtest.result(1);
}
const briefly = (alerts: BacktestResult['added']): string[] => alerts.map(({ id, entity, reason, firstSeen, lastSeen, strength, findings }) => `${id} ${entityKey(entity)} ${reason} ${firstSeen} ${lastSeen} ${strength} ${findings}`).sort();

describe('a backtest', { timeout: 180_000 }, () => {
  const events = stream();

  it('raises under changed settings exactly what a live engine with those settings raises', () => {
    const settings = withThreshold('personal_data_bulk', { eventItemsMin: 10 });
    const live = createEngine({ budgetPerDay: BUDGET, seed: 1, tenantSettings: new Map([['default', settings]]) });
    const groups = new AlertGroups(FROM, 20_000);
    for (const event of events) for (const finding of live.scoreEvents([event])) groups.apply(finding);
    const expected = groups.raised;
    // Against detectors that are all off, everything the proposal raises is added.
    const result = run(events, task(settings, { current: { settings: OFF, budgetPerDay: BUDGET } }));
    expect(expected.length).toBeGreaterThan(4);
    expect(result.current.alerts).toBe(0);
    expect(briefly(result.added)).toEqual(expected.map(({ id, entity, reason, firstSeen, lastSeen, strength, findingCount }) => `${id} ${entityKey(entity)} ${reason} ${firstSeen} ${lastSeen} ${strength} ${findingCount}`).sort());
    expect(new Set(expected.map(({ reason }) => reason)).size).toBeGreaterThan(1);
  });

  it('tells what a lower threshold adds and a detector switched off takes away, and leaves the rest', () => {
    const lower = run(events, task(withThreshold('personal_data_bulk', { eventItemsMin: 10 })));
    expect(lower.removed).toEqual([]);
    expect(lower.added.map(({ detector }) => detector)).toEqual(lower.added.map(() => 'personal_data_bulk'));
    expect(lower.difference).toEqual({ added: lower.proposed.alerts - lower.current.alerts, removed: 0, same: lower.current.alerts });
    const off = run(events, task({ ...DEFAULTS, personal_data_bulk: { ...DEFAULTS['personal_data_bulk']!, enabled: false } }));
    expect(off.difference.removed).toBe(off.current.byDetector['personal_data_bulk']);
    expect(off.difference.removed).toBeGreaterThan(0);
    expect(off.added).toEqual([]);
    const same = run(events, task(DEFAULTS));
    expect(same.difference).toEqual({ added: 0, removed: 0, same: same.current.alerts });
  });

  it('a smaller budget raises no more', () => {
    const result = run(events, task(DEFAULTS, { proposed: { settings: DEFAULTS, budgetPerDay: 0.05 } }));
    // Of one story another amount may speak for the others, but nobody is told of who was not told before.
    expect(result.added.filter(({ entity }) => !result.removed.some((gone) => gone.entity.id === entity.id))).toEqual([]);
    expect(result.proposed.alerts).toBeLessThanOrEqual(result.current.alerts);
  });

  it('knows nothing of what comes later: with the future cut off all before the cut is the same, injected attacks too', () => {
    const cut = OFFICE_START + 24 * DAY_MS + 16 * HOUR_MS;
    const what = task(withThreshold('personal_data_bulk', { eventItemsMin: 10 }), { inject: true, current: { settings: OFF, budgetPerDay: BUDGET } });
    const [whole, until] = [run(events, what), run(events.filter(({ time }) => time < cut), what)];
    const before = (alerts: BacktestResult['added']): string[] => alerts.filter(({ firstSeen }) => firstSeen < cut).map(({ id, firstSeen }) => `${id} ${firstSeen}`).sort();
    expect(before(until.added)).toEqual(before(whole.added));
    expect(until.difference.added).toBe(before(whole.added).length);
    expect(whole.difference.added).toBeGreaterThan(until.difference.added);
    const ended = (result: BacktestResult) => result.recall!.attacks.filter(({ end }) => end < cut);
    expect(ended(until)).toEqual(ended(whole));
    expect(ended(until).length).toBeGreaterThan(0);
  });

  it('warms up with what was before the period, and counts only what began in it', () => {
    const result = run(events, task(DEFAULTS));
    expect(result.events.warmUp).toBeGreaterThan(1_000);
    expect(result.events.warmUp + result.events.period).toBe(events.length);
    const cold = run(events.filter(({ time }) => time >= FROM), task(DEFAULTS));
    expect(cold.events.warmUp).toBe(0);
    // On the first day nobody knows what is usual, unless the days before have been run through.
    const ofThief = (settings: readonly Event[]): number => run(settings, task(DEFAULTS, { current: { settings: OFF, budgetPerDay: BUDGET } })).added.filter(({ entity, detector, firstSeen }) => entity.id === EARLY_THIEF && detector === 'volume' && firstSeen < FROM + DAY_MS).length;
    expect(ofThief(events)).toBe(1);
    expect(ofThief(events.filter(({ time }) => time >= FROM))).toBe(0);
  });

  it('takes precision from the verdicts of the alerts that were really raised, with an interval', () => {
    const plain = run(events, task(DEFAULTS, { current: { settings: OFF, budgetPerDay: BUDGET } }));
    const [first, second, third] = plain.added;
    const judged = [
      { ...first!, confirmed: true }, { ...second!, confirmed: false },
      // Weeks away from the third: another alert.
      { ...third!, firstSeen: third!.firstSeen - 30 * DAY_MS, lastSeen: third!.firstSeen - 30 * DAY_MS, confirmed: true },
    ].map(({ entity, reason, firstSeen, lastSeen, confirmed }) => ({ entity, reason, firstSeen, lastSeen, confirmed }));
    const { current, proposed } = run(events, task(withThreshold('personal_data_bulk', { eventItemsMin: 10 }), { judged }));
    expect(current.precision).toMatchObject({ confirmed: 1, judged: 2, value: 0.5 });
    expect(current.precision!.low).toBeCloseTo(0.0945, 3);
    expect(current.precision!.high).toBeCloseTo(0.9055, 3);
    expect(proposed.precision).toMatchObject({ confirmed: 1, judged: 2 });
  });

  it('puts attacks into a copy of the stream and says who finds them', () => {
    const result = run(events, task(OFF, { inject: true }));
    const { recall } = result;
    expect(recall!.attacks.length).toBeGreaterThan(1);
    expect(recall!.attacks.every(({ entity, start, end }) => entity.type === 'user' && start >= FROM && end < TO && end > start)).toBe(true);
    // Nobody here is a key or an agent.
    expect(recall!.left.some((id) => id.startsWith('stolen_key') || id.startsWith('agent_exfiltration'))).toBe(true);
    expect(recall!.current!.found).toBeGreaterThan(0);
    expect(recall!.current!.low).toBeLessThan(recall!.current!.value);
    expect(recall!.proposed).toMatchObject({ found: 0, injected: recall!.attacks.length });
    // The alerts beside it are those of the stream without them.
    expect({ ...result, recall: null }).toEqual({ ...run(events, task(OFF)), recall: null });
    expect(run(events, task(OFF, { inject: true }))).toEqual(result);
  });

  it('runs through events many times faster than they came', () => {
    const backtest = new BacktestRun(task(DEFAULTS));
    const started = performance.now();
    backtest.take(events);
    expect(backtest.result((performance.now() - started) / 1000).timesLive).toBeGreaterThan(10);
  });
});
