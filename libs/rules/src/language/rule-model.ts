import type { Expr } from './expr.js';

export const STATUSES = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'] as const;
export const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export const RELATIONS = ['derived', 'obsolete', 'obsoletes', 'merged', 'renamed', 'similar', 'correlation'] as const;
/** Two are ours: techniques of MITRE ATLAS, as in `atlas.aml.t0024`, and OWASP's lists with their year, as in `owasp.llm01-2025`. */
export const TAG_NAMESPACES = ['attack', 'atlas', 'car', 'cve', 'd3fend', 'detection', 'owasp', 'stp', 'tlp'] as const;

export interface LogSource { readonly category: string | null; readonly product: string | null; readonly service: string | null }

/** What rules, correlations and filters share. */
export interface Heading {
  /** What a match names: the rule's id, else its name, else file and document. */
  readonly id: string;
  readonly name: string | null;
  readonly title: string;
  readonly status: (typeof STATUSES)[number] | null;
  readonly level: (typeof LEVELS)[number] | null;
  readonly description: string | null;
  readonly author: string | null;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  readonly falsePositives: readonly string[];
  readonly related: readonly { readonly id: string; readonly type: string }[];
  readonly fields: readonly string[];
  /** What to do when it fires; ours, as Sigma has no place for it. */
  readonly runbook: string | null;
  readonly source: { readonly file: string; readonly document: number };
}

export interface SigmaRule extends Heading {
  readonly kind: 'rule';
  readonly logsource: LogSource;
  /** Its own condition, with every filter that names it. */
  readonly condition: Expr;
  readonly selections: ReadonlyMap<string, Expr>;
}

export interface SigmaFilter extends Heading {
  readonly kind: 'filter';
  readonly logsource: LogSource;
  readonly rules: readonly string[] | 'any';
  readonly condition: Expr;
}

export const CORRELATION_TYPES = ['event_count', 'value_count', 'temporal', 'temporal_ordered', 'value_sum', 'value_avg', 'value_percentile', 'value_median'] as const;
export type CorrelationType = (typeof CORRELATION_TYPES)[number];
export interface Bound { readonly operator: 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq'; readonly value: number }
/** Which of the rules were seen in the window. */
export type Seen = { readonly op: 'and' | 'or'; readonly of: readonly Seen[] } | { readonly op: 'not'; readonly of: Seen } | { readonly op: 'seen'; readonly rule: string };

export interface SigmaCorrelation extends Heading {
  readonly kind: 'correlation';
  readonly type: CorrelationType;
  /** Ids or names, as written. */
  readonly rules: readonly string[];
  readonly groupBy: readonly string[];
  readonly timespanMs: number;
  /** All must hold; empty for temporal ones. */
  readonly bounds: readonly Bound[];
  /** Of value_*: one field, of value_count also several (tuples). */
  readonly valueFields: readonly string[];
  readonly percentile: number;
  readonly seen: Seen | null;
  /** Group field → rule → its field. */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The rules it reads also match alone. */
  readonly generate: boolean;
}

export type SigmaDocument = SigmaRule | SigmaFilter | SigmaCorrelation;
