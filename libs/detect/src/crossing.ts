import { BEHAVIOUR_OF, FEATURE_LOG_SHARE } from './behaviour-weights.js';
import type { Core } from './core.js';
import { HOT, WINDOW, WINDOW_FLAG } from './entity-layout.js';
import type { OpenWindow } from './open-window.js';
import { isCount, logUpper, nextCountCheck, nextMagnitudeCheck, scoreFor, wantedStrength } from './window-score.js';

/** ln p at which a feature makes its behaviour as strong as `strength`. */
export const logPFor = (window: OpenWindow, feature: number, strength: number): number =>
  -(scoreFor(window, BEHAVIOUR_OF[feature]!, strength) - FEATURE_LOG_SHARE[feature]!) * Math.LN10;

/** What a behaviour must reach next: its level, or where it was raised already, the next decade. */
export function targetOf(core: Core, window: OpenWindow, behaviour: number): number {
  if (window.raised !== null) for (const raised of window.raised) if (raised.behaviour === behaviour) return raised.nextStrength;
  return wantedStrength(core, window, behaviour);
}

/**
 * A feature has passed its screen: gives true when its behaviour crosses its target with this value, else moves the screen up to
 * where it could first do so. So the tail is evaluated a few times a window, and yet the very event that crosses is known.
 */
export function crosses(core: Core, window: OpenWindow, feature: number, value: number): boolean {
  window.exceeded |= 1 << feature;
  window.flags |= WINDOW_FLAG.watched;
  const screens = window.hot.f32;
  const screenAt = window.hf + HOT.screen + feature;
  const target = targetOf(core, window, BEHAVIOUR_OF[feature]!);
  if (target === Number.POSITIVE_INFINITY) {
    screens[screenAt] = Number.POSITIVE_INFINITY;
    return false;
  }
  const wanted = logPFor(window, feature, target);
  const logP = logUpper(window, feature, value);
  if (logP <= wanted) return true;
  const { f32 } = window.chunk;
  const at = window.f + WINDOW.predicted + feature * 3;
  screens[screenAt] = isCount[feature]! ? nextCountCheck(value, logP, wanted, f32[at]!, f32[at + 1]!) : nextMagnitudeCheck(value, logP, wanted, f32[at]!, f32[at + 1]!);
  return false;
}

/** The largest value that would not have crossed `strength`: a count, or a magnitude to four digits. By bisection on the predictive itself. */
export function largestQuiet(window: OpenWindow, feature: number, value: number, strength: number): number {
  const wanted = logPFor(window, feature, strength);
  let low = 0;
  let high = value;
  if (isCount[feature]!) {
    high = Math.ceil(value);
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (logUpper(window, feature, middle) <= wanted) high = middle;
      else low = middle;
    }
    return low;
  }
  while (high - low > 1e-6 * high) {
    const middle = (low + high) / 2;
    if (logUpper(window, feature, middle) <= wanted) high = middle;
    else low = middle;
  }
  return roundDown(low);
}

/** Four significant digits, never up: what is shown must be as quiet as what was computed. */
function roundDown(value: number): number {
  if (!(value > 0)) return 0;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 3);
  return unit >= 1 ? Math.floor(value / unit) * unit : Number((Math.floor(value / unit) * unit).toPrecision(6));
}
