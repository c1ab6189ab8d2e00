import type { EntityType } from '../entity.js';

export const CAPABILITY_IDS = [
  'IN-1', 'IN-2', 'IN-3', 'IN-4', 'IN-5', 'IN-6', 'IN-7', 'IN-8', 'IN-9', 'IN-10', 'IN-11',
  'AP-1', 'AP-2', 'AP-3', 'AP-4', 'AP-5', 'AP-6', 'AP-7',
] as const;
export type CapabilityId = (typeof CAPABILITY_IDS)[number];

/** A detector whose findings speak for a capability: all of them, or those about some kinds of entity, or with some of its features among what carries them (`downloads` of `downloads.1h`). */
export interface DetectorPart {
  readonly detector: string;
  readonly entities?: readonly EntityType[];
  readonly features?: readonly string[];
}

/** A rule that comes with the product, by its id. The title is for reading; a test holds it against the file. */
export interface RulePart { readonly rule: string; readonly title: string }
export type Part = DetectorPart | RulePart;
export const isRulePart = (part: Part): part is RulePart => 'rule' in part;

/** A concern of the insider or API catalogue as a composition of what the product has: no model of its own, and so no threshold of its own. */
export interface Capability {
  readonly id: CapabilityId;
  readonly name: string;
  /** What it answers, one sentence. */
  readonly about: string;
  readonly parts: readonly Part[];
  /** As rules are tagged: `attack.t1213`, `atlas.aml.t0025`, `owasp.api1-2023`. The versions are those of the tables in `libs/rules`. */
  readonly tags: readonly string[];
  /** Articles: `GDPR 32`, `AI Act 15`. */
  readonly duties: readonly string[];
  /** What to do first. */
  readonly runbook: string;
  /** What it cannot see. */
  readonly blindSpots: string;
  /** Names in the simulator (`libs/simulate/src/catalogue`): an attack that it must catch, and what looks like it and must pass. */
  readonly scenario: string;
  readonly twin: string;
}
