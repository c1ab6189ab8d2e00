import type { EntityBaselines } from '@wary/detect/engine.js';
import type { Entity } from '@wary/model/entity.js';

/** What the detectors have learned of an entity; null: nothing. Or why nobody can say at the moment, in words for people. */
export type Described = { readonly baselines: EntityBaselines | null } | { readonly unavailable: string };

/** Where baselines are read: in the process that scores the entity. Never rejects; who asks shows the rest of the page. */
export interface BaselineSource { describeEntity(tenant: string, entity: Entity): Promise<Described> }

/** Of an engine in this process. */
export const ownBaselines = (engine: { describeEntity(tenant: string, entity: Entity): EntityBaselines | null }): BaselineSource => ({
  describeEntity: (tenant, entity) => Promise.resolve({ baselines: engine.describeEntity(tenant, entity) }),
});
