import { useSyncExternalStore } from 'react';
import type { TimeZoneChoice } from '../ui/format.js';

export type Theme = 'dark' | 'light';
interface Preferences { readonly theme: Theme | null; readonly zone: TimeZoneChoice; readonly shortcuts: boolean }

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

function forget(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // As above.
  }
}

const system = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: light)') : null;
const stored = read('wary.theme');
let preferences: Preferences = {
  theme: stored === 'dark' || stored === 'light' ? stored : null,
  zone: read('wary.zone') === 'utc' ? 'utc' : 'local',
  shortcuts: read('wary.shortcuts') !== 'off',
};
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

function change(next: Partial<Preferences>): void {
  preferences = { ...preferences, ...next };
  if (typeof document !== 'undefined') document.documentElement.dataset.theme = shownTheme();
  for (const listener of listeners) listener();
}
system?.addEventListener('change', () => change({}));

const shownTheme = (): Theme => preferences.theme ?? (system?.matches ? 'light' : 'dark');

export const useTheme = (): Theme => useSyncExternalStore(subscribe, shownTheme);
export const useChosenTheme = (): Theme | null => useSyncExternalStore(subscribe, () => preferences.theme);
export const useTimeZone = (): TimeZoneChoice => useSyncExternalStore(subscribe, () => preferences.zone);
export const useShortcutsOn = (): boolean => useSyncExternalStore(subscribe, () => preferences.shortcuts);
export const shortcutsOn = (): boolean => preferences.shortcuts;

/** Null: as the system says. */
export function setTheme(theme: Theme | null): void {
  if (theme === null) forget('wary.theme');
  else write('wary.theme', theme);
  change({ theme });
}
export function setTimeZone(zone: TimeZoneChoice): void {
  write('wary.zone', zone);
  change({ zone });
}
export function setShortcuts(on: boolean): void {
  write('wary.shortcuts', on ? 'on' : 'off');
  change({ shortcuts: on });
}
