import type { LiveChange } from '@wary/model/live.js';
import type { LiveBus } from '@wary/ports/live-bus.port.js';

/** Fan-out inside one process. A listener that throws is a bug of its own and must not stop the others. */
export function createInProcessBus(onError: (error: unknown) => void): LiveBus {
  const listeners = new Set<(changes: readonly LiveChange[]) => void>();
  return {
    // Nothing is ever lost between a caller and its listeners, so nobody is told of a gap.
    publish(changes) {
      for (const listener of listeners) {
        try {
          listener(changes);
        } catch (error) {
          onError(error);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
  };
}
