import { DETECTORS } from '@wary/detect/analytics.js';
import type { AnalyticDescriptor } from '@wary/detect/detector.js';
import type { DetectorSettings } from '@wary/detect/engine.js';
import { WaryError } from '@wary/model/errors.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { DetectorSettingsStore, StoredDetectorSettings } from '@wary/ports/detector-settings-store.port.js';
import type { Actor } from '@wary/ports/workflow.port.js';
import type { FieldError } from '../errors/problem.js';
import { requireVersion } from '../errors/require-version.js';
import { precisionOf, type Precision, type PrecisionSource } from './precision.js';
import { defaultWeight, findDetector, thresholdsOf, WEIGHT_BOUNDS } from './setting-bounds.js';

export interface DetectorChange { readonly enabled?: boolean; readonly weight?: number; /** null: back to its default. */ readonly thresholds?: Readonly<Record<string, number | null>> }
export interface DetectorState { readonly descriptor: AnalyticDescriptor; readonly settings: DetectorSettings; readonly changed: StoredDetectorSettings | null; readonly precision: Precision | null }
export type SettingsByDetector = Readonly<Record<string, DetectorSettings>>;

export interface DetectorService {
  /** For the engine: every detector with what holds for it. */
  settings(tenant: string): Promise<SettingsByDetector>;
  list(tenant: string): Promise<DetectorState[]>;
  get(tenant: string, id: string): Promise<DetectorState>;
  change(tenant: string, id: string, change: DetectorChange, by: Actor, ifMatch?: number): Promise<DetectorState>;
  onChange(listener: (settings: SettingsByDetector, tenant: string) => void): () => void;
}
export const DETECTOR_SERVICE = Symbol.for('wary.DetectorService');

export function createDetectorService({ store, clock, precision: readPrecision }: { store: DetectorSettingsStore; clock: Clock; precision?: PrecisionSource }): DetectorService {
  const listeners = new Set<(settings: SettingsByDetector, tenant: string) => void>();
  const stored = async (tenant: string): Promise<Map<string, StoredDetectorSettings>> => new Map((await store.listDetectorSettings(tenant)).map((one) => [one.detector, one]));
  const stateOf = (descriptor: AnalyticDescriptor, changed: StoredDetectorSettings | null, judged: Awaited<ReturnType<PrecisionSource>>): DetectorState =>
    ({ descriptor, settings: settingsOf(descriptor, changed), changed, precision: precisionOf(judged[descriptor.id] ?? { confirmed: 0, judged: 0 }) });
  const judgedOf = async (tenant: string): ReturnType<PrecisionSource> => (readPrecision === undefined ? {} : readPrecision(tenant));

  async function settings(tenant: string): Promise<SettingsByDetector> {
    const changed = await stored(tenant);
    return Object.fromEntries(DETECTORS.map((descriptor) => [descriptor.id, settingsOf(descriptor, changed.get(descriptor.id) ?? null)]));
  }

  return {
    settings,

    async list(tenant) {
      const [changed, judged] = await Promise.all([stored(tenant), judgedOf(tenant)]);
      return DETECTORS.map((descriptor) => stateOf(descriptor, changed.get(descriptor.id) ?? null, judged));
    },

    async get(tenant, id) {
      const descriptor = demand(id);
      const [changed, judged] = await Promise.all([stored(tenant), judgedOf(tenant)]);
      return stateOf(descriptor, changed.get(id) ?? null, judged);
    },

    async change(tenant, id, change, by, ifMatch) {
      const descriptor = demand(id);
      assertWithinBounds(descriptor, change);
      const at = clock.now();
      const next = await store.changeDetectorSettings(tenant, id, (current) => {
        requireVersion(current?.version ?? 0, ifMatch);
        const before = settingsOf(descriptor, current);
        const merged = { ...current?.thresholds, ...change.thresholds };
        const thresholds = Object.fromEntries(Object.entries(merged).filter((entry): entry is [string, number] => entry[1] !== null));
        const row: StoredDetectorSettings = { detector: id, enabled: change.enabled ?? before.enabled, weight: change.weight ?? before.weight, thresholds, version: (current?.version ?? 0) + 1, updatedAt: at, updatedBy: by.name };
        return { next: row, audit: { tenant, at, actor: by, action: 'detector.tune', target: `detector:${id}`, before, after: settingsOf(descriptor, row) } };
      });
      const all = await settings(tenant);
      for (const listener of listeners) listener(all, tenant);
      return stateOf(descriptor, next, await judgedOf(tenant));
    },

    onChange(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
  };
}

function demand(id: string): AnalyticDescriptor {
  const descriptor = findDetector(id);
  if (descriptor === null) throw new WaryError('not_found', 'There is no such detector');
  return descriptor;
}

/** What was changed over the defaults; what a detector no longer has is left out. */
function settingsOf(descriptor: AnalyticDescriptor, changed: StoredDetectorSettings | null): DetectorSettings {
  const thresholds = Object.fromEntries(thresholdsOf(descriptor).map(({ name, value }) => [name, changed?.thresholds[name] ?? value]));
  return { enabled: changed?.enabled ?? true, weight: changed?.weight ?? defaultWeight(descriptor), thresholds };
}

function assertWithinBounds(descriptor: AnalyticDescriptor, { weight, thresholds = {} }: DetectorChange): void {
  const errors: FieldError[] = [];
  const known = new Map(thresholdsOf(descriptor).map((one) => [one.name, one.bounds]));
  if (weight !== undefined && (weight < WEIGHT_BOUNDS.min || weight > WEIGHT_BOUNDS.max)) errors.push({ path: 'weight', message: `must be from ${WEIGHT_BOUNDS.min} to ${WEIGHT_BOUNDS.max}` });
  for (const [name, value] of Object.entries(thresholds)) {
    const bounds = known.get(name);
    if (bounds === undefined) errors.push({ path: `thresholds.${name}`, message: known.size === 0 ? 'this detector has no thresholds' : `is no threshold of this detector; there are ${[...known.keys()].join(', ')}` });
    else if (value !== null && (value < bounds.min || value > bounds.max)) errors.push({ path: `thresholds.${name}`, message: `must be from ${bounds.min} to ${bounds.max}` });
  }
  if (errors.length > 0) throw new WaryError('validation_failed', undefined, { errors });
}
