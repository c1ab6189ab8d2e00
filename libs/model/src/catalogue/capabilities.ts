import type { Entity } from '../entity.js';
import type { Contribution } from '../finding.js';
import { API } from './api.js';
import { isRulePart, type Capability, type CapabilityId, type DetectorPart } from './capability.js';
import { INSIDER } from './insider.js';

/** The catalogue: every id once, in its order. */
export const CAPABILITIES: readonly Capability[] = [...INSIDER, ...API];
const BY_ID = new Map<string, Capability>(CAPABILITIES.map((each) => [each.id, each]));
export const capabilityOf = (id: string): Capability | undefined => BY_ID.get(id);

/** Findings of rules name their detector so (`libs/detect/src/rule-stage.ts`). */
const RULE_PREFIX = 'rule:';
interface Place { readonly id: CapabilityId; readonly part: DetectorPart }
const places = new Map<string, Place[]>();
for (const { id, parts } of CAPABILITIES) {
  for (const part of parts) {
    const detector = isRulePart(part) ? RULE_PREFIX + part.rule : part.detector;
    places.set(detector, [...(places.get(detector) ?? []), { id, part: isRulePart(part) ? { detector } : part }]);
  }
}

/** What of a finding decides for which capabilities it speaks: who raised it, about whom, and by which features (`downloads.1h`). */
export interface Spoken { readonly detector: string; readonly entity: Pick<Entity, 'type'>; readonly contributions: readonly Pick<Contribution, 'feature' | 'share'>[] }

/** Beside the leading feature, those with this share of the strength speak too. */
const SPEAKING_SHARE_MIN = 0.2;
const nameOf = (feature: string): string => { const dot = feature.lastIndexOf('.'); return dot < 0 ? feature : feature.slice(0, dot); };

/** The capabilities that a finding speaks for, in the catalogue's order; none for what belongs to no composition. */
export function capabilitiesOf({ detector, entity, contributions }: Spoken): CapabilityId[] {
  const speaking = places.get(detector);
  if (speaking === undefined) return [];
  const features = contributions.filter(({ share }, index) => index === 0 || share >= SPEAKING_SHARE_MIN).map(({ feature }) => nameOf(feature));
  const ids: CapabilityId[] = [];
  for (const { id, part } of speaking) {
    if (part.entities !== undefined && !part.entities.includes(entity.type)) continue;
    if (part.features !== undefined && !features.some((name) => part.features!.includes(name))) continue;
    if (!ids.includes(id)) ids.push(id);
  }
  return ids;
}
