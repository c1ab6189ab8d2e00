import { BEHAVIOUR_COUNT, BEHAVIOUR_OF, COST_TOKENS, GROWTH, OFF_HOURS } from './behaviour-weights.js';
import type { Core, TenantCore } from './core.js';
import { WINDOW } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import { DAY, FEATURE_COUNT, HOUR } from './features.js';
import { canSpeakOfGrowth } from './growth.js';
import { isWeekKnown } from './off-hours.js';
import type { OpenWindow } from './open-window.js';

/** Behaviours that can say nothing of some windows, whatever happens in them; a bit each. */
const MUTABLE: readonly number[] = [COST_TOKENS, OFF_HOURS, GROWTH];

/**
 * Which behaviours are mute in a window, fixed when it opens: no scale for tokens or cost, a week that has not come around twice, no reference of growth.
 * A mute behaviour makes no test, so that its part of the window's level belongs to the others, and its silence has no rank among those that could have spoken.
 */
export function muteBits(tenant: TenantCore, entity: EntityState, { kind, lane, start, chunk, f }: OpenWindow): number {
  let bits = 0;
  MUTABLE.forEach((behaviour, bit) => { if (isSilent(behaviour)) bits |= 1 << bit; });
  return bits;

  function isSilent(behaviour: number): boolean {
    if (behaviour === OFF_HOURS) return kind === HOUR && !isWeekKnown(tenant);
    if (behaviour === GROWTH) return kind === DAY && (lane !== 0 || !canSpeakOfGrowth(entity, start));
    for (let feature = 0; feature < FEATURE_COUNT; feature += 1) if (BEHAVIOUR_OF[feature] === behaviour && chunk.f32[f + WINDOW.predicted + feature * 3 + 2]! > 0) return false;
    return true;
  }
}

/** What the behaviours that speak in a window have of its level; 1 where that is all of them, or none. */
export function speakingShare(core: Core, kind: number, bits: number): number {
  let share = 1;
  MUTABLE.forEach((behaviour, bit) => { if ((bits & (1 << bit)) !== 0) share -= core.shares[kind * BEHAVIOUR_COUNT + behaviour]!; });
  return share > 1e-9 ? share : 1;
}

export const isMute = ({ mute }: OpenWindow, behaviour: number): boolean => { const bit = MUTABLE.indexOf(behaviour); return bit >= 0 && (mute & (1 << bit)) !== 0; };
