import type { Event } from '@wary/model/event.js';
import { markOf } from '@wary/model/mark.js';
import type { Core, TenantCore } from './core.js';
import type { EntityState } from './entity-state.js';
import { splitBaselines } from './split.js';
import { takeStatus } from './watched-status.js';

/** A mark that somebody else made about an entity: its baselines begin anew, or it is watched more closely for a while. */
export function applyMark(core: Core, tenant: TenantCore, entity: EntityState, event: Event): void {
  const mark = markOf(event);
  if (mark === null) return;
  if (mark === 'status' || mark === 'move') takeStatus(entity, event);
  if (mark !== 'status') splitBaselines(core, tenant, entity, event.time, mark);
}
