import type { CapabilityId } from '@wary/model/catalogue/capability.js';
import type { Entity } from '@wary/model/entity.js';
import type { DayChange } from '../activity/person-day.js';
import type { SimulatedEvent } from '../native-event.js';
import type { Person } from '../world/person.js';

/** One line of the catalogue played: what a capability must catch, or what looks like it and must pass. */
export interface CatalogueCase {
  readonly capability: CapabilityId;
  readonly category: 'attack' | 'twin';
  /** Also the label of its events. */
  readonly name: string;
  /** Of an attack, whom a finding should be about: any of them. Of a twin, whom none may be about. */
  readonly entities: readonly Entity[];
  /** One sentence for a person. */
  readonly description: string;
  /** Its own events in time order, made anew at each call. */
  events(): Iterable<SimulatedEvent>;
  /** How it changes the working days of people. */
  readonly change?: { readonly people: readonly Person[]; on(day: number, person: Person): DayChange | undefined };
}

/** What the file of a case gives; its name and capability are given by the cast. */
export type Played = Pick<CatalogueCase, 'entities' | 'description' | 'events' | 'change'>;

export const userOf = ({ id }: Person): Entity => ({ type: 'user', id });
