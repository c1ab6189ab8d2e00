import type { RegisterRow, Registers } from '@wary/model/registers.js';
import { PatternIndex } from './pattern-index.js';
import { PurposePolicy } from './purpose-policy.js';

export interface AssetFacts { readonly type: string; readonly criticality: number; readonly owner: string; readonly labels: readonly string[] }
/** What the registers know of one resource id, whatever its type. */
export interface ResourceFacts { readonly assets: readonly AssetFacts[]; readonly model: AssetFacts | undefined; readonly purposes: PurposePolicy | null }

/** Resource ids kept with their facts; beyond, the cache starts anew (the answers stay the same). */
const CACHED_IDS_MAX = 65_536;
const CRITICALITY = { low: 1, medium: 2, high: 3, critical: 4 } as const;
/** AI Act classes; a model that is not in the assets register is as critical as its class. */
const MODEL_CRITICALITY = { '': 2, minimal: 1, limited: 2, high: 3, prohibited: 4 } as const;

/** One look-up per event: the patterns of assets and purposes are searched once per resource id. */
export class ResourceIndex {
  private readonly assets = new PatternIndex<AssetFacts>();
  private readonly purposes = new PatternIndex<RegisterRow<'purposes'>>();
  private readonly models = new Map<string, AssetFacts>();
  private readonly policies = new Map<readonly RegisterRow<'purposes'>[], PurposePolicy>();
  private readonly cache = new Map<string, ResourceFacts>();

  constructor(registers: Registers) {
    for (const row of registers.assets) this.assets.add(row.id, { type: row.type, criticality: CRITICALITY[row.criticality], owner: row.owner, labels: row.labels });
    for (const row of registers.purposes) this.purposes.add(row.resource, row);
    for (const row of registers.models) this.models.set(row.id, { type: 'model', criticality: MODEL_CRITICALITY[row.riskClass], owner: row.owner, labels: [] });
  }

  find(id: string): ResourceFacts {
    let facts = this.cache.get(id);
    if (facts === undefined) {
      if (this.cache.size >= CACHED_IDS_MAX) this.cache.clear();
      facts = { assets: this.assets.find(id), model: this.models.get(id), purposes: this.policyOf(this.purposes.find(id)) };
      this.cache.set(id, facts);
    }
    return facts;
  }

  private policyOf(rows: readonly RegisterRow<'purposes'>[]): PurposePolicy | null {
    if (rows.length === 0) return null;
    let policy = this.policies.get(rows);
    if (policy === undefined) {
      policy = new PurposePolicy(rows);
      this.policies.set(rows, policy);
    }
    return policy;
  }
}

/** The row of this type, else one that names no type. */
export function assetOf(facts: ResourceFacts, type: string): AssetFacts | undefined {
  let untyped: AssetFacts | undefined;
  for (const asset of facts.assets) {
    if (asset.type === type) return asset;
    if (asset.type === '') untyped ??= asset;
  }
  return untyped ?? (type === 'model' ? facts.model : undefined);
}
