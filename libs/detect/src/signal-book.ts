import type { Entity } from '@wary/model/entity.js';
import { severityRank, type Finding, type Severity } from '@wary/model/finding.js';
import { capabilitiesSpoken } from './capabilities-spoken.js';
import type { AnalyticDescriptor, Signal } from './detector.js';
import type { SignalEvent } from './rule-stage.js';
import { DAY_MS, HOUR_MS, IDLE_CLOSE_HOURS } from './engine-limits.js';
import { findingId } from './finding-id.js';
import { numberWords } from './words.js';

const EVENT_IDS_MAX = 20;
/** The first and the latest events of a finding are kept. */
const FIRST_IDS = 4;
export const SUBJECTS_MAX = 50_000;

interface Entry {
  readonly id: string;
  readonly closeHour: number;
  revision: number;
  count: number;
  /** Counts at which it is reported again: each doubling. */
  reportedCount: number;
  reportedStrength: number;
  severity: Severity;
  criticality: number;
  firstIds: string[];
  latestIds: string[];
  /** The strongest signal so far, as it is shown; and the latest event's time and flag. */
  finding: Finding;
  /** The latest event that was only counted since. */
  repeated: { readonly time: number; readonly seq: number; readonly historical: boolean } | null;
}

/**
 * Turns signals on single events into findings: one a day for each detector, entity and subject, with revisions when it grows graver
 * or stronger by a decade, at each doubling of its events, and when the day is closed.
 */
export class SignalBook {
  private entries = new Map<string, Entry>();
  overflow = 0;
  private readonly tenant: string;

  constructor(tenant: string) {
    this.tenant = tenant;
  }

  get size(): number {
    return this.entries.size;
  }

  /**
   * One more event of a finding that need not be told again: neither graver nor stronger nor twice as often as it was told. What it says is
   * kept; its count, its last event and its events go on. False: `note` has to tell it.
   */
  repeat(analytic: AnalyticDescriptor, { type, id }: Entity, subject: string, severity: Severity, strength: number, eventIds: readonly string[], event: SignalEvent): boolean {
    const entry = this.entries.get(keyOf(analytic, type, id, subject, Math.floor(event.time / DAY_MS) * DAY_MS));
    if (entry === undefined || severityRank(severity) > severityRank(entry.severity) || strength > entry.finding.strength || entry.count + 1 >= 2 * entry.reportedCount) return false;
    entry.count += 1;
    entry.criticality = Math.max(entry.criticality, event.criticality);
    for (const each of eventIds) if (!entry.firstIds.includes(each) && !entry.latestIds.includes(each)) entry.latestIds.push(each);
    if (entry.latestIds.length > EVENT_IDS_MAX - FIRST_IDS) entry.latestIds.splice(0, entry.latestIds.length - (EVENT_IDS_MAX - FIRST_IDS));
    entry.repeated = { time: event.time, seq: event.seq, historical: (event.flags & 1) !== 0 };
    return true;
  }

  /** `hour` is the tenant's event-time hour. */
  note(signal: Signal, event: SignalEvent, hour: number, out: Finding[]): void {
    const { analytic, entity, subject } = signal;
    const dayStart = Math.floor(event.time / DAY_MS) * DAY_MS;
    const key = keyOf(analytic, entity.type, entity.id, subject, dayStart);
    const known = this.entries.get(key);
    if (known !== undefined) { this.grow(known, signal, event, out); return; }
    if (this.entries.size >= SUBJECTS_MAX) {
      const [oldest, entry] = this.entries.entries().next().value!;
      this.entries.delete(oldest);
      this.overflow += 1;
      this.close(entry, out);
    }
    const dayCloses = dayStart / HOUR_MS + 24 + IDLE_CLOSE_HOURS;
    // A day that is over already (history after the present) is told apart by when it came.
    const late = dayCloses <= hour ? hour : 0;
    const id = findingId([analytic.id, analytic.idVersion ?? analytic.version, this.tenant, entity.type, entity.id, 'day', dayStart, subject, late]);
    const finding = this.findingOf(id, 0, signal, event, dayStart, uniqueIds([...signal.eventIds, event.id]), 1);
    this.entries.set(key, {
      id, closeHour: late === 0 ? dayCloses : hour + IDLE_CLOSE_HOURS, revision: 0, count: 1, reportedCount: 1, reportedStrength: signal.strength, severity: signal.severity,
      criticality: event.criticality, firstIds: uniqueIds([...signal.eventIds, event.id]).slice(0, FIRST_IDS), latestIds: [], finding, repeated: null,
    });
    out.push(finding);
  }

  private grow(entry: Entry, signal: Signal, event: SignalEvent, out: Finding[]): void {
    entry.count += 1;
    entry.repeated = null;
    entry.criticality = Math.max(entry.criticality, event.criticality);
    entry.latestIds = uniqueIds([...entry.latestIds, ...signal.eventIds.filter((id) => !entry.firstIds.includes(id)), event.id]).slice(-(EVENT_IDS_MAX - FIRST_IDS));
    const graver = severityRank(signal.severity) > severityRank(entry.severity);
    if (graver) entry.severity = signal.severity;
    const stronger = signal.strength >= entry.reportedStrength + 1;
    const shown = graver || signal.strength >= entry.finding.strength ? signal : null;
    const ids = [...entry.firstIds, ...entry.latestIds];
    const dayStart = entry.finding.window.start;
    if (shown !== null) entry.finding = this.findingOf(entry.id, entry.revision, { ...shown, severity: entry.severity }, event, dayStart, ids, entry.count, entry.criticality);
    else entry.finding = { ...entry.finding, time: event.time, seq: event.seq, historical: (event.flags & 1) !== 0, criticality: entry.criticality, explanation: { ...entry.finding.explanation, eventIds: ids } };
    if (!graver && !stronger && entry.count < 2 * entry.reportedCount) return;
    entry.revision += 1;
    entry.reportedCount = entry.count;
    entry.reportedStrength = Math.max(entry.reportedStrength, signal.strength);
    entry.finding = { ...entry.finding, revision: entry.revision };
    out.push(entry.finding);
  }

  /** The tenant's event time has reached `hour`: closes the days that are over, with a last revision each. */
  advance(hour: number, out: Finding[]): void {
    for (const [key, entry] of this.entries) {
      if (entry.closeHour > hour) continue;
      this.entries.delete(key);
      this.close(entry, out);
    }
  }

  private close(entry: Entry, out: Finding[]): void {
    const { finding, repeated, criticality, firstIds, latestIds, count } = entry;
    const revision = entry.revision + 1;
    if (repeated === null) out.push({ ...finding, revision, closed: true });
    else out.push({ ...finding, ...repeated, criticality, revision, closed: true, explanation: { ...finding.explanation, summary: finding.deterministic ? countedSummary(finding.explanation.summary, count) : finding.explanation.summary, eventIds: [...firstIds, ...latestIds] } });
  }

  private findingOf(id: string, revision: number, signal: Signal, event: SignalEvent, dayStart: number, eventIds: readonly string[], count: number, criticality = event.criticality): Finding {
    const { analytic, entity, strength } = signal;
    const rounded = Number(strength.toPrecision(9));
    return {
      id, revision, tenant: this.tenant, entity: { type: entity.type, id: entity.id }, detector: { id: analytic.id, version: analytic.version }, reason: analytic.reason,
      title: signal.title, window: { start: dayStart, end: dayStart + DAY_MS }, time: event.time, historical: (event.flags & 1) !== 0, deterministic: analytic.deterministic,
      strength: rounded, p: analytic.deterministic ? null : 10 ** -rounded, criticality, severity: signal.severity,
      explanation: {
        summary: analytic.deterministic ? countedSummary(signal.summary, count) : signal.summary,
        observed: signal.observed, expected: signal.expected, unit: signal.unit, unlikely: null,
        contributions: signal.matched.map(({ field, value, pattern }, index) => ({ feature: field, label: pattern, observed: value, expected: 'none', share: shareOf(index, signal.matched.length) })),
        counterfactual: { ...signal.counterfactual }, peers: null, history: [], techniques: [...analytic.techniques], duties: [...analytic.duties],
        ...capabilitiesSpoken(analytic.id, entity, []),
        matched: signal.matched.map((match) => ({ ...match })), calibration: signal.calibration, baseline: null, ...(signal.runbook === undefined ? {} : { runbook: signal.runbook }), eventIds: eventIds.slice(0, EVENT_IDS_MAX),
      },
      seq: event.seq, closed: false,
    };
  }

  /** What it carries on with after a restart: the analytics are named, for they are code. */
  dump(): unknown {
    return { entries: this.entries, overflow: this.overflow };
  }

  load(state: unknown): void {
    const from = state as { entries: Map<string, Entry>; overflow: number };
    this.entries = from.entries;
    this.overflow = from.overflow;
  }
}

const keyOf = (analytic: AnalyticDescriptor, type: string, id: string, subject: string, dayStart: number): string => `${analytic.id}|${type}:${id}|${subject}|${dayStart}`;
const COUNTED = / It is the [\d,]+(?:st|nd|rd|th) time on this day\.$/;
const countedSummary = (summary: string, count: number): string => (count > 1 ? `${summary.replace(COUNTED, '')} It is the ${numberWords(count)}${ordinal(count)} time on this day.` : summary);
const uniqueIds = (ids: readonly string[]): string[] => [...new Set(ids)];
/** Equal shares that sum to one: pieces of certain evidence are not more or less certain. */
const shareOf = (index: number, count: number): number => (index < count - 1 ? Number((1 / count).toFixed(6)) : Number((1 - (count - 1) * Number((1 / count).toFixed(6))).toFixed(6)));

function ordinal(count: number): string {
  if (count % 100 >= 11 && count % 100 <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][count % 10] ?? 'th';
}

