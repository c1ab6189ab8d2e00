import { ANALYTICS, DETECTORS } from '@wary/detect/analytics.js';
import type { AnalyticDescriptor } from '@wary/detect/detector.js';

export interface Bounds { readonly min: number; readonly max: number }

export const WEIGHT_BOUNDS: Bounds = { min: 0, max: 10 };
/** A setting without bounds of its own may go this far either way of its default. */
const FACTOR = 10;

/** Beyond these a detector would be switched off in effect, or fire at everything: that is for `enabled` to say. */
const BOUNDS: Readonly<Record<string, Bounds>> = {
  'personal_data_bulk.eventItemsMin': { min: 1, max: 10_000 },
  'personal_data_bulk.hourItemsMin': { min: 1, max: 100_000 },
  'impossible_travel.speedKmPerHourMax': { min: 100, max: 20_000 },
  'impossible_travel.distanceKmMin': { min: 50, max: 20_000 },
  'sensitive_egress.sessionMinutesMax': { min: 1, max: 1_440 },
  'injection_campaign.flaggedShareAttack': { min: 0.05, max: 0.99 },
  'injection_campaign.flaggedShareUsual': { min: 0.0001, max: 0.5 },
  'injection_campaign.thresholdDecades': { min: 1, max: 12 },
  'campaign.membersMin': { min: 2, max: 1_000 },
  'silent_source.decadesMin': { min: 2, max: 12 },
  'firing_shift.decadesMin': { min: 2, max: 12 },
  'starved_baseline.decadesMin': { min: 2, max: 12 },
  'entity_flood.decadesMin': { min: 2, max: 12 },
  'coverage_gap.decadesMin': { min: 2, max: 12 },
  'drift.decadesMin': { min: 3, max: 12 },
  'drift.effectMin': { min: 0.05, max: 3 },
  'retraining.lossMin': { min: 0.002, max: 0.5 },
  'retraining.labelsMin': { min: 30, max: 100_000 },
  'retraining.decisionsMin': { min: 100, max: 1_000_000 },
  'retraining.coolDownDays': { min: 1, max: 365 },
  'group_gap.decadesMin': { min: 1, max: 12 },
  'group_gap.effectMin': { min: 0.02, max: 3 },
  'version_gap.decadesMin': { min: 1, max: 12 },
  'version_gap.effectMin': { min: 0.01, max: 3 },
};

export const findDetector = (id: string): AnalyticDescriptor | null => (Object.hasOwn(ANALYTICS, id) ? DETECTORS.find((one) => one.id === id) ?? null : null);

/** Thresholds that can be set, with their defaults; `weight` has a place of its own. */
export function thresholdsOf(detector: AnalyticDescriptor): Array<{ readonly name: string; readonly value: number; readonly bounds: Bounds }> {
  return Object.entries(detector.settings).filter(([name]) => name !== 'weight').map(([name, value]) => ({ name, value, bounds: BOUNDS[`${detector.id}.${name}`] ?? { min: value / FACTOR, max: value * FACTOR } }));
}

export const defaultWeight = (detector: AnalyticDescriptor): number => detector.settings['weight'] ?? 1;
