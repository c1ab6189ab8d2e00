import type { EntityState } from './entity-state.js';
import { DAY } from './features.js';
import type { OpenWindow } from './open-window.js';
import { behaviourScore, strengthOf } from './window-score.js';

/** For this many window lengths after its end, a window's finding speaks for those that follow. */
const SPEAKS_FOR_WINDOWS = 12;
/** Unless a following one is stronger by this much. */
const GRAVER_DECADES = 1;

const raisedIt = ({ raised }: OpenWindow, behaviour: number): boolean => raised !== null && raised.some((other) => other.behaviour === behaviour);

/**
 * Would this window only repeat what has been raised? A longer window around it has raised the same, and its revisions tell what goes
 * on; or a window of its kind did a little while ago, no weaker by a decade. The level is spent either way, so this only makes fewer.
 */
export function isTold(entity: EntityState, window: OpenWindow, behaviour: number): boolean {
  const { kind, start } = window;
  if (kind === DAY || raisedIt(window, behaviour)) return false;
  const { end } = window;
  for (const other of window.lane === 0 ? entity.windows : entity.lagWindows) {
    if (other.kind > kind && other.start <= start && other.end >= end && raisedIt(other, behaviour)) return true;
  }
  const before = entity.told.find((told) => told.kind === kind && told.behaviour === behaviour);
  return before !== undefined && start < before.until && strengthOf(window, behaviour, behaviourScore(window, behaviour)) < before.strength + GRAVER_DECADES;
}

/** Remembers the strength at which a window ended; one entry for each kind and behaviour. */
export function rememberTold(entity: EntityState, window: OpenWindow, behaviour: number, strength: number): void {
  const { kind } = window;
  if (kind === DAY) return;
  const length = window.end - window.start;
  entity.told = [...entity.told.filter((told) => told.kind !== kind || told.behaviour !== behaviour), { kind, behaviour, until: window.end + SPEAKS_FOR_WINDOWS * length, strength }];
}
