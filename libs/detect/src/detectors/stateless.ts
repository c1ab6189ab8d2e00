import type { AnalyticDescriptor, EventDetector } from '../detector.js';

/** The parts of a detector that remembers nothing. */
export const stateless = (analytic: AnalyticDescriptor): Omit<EventDetector, 'inspect'> =>
  ({ analytic, configure: () => undefined, dump: () => null, load: () => undefined, stateItems: 0, stateItemsMax: 0, overflow: 0 });

/** Settings with their defaults, overridden by name. */
export const thresholdsOf = <T extends Readonly<Record<string, number>>>(defaults: T, given: Readonly<Record<string, number>>): { readonly [K in keyof T]: number } =>
  Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, given[name] ?? value])) as { [K in keyof T]: number };

export const principalKey = (event: { principal: { type: string; id: string } }): string => `${event.principal.type}:${event.principal.id}`;
export const sumCounts = (counts: Readonly<Record<string, number>>): number => { let sum = 0; for (const name in counts) sum += counts[name]!; return sum; };
export const countWords = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([name, count]) => `${count} ${name.replaceAll('_', ' ')}`).join(', ');
