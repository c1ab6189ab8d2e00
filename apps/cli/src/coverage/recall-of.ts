import { CAPABILITIES } from '@wary/model/catalogue/capabilities.js';
import type { CapabilityId } from '@wary/model/catalogue/capability.js';
import type { MeasuredCapability } from '@wary/model/catalogue/measured-capability.js';
import type { CatalogueRun } from './play-catalogue.js';

/** What several plays of the catalogue say of each capability. */
export function recallOf(runs: readonly CatalogueRun[]): Record<CapabilityId, MeasuredCapability> {
  return Object.fromEntries(CAPABILITIES.map(({ id }) => {
    const of = (category: 'attack' | 'twin') => runs.flatMap(({ outcomes }) => outcomes.filter((one) => one.capability === id && one.category === category));
    const attacks = of('attack');
    const twins = of('twin');
    const by = new Map<string, number>();
    for (const { by: names } of attacks) for (const name of names) by.set(name, (by.get(name) ?? 0) + 1);
    const delays = attacks.flatMap(({ delayMs }) => delayMs ?? []).sort((a, b) => a - b);
    return [id, {
      played: attacks.length, caught: attacks.filter(({ caught }) => caught).length, twins: twins.length, quiet: twins.filter(({ caught }) => !caught).length,
      delayMs: delays[Math.floor((delays.length - 1) / 2)] ?? null, by: Object.fromEntries([...by].sort(([a, m], [b, n]) => n - m || a.localeCompare(b))),
    }];
  })) as Record<CapabilityId, MeasuredCapability>;
}
