import { useSyncExternalStore } from 'react';
import { useTimeZone } from '../app/preferences.js';
import { formatAgo, formatTime } from './format.js';

const TICK_MS = 5_000;
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for every relative time on the screen. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);

export function Ago({ at }: { at: number }) {
  const current = useNow();
  const zone = useTimeZone();
  return <time dateTime={new Date(at).toISOString()} title={formatTime(at, zone, true)}>{formatAgo(at, Math.max(current, Date.now()))}</time>;
}

export function At({ at, seconds = false }: { at: number; seconds?: boolean }) {
  const zone = useTimeZone();
  return <time dateTime={new Date(at).toISOString()}>{formatTime(at, zone, seconds)}</time>;
}
