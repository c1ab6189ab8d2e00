import type { Alert } from '@wary/model/alert.js';
import type { Entity } from '@wary/model/entity.js';
import type { Severity } from '@wary/model/finding.js';
import type { Action, Role } from '@wary/model/permissions.js';

/** What the API answers beside the model's own types. */
export interface Page<T> { readonly items: T[]; readonly next: string | null }

export interface Me {
  readonly id: string; readonly email: string; readonly name: string; readonly role: Role; readonly actions: readonly Action[];
  /** Signed in with a generated password: it must be changed before anything else is allowed. */
  readonly mustChangePassword: boolean;
  readonly secondFactor: boolean;
  /** The configuration requires a second factor and there is none yet: nothing else is allowed before. */
  readonly mustSetUpSecondFactor: boolean;
}

export interface SecondFactorStatus { readonly enabled: boolean; readonly enabledAt: number | null; readonly recoveryCodesLeft: number; readonly required: boolean }

export interface Session { readonly id: string; readonly createdAt: number; readonly lastSeenAt: number; readonly ip: string; readonly userAgent: string; readonly current: boolean }

export interface BulkResult { readonly id: string; readonly alert: Alert | null; readonly error: { readonly code: string; readonly message: string } | null }

export type { SuppressionPreview } from '@wary/ports/workflow.port.js';

export interface EntitySummary {
  readonly entity: Entity; readonly peerGroup: string; readonly events: number; readonly firstSeen: number; readonly lastSeen: number; readonly risk: number;
}
export interface HourlyCell { readonly weekday: number; readonly hour: number; readonly events: number }
export interface DailyPoint { readonly day: string; readonly events: number; readonly bytes: number; readonly failures: number }
export interface TopValue { readonly value: string; readonly events: number; readonly lastSeen: number }

/** One line of the risk arithmetic: what an alert brought, and what is left of it now. */
export interface RiskEntry {
  readonly alertId: string; readonly title: string; readonly severity: Severity; readonly at: number; readonly points: number; readonly remaining: number;
}
export interface RiskPoint { readonly at: number; readonly risk: number }

export interface BaselineRow {
  readonly feature: string; readonly label: string; readonly window: string; readonly unit: string;
  readonly expected: number; readonly low: number; readonly high: number; readonly current: number | null; readonly windows: number;
  /** Percent of the peers' windows below what is usual here. */
  readonly percentile?: number | null;
}

/** Where a stream of a model stands against what was usual. */
export interface DriftRow {
  readonly stream: string; readonly label: string; readonly family: string; readonly unit: string; readonly use: string;
  readonly zone: 'learning' | 'stable' | 'warning' | 'alarm'; readonly since: number | null; readonly usual: number | null; readonly now: number | null;
  readonly effect: number; readonly evidence: number; readonly events: number; readonly hours: number;
}
/** One group of people against the rest, or one version against the one before, in the same hours. */
export interface ComparisonRow {
  readonly attribute: string; readonly value: string; readonly against: string; readonly measure: string; readonly label: string; readonly use: string;
  readonly zone: 'learning' | 'even' | 'evident' | 'apart'; readonly since: number; readonly share: number | null; readonly otherShare: number | null; readonly low: number | null; readonly high: number | null;
  readonly effect: number; readonly evidence: number; readonly events: number; readonly otherEvents: number;
}
export interface ModelDrift { readonly releasedAt: number | null; readonly released: string; readonly alarmDecades: number; readonly streams: readonly DriftRow[]; readonly comparisons?: readonly ComparisonRow[] }

export interface PeerReason { readonly label: string; readonly own: number; readonly group: number; readonly kind: number }
export interface Peering {
  readonly source: 'declared' | 'behaviour' | 'kind'; readonly group: string; readonly since: number | null; readonly members: number; readonly drawn: number | null;
  readonly reasons: readonly PeerReason[]; readonly amounts: readonly PeerReason[]; readonly nearest: ReadonlyArray<{ readonly id: string; readonly likeness: number }>;
}

export interface EntityDetail {
  readonly summary: EntitySummary;
  readonly person: { readonly name: string; readonly email: string; readonly group: string; readonly country: string; readonly status: string } | null;
  readonly risk: { readonly now: number; readonly halfLifeDays: number; readonly entries: readonly RiskEntry[]; readonly series: readonly RiskPoint[] };
  readonly baselines: readonly BaselineRow[];
  /** Of a model. */
  readonly drift?: ModelDrift | null;
  readonly heatMap: readonly HourlyCell[];
  readonly peerHeatMap: readonly HourlyCell[];
  readonly daily: readonly DailyPoint[];
  readonly peers: readonly EntitySummary[];
  /** Whom it is held against, and why. */
  readonly peering?: Peering | null;
  readonly top: Readonly<Record<string, readonly TopValue[]>>;
  /** Own activity by local hour of the week, Monday first, as the detector has learned it. */
  readonly week?: readonly number[];
  readonly baselineSince?: number | null;
  readonly baselineWindows?: number;
  /** When and why its baselines began anew. */
  readonly baselineSplit?: { readonly at: number; readonly cause: 'release' | 'move' | 'rebaseline' } | null;
  /** Why nobody can say at the moment what is usual; null: somebody can. */
  readonly baselinesUnavailable?: string | null;
}

export interface Totals { readonly events: number; readonly firstTime: number; readonly lastTime: number; readonly entities: number }
export interface AlertCounts { readonly total: number; readonly bySeverity: Record<Severity, number>; readonly byStatus: Record<string, number> }
