import { capabilitiesOf } from '@wary/model/catalogue/capabilities.js';
import type { Entity } from '@wary/model/entity.js';
import type { Contribution, Explanation } from '@wary/model/finding.js';

/** The part of an explanation that says to which capabilities of the catalogue a finding speaks; nothing where it speaks to none. */
export function capabilitiesSpoken(detector: string, entity: Pick<Entity, 'type'>, contributions: readonly Contribution[]): Pick<Explanation, 'capabilities'> {
  const capabilities = capabilitiesOf({ detector, entity, contributions });
  return capabilities.length === 0 ? {} : { capabilities };
}
