import type { EntityState } from './entity-state.js';
import { familyOf } from './evidence.js';
import { DAY } from './features.js';
import type { OpenWindow } from './open-window.js';
import { behaviourScore, strengthOf } from './window-score.js';

/** For this many window lengths after its end, a window's finding speaks for those that follow. */
const SPEAKS_FOR_WINDOWS = 12;
/** Unless a following one is stronger by this much. */
const GRAVER_DECADES = 1;

const raisedIt = ({ raised }: OpenWindow, behaviour: number): boolean => raised !== null && raised.some((other) => other.behaviour === behaviour);

/** How much was done, of what and at which cost, is one story: who reads fifty files more reads fifty more. */
const isSibling = (behaviour: number, other: number): boolean => behaviour !== other && familyOf(behaviour) === familyOf(other);

/**
 * Would this window only repeat what has been raised? A longer window around it has raised the same, and its revisions tell what goes
 * on; or a window of its kind did a little while ago, no weaker by a decade; or a behaviour of the same family has, of the same time, and its evidence has this in it.
 * The level is spent either way, so this only makes fewer.
 */
export function isTold(entity: EntityState, window: OpenWindow, behaviour: number): boolean {
  if (raisedIt(window, behaviour)) return false;
  const { kind, start, end } = window;
  const { told } = entity;
  let graver = 0;
  for (const other of window.lane === 0 ? entity.windows : entity.lagWindows) {
    if (other.raised === null || other.start >= end || other.end <= start) continue;
    if (kind !== DAY && other.kind > kind && raisedIt(other, behaviour)) return true;
    for (const raised of other.raised) if (isSibling(behaviour, raised.behaviour)) graver = Math.max(graver, raised.strength);
  }
  for (const one of told) {
    if (kind !== DAY && one.kind === kind && one.behaviour === behaviour && start < one.until) graver = Math.max(graver, one.strength);
    if (isSibling(behaviour, one.behaviour) && entity.watermark < one.until) graver = Math.max(graver, one.strength);
  }
  return graver > 0 && strengthOf(window, behaviour, behaviourScore(window, behaviour)) < graver + GRAVER_DECADES;
}

/** Remembers the strength at which a window ended; one entry for each kind and behaviour. */
export function rememberTold(entity: EntityState, window: OpenWindow, behaviour: number, strength: number): void {
  const { kind } = window;
  if (kind === DAY) return;
  const length = window.end - window.start;
  entity.told = [...entity.told.filter((told) => told.kind !== kind || told.behaviour !== behaviour), { kind, behaviour, until: window.end + SPEAKS_FOR_WINDOWS * length, strength }];
}
