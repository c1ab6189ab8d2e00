import { ACTOR_TYPES, type ActorType, type Entity } from '@wary/model/entity.js';
import { categoryValues } from './category-memory.js';
import type { Core } from './core.js';
import type { EntityBaselines } from './entity-baselines.js';
import { bandOf } from './expected.js';
import { CATEGORIES, FEATURE_COUNT, FEATURES, WINDOWS } from './features.js';
import { weekOf } from './off-hours.js';
import { SPLIT_CAUSES, type SplitCause } from './split.js';
import type { TenantState } from './tenant-state.js';
import { describePeers } from './peers/describe-peers.js';
import { shownGroup } from './peers/shown-group.js';
import { predictFeature } from './window-open.js';
import { isCount, valueOf } from './window-score.js';

const predicted = new Float32Array(3);

/** What an entity's baselines say at the moment, for people: expectation and band of each feature with anything learned, week and categories. */
export function describeEntity(core: Core, tenant: TenantState | undefined, { type, id }: Entity): EntityBaselines | null {
  if (tenant !== undefined && type === 'model') {
    const drift = tenant.drift.describe(id);
    return drift === null ? null : { peerGroup: '', peers: null, windowsLearned: 0, since: 0, split: null, features: [], week: [], categories: [], drift };
  }
  if (tenant === undefined || !(ACTOR_TYPES as readonly string[]).includes(type)) return null;
  const entity = tenant.entities.find(type as ActorType, id);
  if (entity === undefined) return null;
  tenant.population.actAt(tenant.population.current);
  const view = tenant.population.view(entity.node);
  WINDOWS.forEach((_, kind) => view.refresh(kind));
  const { f32 } = entity.chunk;
  const features: Array<EntityBaselines['features'][number]> = [];
  WINDOWS.forEach((window, kind) => FEATURES.forEach((feature, index) => {
    const at = entity.momentsAt(kind * FEATURE_COUNT + index);
    const open = entity.currentOf(kind);
    const current = open === null ? null : valueOf(open, index);
    if (f32[at]! === 0 || (f32[at + 1] === 0 && isCount[index]! && (current ?? 0) === 0)) return;
    predictFeature(entity, kind, index, view, predicted, 0);
    const band = bandOf({ count: isCount[index]!, a: predicted[0]!, b: predicted[1]!, c: predicted[2]! });
    features.push({ feature: feature.id, label: feature.label, window: window.id, unit: feature.unit, expected: band.value, low: band.low, high: band.high, current, windows: Math.round(f32[at]!), percentile: view.node.windows[kind]! < window.peerWindowsMin ? null : Math.round(1_000 * (1 - view.node.shareFrom(kind * FEATURE_COUNT + index, band.value))) / 10 });
  }));
  return {
    peerGroup: shownGroup(tenant.population, entity), peers: describePeers(core, tenant, entity), windowsLearned: entity.windowsLearned, since: entity.since, split: entity.splitAt === 0 ? null : { at: entity.splitAt, cause: SPLIT_CAUSES[entity.splitCause] as SplitCause }, features, week: weekOf(entity), drift: null,
    categories: CATEGORIES.map((category, index) => ({ category, values: categoryValues(entity, index).map(({ hash, days }) => ({ value: core.names.nameOf(index, hash), count: days })) })),
  };
}
