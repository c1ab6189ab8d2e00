import type { ProcessLoad, ProcessRegistry } from '@wary/ports/process-registry.port.js';

/** Of all processes that live: what they take in together, and how far the one is behind that is furthest. */
export async function sharedLoad(registry: Pick<ProcessRegistry, 'list'>): Promise<ProcessLoad> {
  const loads = (await registry.list()).filter(({ alive }) => alive).map(({ load }) => load).filter((load) => load !== null);
  return { eventsPerSecond: loads.reduce((sum, { eventsPerSecond }) => sum + eventsPerSecond, 0), lagMs: loads.reduce((most, { lagMs }) => Math.max(most, lagMs), 0) };
}
