import type { ComponentType, ReactNode } from 'react';
import { ApiError } from '../api/http.js';

/** For this long a failure is shown rather than tried again at once. */
const FAILURE_SHOWN_MS = 1_000;

/**
 * A part of the app that is fetched when it is first shown. Unlike React's own it can be tried again: a part that could not be
 * fetched while the connection was down comes when it is back, without a reload.
 */
export function lazyPart<P extends object>(load: () => Promise<ComponentType<P>>): ((props: P) => ReactNode) & { preload: () => Promise<void> } {
  let loaded: ComponentType<P> | null = null;
  let pending: Promise<void> | null = null;
  let failedAt = 0;
  const preload = (): Promise<void> => {
    pending ??= load().then((part) => { loaded = part; }, () => {
      failedAt = Date.now();
      pending = null;
    });
    return pending;
  };
  function Part(props: P) {
    if (loaded) {
      const Loaded = loaded;
      return <Loaded {...props} />;
    }
    if (Date.now() - failedAt < FAILURE_SHOWN_MS) throw new ApiError(0, 'offline', 'This part of the page could not be fetched. Check the connection, then try again.');
    // The nearest Suspense waits for it.
    throw preload();
  }
  Part.preload = preload;
  return Part;
}
