import type { Alert } from '@wary/model/alert.js';
import { isSamePlace, placeKey } from './judged-alerts.js';

/** Which alerts only the proposal raises, which it no longer does, and how many both do (at the same place, whatever their strength). */
export function differenceOf(before: readonly Alert[], after: readonly Alert[]): { readonly added: Alert[]; readonly removed: Alert[]; readonly same: number } {
  const without = (alerts: readonly Alert[], others: readonly Alert[]): Alert[] => {
    const byPlace = new Map<string, Alert[]>();
    for (const other of others) {
      const list = byPlace.get(placeKey(other));
      if (list === undefined) byPlace.set(placeKey(other), [other]);
      else list.push(other);
    }
    return alerts.filter((alert) => !(byPlace.get(placeKey(alert)) ?? []).some((other) => other.historical === alert.historical && isSamePlace(other, alert)));
  };
  const added = without(after, before);
  return { added, removed: without(before, after), same: after.length - added.length };
}
