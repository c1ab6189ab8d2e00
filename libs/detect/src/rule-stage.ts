import type { Entity } from '@wary/model/entity.js';
import type { CorrelatedEvent, Forwarded } from '@wary/model/correlated-event.js';
import { EVENT_FLAG, type Event } from '@wary/model/event.js';
import type { Severity, Technique } from '@wary/model/finding.js';
import { ANALYTIC_TYPE, type AnalyticDescriptor, type Signal } from './detector.js';
import { entityWords } from './words.js';

/** What the stage says of a rule that held. */
export interface RuleFacts {
  readonly id: string;
  /** Of its text and settings; rises with every change. */
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  readonly techniques: readonly Technique[];
  readonly duties: readonly string[];
  readonly runbook: string | null;
}

export interface RuleMatch {
  readonly rule: RuleFacts;
  /** Event time of what decided, epoch ms. */
  readonly time: number;
  readonly event: { readonly id: string; readonly entity: Entity; readonly criticality: number; readonly flags: number };
  readonly eventIds: readonly string[];
  /** What decided; asked for at once or never. */
  readonly explain: () => ReadonlyArray<{ readonly selection: string; readonly field: string; readonly value: string; readonly pattern: string }>;
  /** Group of a correlation: one finding a day for each. */
  readonly group: string;
}

/** The rules of one tenant with their windows; its state is plain data. */
export interface RuleRunner {
  observe(event: Event): readonly RuleMatch[];
  /** Where correlations run behind all partitions: what they need of the latest event. */
  readonly forwarded?: Forwarded | null;
  dump(): unknown;
  load(state: unknown): void;
}

/** The correlations of one tenant, behind all partitions. */
export interface CorrelationRunner {
  observe(event: CorrelatedEvent, rules: readonly string[]): readonly RuleMatch[];
  /** Events up to this time have passed, of history or of the present. */
  pass(time: number, historical: boolean): readonly RuleMatch[];
  dump(): unknown;
  load(state: unknown): void;
}

/** What the signal book reads of an event. */
export type SignalEvent = Pick<Event, 'id' | 'time' | 'flags' | 'seq' | 'criticality'>;

/** −log10 of how often a rule of this severity would hold by accident, by the words of its author: it orders alerts and weighs nothing in the budget. */
const STRENGTH: Readonly<Record<Severity, number>> = { informational: 1, low: 2, medium: 3, high: 5, critical: 8 };
/** Detectors that are rules have this before the rule's id. */
export const RULE_PREFIX = 'rule:';

/** Where signals go. */
export interface RuleBook {
  /** Counts one more of what is known; false when it has to be told anew, by a `note`. */
  repeat(analytic: AnalyticDescriptor, entity: Entity, subject: string, severity: Severity, strength: number, eventIds: readonly string[], event: SignalEvent): boolean;
  note(signal: Signal, event: SignalEvent): void;
}

/**
 * What a rule matched becomes a signal like any other: deterministic evidence outside of the budget, one finding a day for each rule,
 * entity and group, one alert for each rule and entity, explained by selection, field and value.
 */
export class RuleStage {
  private readonly teller = new RuleTeller();

  constructor(private readonly runner: RuleRunner) {}

  inspect(event: Event, book: RuleBook, forwarded: Forwarded[]): void {
    this.teller.tell(this.runner.observe(event), event, event.seq, book);
    const passed = this.runner.forwarded;
    if (passed !== undefined && passed !== null) forwarded.push(passed);
  }

  dump(): unknown {
    return this.runner.dump();
  }

  load(state: unknown): void {
    this.runner.load(state);
  }
}

/** Makes signals of matches. */
export class RuleTeller {
  private readonly analytics = new Map<string, AnalyticDescriptor>();

  /** `event`: the one under way, if there is one. */
  tell(matches: readonly RuleMatch[], event: SignalEvent | null, seq: number, book: RuleBook): void {
    for (let at = 0; at < matches.length; at += 1) {
      const match = matches[at]!;
      const when: SignalEvent = event !== null && match.event.id === event.id ? event : { id: match.event.id, time: match.time, flags: match.event.flags & EVENT_FLAG.historical, seq, criticality: match.event.criticality };
      // Most matches repeat what the finding of the day says already: they are counted, and not explained again.
      const analytic = this.analyticOf(match.rule);
      if (!book.repeat(analytic, match.event.entity, match.group, match.rule.severity, STRENGTH[match.rule.severity], match.eventIds, when)) book.note(this.signalOf(match, analytic), when);
    }
  }

  private signalOf({ rule, event, eventIds, explain, group }: RuleMatch, analytic: AnalyticDescriptor): Signal {
    const matched = explain();
    const lead = matched[0];
    return {
      analytic, entity: event.entity, subject: group, strength: STRENGTH[rule.severity], severity: rule.severity,
      title: rule.title, summary: `${entityWords(event.entity)}: ${rule.title}. ${rule.description}`.trim(), matched,
      counterfactual: lead === undefined
        ? { text: `Without event ${event.id} the rule would have stayed quiet.`, feature: rule.id, value: null }
        : { text: `Had ${lead.field} not been ${lead.value} (${lead.pattern}), the rule would have stayed quiet.`, feature: lead.field, value: null },
      observed: null, expected: null, unit: '', calibration: 'deterministic', eventIds: eventIds.filter((id) => id !== event.id), ...(rule.runbook === null ? {} : { runbook: rule.runbook }),
    };
  }

  private analyticOf(rule: RuleFacts): AnalyticDescriptor {
    const id = RULE_PREFIX + rule.id;
    let analytic = this.analytics.get(id);
    if (analytic === undefined || analytic.version !== rule.version) {
      const { version, title, description, techniques, duties } = rule;
      analytic = { id, version, idVersion: 0, name: title, description, reason: id, typeId: ANALYTIC_TYPE.rule, deterministic: true, techniques, duties, features: [], settings: {}, limits: {}, blindSpots: '' };
      this.analytics.set(id, analytic);
    }
    return analytic;
  }
}
