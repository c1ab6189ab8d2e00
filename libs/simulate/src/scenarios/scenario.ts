import type { Entity } from '@wary/model/entity.js';
import type { DayChange } from '../activity/person-day.js';
import type { SimulatedEvent } from '../native-event.js';
import type { Person } from '../world/person.js';

export const ATTACK_KINDS = ['leaver_night_downloads', 'stolen_key', 'model_extraction', 'prompt_injection_campaign', 'personal_data_paste', 'agent_exfiltration'] as const;
export const ODDITY_KINDS = ['quarter_end_batch', 'evaluation_run', 'traveller', 'new_joiner'] as const;
export type AttackKind = (typeof ATTACK_KINDS)[number];
export type OddityKind = (typeof ODDITY_KINDS)[number];
export type ScenarioKind = AttackKind | OddityKind;

/** Something that happens to somebody: an attack, or an oddity that is all right. */
export interface Scenario {
  readonly id: string;
  /** One of these, or the name of a scenario of the catalogue. */
  readonly kind: ScenarioKind | (string & {});
  readonly category: 'attack' | 'oddity';
  /** Who should be alerted about: the principal to whom the registers lead. */
  readonly entity: Entity;
  /** One sentence for a person. */
  readonly description: string;
  /** Not before this, epoch ms. */
  readonly start: number;
  /** Its own events in time order, made anew at each call. */
  events(): Iterable<SimulatedEvent>;
  /** How it changes the working days of people; `undefined` leaves a day as it is. */
  readonly change?: { readonly people: readonly Person[]; on(day: number): DayChange | undefined; readonly firstDay: number; readonly lastDay: number };
}

/** The second stream: what was done, by whom, when, and which events it is. */
export interface ScenarioLabel {
  readonly id: string;
  readonly kind: ScenarioKind | (string & {});
  readonly category: 'attack' | 'oddity';
  readonly entity: Entity;
  readonly description: string;
  /** First and last of its events, ISO 8601. */
  readonly start: string;
  readonly end: string;
  readonly events: number;
  readonly eventIds: readonly string[];
}
