import { DETECTORS } from '@wary/detect/analytics.js';
import type { AnalyticDescriptor } from '@wary/detect/detector.js';
import type { DetectorSettings } from '@wary/detect/engine.js';
import { DEFAULT_PEER_MODE, PEER_MODES, PEER_SETTING, PEER_SETTING_MODE, peerModeFrom, type PeerMode } from '@wary/detect/peers/peer-mode.js';
import type { Precision } from '@wary/model/backtest.js';
import { WaryError } from '@wary/model/errors.js';
import { verdictFactors } from '@wary/detect/verdict-weights.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { DetectorSettingsStore, StoredDetectorSettings } from '@wary/ports/detector-settings-store.port.js';
import type { Actor } from '@wary/ports/workflow.port.js';
import type { FieldError } from '../errors/problem.js';
import { requireVersion } from '../errors/require-version.js';
import { precisionOf, type PrecisionSource } from './precision.js';
import { defaultWeight, findDetector, thresholdsOf, WEIGHT_BOUNDS } from './setting-bounds.js';

export interface DetectorChange { readonly enabled?: boolean; readonly weight?: number; /** null: back to its default. */ readonly thresholds?: Readonly<Record<string, number | null>> }
export interface DetectorState { readonly descriptor: AnalyticDescriptor; readonly settings: DetectorSettings; readonly changed: StoredDetectorSettings | null; readonly precision: Precision | null; /** What verdicts multiply its weight by. */ readonly learned: number }
export type SettingsByDetector = Readonly<Record<string, DetectorSettings>>;

/** Whom a tenant's entities are held against. */
export interface PeerGroupsState { readonly source: PeerMode; readonly default: PeerMode; readonly settingsVersion: number; readonly updatedAt: number | null; readonly updatedBy: string | null }

export interface DetectorService {
  /** For the engine: every detector with what holds for it. */
  settings(tenant: string): Promise<SettingsByDetector>;
  list(tenant: string): Promise<DetectorState[]>;
  get(tenant: string, id: string): Promise<DetectorState>;
  change(tenant: string, id: string, change: DetectorChange, by: Actor, ifMatch?: number): Promise<DetectorState>;
  /** What would hold after these changes, checked as they would be and kept nowhere. */
  propose(tenant: string, changes: ReadonlyArray<DetectorChange & { readonly id: string }>): Promise<SettingsByDetector>;
  peerGroups(tenant: string): Promise<PeerGroupsState>;
  changePeerGroups(tenant: string, source: PeerMode, by: Actor, ifMatch?: number): Promise<PeerGroupsState>;
  /** Reads the verdicts again; tells the listeners when they have moved a weight. */
  refreshVerdicts(tenant: string): Promise<void>;
  onChange(listener: (settings: SettingsByDetector, tenant: string) => void): () => void;
  /** Reads a tenant's settings again and tells the listeners, after another process changed them. */
  reload(tenant: string): Promise<void>;
}
export const DETECTOR_SERVICE = Symbol.for('wary.DetectorService');

export function createDetectorService({ store, clock, precision: readPrecision }: { store: DetectorSettingsStore; clock: Clock; precision?: PrecisionSource }): DetectorService {
  const listeners = new Set<(settings: SettingsByDetector, tenant: string) => void>();
  const stored = async (tenant: string): Promise<Map<string, StoredDetectorSettings>> => new Map((await store.listDetectorSettings(tenant)).map((one) => [one.detector, one]));
  const stateOf = (descriptor: AnalyticDescriptor, changed: StoredDetectorSettings | null, judged: Awaited<ReturnType<PrecisionSource>>): DetectorState =>
    ({ descriptor, settings: settingsOf(descriptor, changed), changed, precision: precisionOf(judged[descriptor.id] ?? { confirmed: 0, judged: 0 }), learned: verdictFactors(judged)[descriptor.id] ?? 1 });
  const judgedOf = async (tenant: string): ReturnType<PrecisionSource> => (readPrecision === undefined ? {} : readPrecision(tenant));

  const settingsFrom = (changed: ReadonlyMap<string, StoredDetectorSettings>): SettingsByDetector =>
    ({ ...Object.fromEntries(DETECTORS.map((descriptor) => [descriptor.id, settingsOf(descriptor, changed.get(descriptor.id) ?? null)])), ...peerSettings(changed.get(PEER_SETTING)) });
  /** As the engine has them: the weights that people set, times what their verdicts make of them. */
  async function learnt(tenant: string, settings: SettingsByDetector): Promise<SettingsByDetector> {
    const factors = verdictFactors(await judgedOf(tenant));
    return Object.fromEntries(Object.entries(settings).map(([id, one]) => [id, { ...one, weight: one.weight * (factors[id] ?? 1) }]));
  }
  /** What those who listen have: at first what was asked for first. */
  const heard = new Map<string, string>();
  async function settings(tenant: string): Promise<SettingsByDetector> {
    const all = await learnt(tenant, settingsFrom(await stored(tenant)));
    if (!heard.has(tenant)) heard.set(tenant, JSON.stringify(all));
    return all;
  }

  /** One after the other: what is told last was read last. */
  let telling: Promise<void> = Promise.resolve();
  function reload(tenant: string, onlyWhenNew = false): Promise<void> {
    const told = telling.then(async () => {
      const all = await settings(tenant);
      const text = JSON.stringify(all);
      if (onlyWhenNew && heard.get(tenant) === text) return;
      heard.set(tenant, text);
      for (const listener of listeners) listener(all, tenant);
    });
    telling = told.catch(() => {});
    return told;
  }

  return {
    settings, reload,

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
        const row = changedRow(descriptor, current, change, at, by.name);
        return { next: row, audit: { tenant, at, actor: by, action: 'detector.tune', target: `detector:${id}`, before, after: settingsOf(descriptor, row) } };
      });
      await reload(tenant);
      return stateOf(descriptor, next, await judgedOf(tenant));
    },

    async propose(tenant, changes) {
      const changed = await stored(tenant);
      for (const { id, ...change } of changes) {
        const descriptor = demand(id);
        assertWithinBounds(descriptor, change);
        changed.set(id, changedRow(descriptor, changed.get(id) ?? null, change, clock.now(), ''));
      }
      return learnt(tenant, settingsFrom(changed));
    },

    async peerGroups(tenant) {
      return peerGroupsOf((await stored(tenant)).get(PEER_SETTING) ?? null);
    },

    async changePeerGroups(tenant, source, by, ifMatch) {
      const at = clock.now();
      const next = await store.changeDetectorSettings(tenant, PEER_SETTING, (current) => {
        requireVersion(current?.version ?? 0, ifMatch);
        const row = { detector: PEER_SETTING, enabled: true, weight: 1, thresholds: { [PEER_SETTING_MODE]: PEER_MODES.indexOf(source) }, version: (current?.version ?? 0) + 1, updatedAt: at, updatedBy: by.name };
        return { next: row, audit: { tenant, at, actor: by, action: 'detector.tune', target: PEER_SETTING, before: { source: peerGroupsOf(current).source }, after: { source } } };
      });
      await reload(tenant);
      return peerGroupsOf(next);
    },

    refreshVerdicts: (tenant) => reload(tenant, true),

    onChange(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
  };
}

/** It lies among the settings of detectors, for all of them bear on it; what holds is a number there. */
const peerSettings = (changed: StoredDetectorSettings | undefined): SettingsByDetector => (changed === undefined ? {} : { [PEER_SETTING]: { enabled: true, weight: 1, thresholds: changed.thresholds } });
const peerGroupsOf = (changed: StoredDetectorSettings | null): PeerGroupsState =>
  ({ source: peerModeFrom(changed === null ? {} : { [PEER_SETTING]: changed }), default: DEFAULT_PEER_MODE, settingsVersion: changed?.version ?? 0, updatedAt: changed?.updatedAt ?? null, updatedBy: changed?.updatedBy ?? null });

function demand(id: string): AnalyticDescriptor {
  const descriptor = findDetector(id);
  if (descriptor === null) throw new WaryError('not_found', 'There is no such detector');
  return descriptor;
}

function changedRow(descriptor: AnalyticDescriptor, current: StoredDetectorSettings | null, change: DetectorChange, updatedAt: number, updatedBy: string): StoredDetectorSettings {
  const before = settingsOf(descriptor, current);
  const merged = { ...current?.thresholds, ...change.thresholds };
  const thresholds = Object.fromEntries(Object.entries(merged).filter((entry): entry is [string, number] => entry[1] !== null));
  return { detector: descriptor.id, enabled: change.enabled ?? before.enabled, weight: change.weight ?? before.weight, thresholds, version: (current?.version ?? 0) + 1, updatedAt, updatedBy };
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
