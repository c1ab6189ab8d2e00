import type { Entity } from '@wary/model/entity.js';
import type { Finding, Severity } from '@wary/model/finding.js';
import type { AnalyticDescriptor } from '../detector.js';
import { findingId } from '../finding-id.js';
import { chanceWords } from '../words.js';

/** One thing that the monitor sees about itself. */
export interface WatchSignal {
  readonly analytic: AnalyticDescriptor;
  readonly entity: Entity;
  /** What it is about, beside the entity; with the start it makes the finding. */
  readonly subject: string;
  readonly start: number;
  readonly end: number;
  readonly strength: number;
  readonly severity: Severity;
  readonly title: string;
  readonly summary: string;
  readonly label: string;
  readonly observed: number;
  readonly expected: { readonly value: number; readonly low: number; readonly high: number };
  readonly usual: string;
  readonly unit: string;
  readonly counterfactual: { readonly text: string; readonly value: number | null };
  readonly todo: string;
}

const watchFindingId = (tenant: string, { analytic, entity, subject, start }: Pick<WatchSignal, 'analytic' | 'entity' | 'subject' | 'start'>): string =>
  findingId([analytic.id, analytic.idVersion ?? analytic.version, tenant, entity.type, entity.id, 'watch', start, subject]);

export function watchFinding(tenant: string, signal: WatchSignal, revision: number, seq: number, closed: boolean): Finding {
  const { analytic, entity, start, end, severity, title, summary, label, observed, expected, usual, unit, counterfactual } = signal;
  const strength = Number(signal.strength.toPrecision(9));
  return {
    id: watchFindingId(tenant, signal), revision, tenant, entity: { type: entity.type, id: entity.id }, detector: { id: analytic.id, version: analytic.version }, reason: analytic.reason, title,
    window: { start, end }, time: end, historical: false, deterministic: false, strength, p: 10 ** -strength, criticality: 2, severity,
    explanation: {
      summary: `${summary} By chance: ${chanceWords(strength)}.`, observed, expected: { ...expected }, unit, unlikely: chanceWords(strength),
      contributions: [{ feature: analytic.features[0]!, label, observed, expected: usual, share: 1 }],
      counterfactual: { text: counterfactual.text, feature: analytic.features[0]!, value: counterfactual.value },
      peers: null, history: [], techniques: [...analytic.techniques], duties: [...analytic.duties], runbook: signal.todo, calibration: 'model', baseline: null, eventIds: [],
    },
    seq, closed,
  };
}
