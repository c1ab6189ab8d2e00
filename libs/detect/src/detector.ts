import type { Event } from '@wary/model/event.js';
import type { Severity, Technique } from '@wary/model/finding.js';
import type { Entity } from '@wary/model/entity.js';

/** OCSF `analytic.type_id`. */
export const ANALYTIC_TYPE = { rule: 1, behavioral: 2, statistical: 3, learning: 4 } as const;
export type AnalyticTypeId = (typeof ANALYTIC_TYPE)[keyof typeof ANALYTIC_TYPE];

/** What a detector is, for lists, findings and the coverage map. The version rises when the same events would be judged differently. */
export interface AnalyticDescriptor {
  readonly id: string;
  readonly version: number;
  /** In place of the version in the ids of findings, where versions come and go within a day and the thing stays the same: a rule. */
  readonly idVersion?: number;
  readonly name: string;
  readonly description: string;
  /** Groups findings into one alert together with the entity. */
  readonly reason: string;
  readonly typeId: AnalyticTypeId;
  /** Signature-like evidence: outside the budget. */
  readonly deterministic: boolean;
  readonly techniques: readonly Technique[];
  /** Compliance duties it touches, e.g. "GDPR 33". */
  readonly duties: readonly string[];
  /** Feature ids it reads. */
  readonly features: readonly string[];
  /** Its settings with their defaults; a change is an audited act. */
  readonly settings: Readonly<Record<string, number>>;
  /** Bounds of its state, units in the names. */
  readonly limits: Readonly<Record<string, number>>;
  /** What it cannot see. */
  readonly blindSpots: string;
}

/** One piece of deterministic or sequential evidence on one event; the signal book turns it into revisions of a finding. */
export interface Signal {
  readonly analytic: AnalyticDescriptor;
  readonly entity: Entity;
  /** What it is about (canary id, resource, pair of countries): one finding a day for each. */
  readonly subject: string;
  /** −log10 of how often such evidence would be there by accident, or log10 of an e-value. */
  readonly strength: number;
  readonly severity: Severity;
  readonly title: string;
  readonly summary: string;
  readonly matched: ReadonlyArray<{ field: string; value: string; pattern: string; /** Of a rule: which part of it. */ selection?: string }>;
  readonly counterfactual: { readonly text: string; readonly feature: string; readonly value: number | string | null };
  /** Measured value and what it was compared with, where there is one. */
  readonly observed: number | null;
  readonly expected: { readonly value: number; readonly low: number; readonly high: number } | null;
  readonly unit: string;
  readonly calibration: 'deterministic' | 'model';
  /** Earlier events that belong to it. */
  readonly eventIds: readonly string[];
  /** What to do, where the rule says it. */
  readonly runbook?: string;
}

/**
 * A detector that judges event by event. Its state is plain (`dump` gives structured data that `load` takes back);
 * it gets time from the event and nothing from a clock.
 */
export interface EventDetector {
  readonly analytic: AnalyticDescriptor;
  /** Thresholds by the names of `analytic.settings`; what is missing keeps its default. */
  configure(thresholds: Readonly<Record<string, number>>): void;
  inspect(event: Event, context: EventContext, emit: (signal: Signal) => void): void;
  dump(): unknown;
  load(state: unknown): void;
  /** Entries of its state, and the most it keeps; beyond, the oldest go and `overflow` counts them. */
  readonly stateItems: number;
  readonly stateItemsMax: number;
  readonly overflow: number;
}

/** Places for detectors' notes on a principal. */
export const NOTE = { travel: 0 } as const;
export type NoteIndex = (typeof NOTE)[keyof typeof NOTE];
export const NOTE_KINDS = Object.keys(NOTE).length;

/** What the engine knows of the principal when a detector looks at an event; the answers are those before the event. */
export interface EventContext {
  /** False for an event from the future: it is judged, and leaves no trace. */
  readonly learn: boolean;
  /** Has this principal used this value on an earlier day (learned, not under suspicion)? */
  hasUsed(category: 'resource' | 'country' | 'network', value: string): boolean;
  /** Days of this principal that were learned. */
  readonly daysLearned: number;
  /**
   * What a detector keeps of the event's principal. It lives with the entity: no look-up, no limit of its own, gone when the entity
   * makes room for others. Plain data, changed in place or put back by `keepNote`.
   */
  note(index: NoteIndex): unknown;
  keepNote(index: NoteIndex, note: unknown): void;
  /** The same for one time and one 32-bit word, 0 at first: for what is looked at with every event. */
  noteTime(index: NoteIndex): number;
  noteWord(index: NoteIndex): number;
  keepMark(index: NoteIndex, time: number, word: number): void;
  /** How many principals of the tenant have adopted this network. */
  networkUsers(network: string): number;
  /** log10 of the average run length that a sequential detector must keep to stay within the budget. */
  readonly runLengthDecades: number;
}
