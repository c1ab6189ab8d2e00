import type { Entity } from '@wary/model/entity.js';
import type { DayChange } from '../activity/person-day.js';
import type { SimulatedEvent } from '../native-event.js';
import type { Person } from '../world/person.js';
import type { AbuseKind, Intensity, TwinKind } from './abuse-kind.js';

interface Common {
  readonly id: string;
  /** Whom an alert should be about: any of them. */
  readonly entities: readonly Entity[];
  /** First and last local day, since the epoch. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** One sentence for a person. */
  readonly description: string;
  /** Its own events in time order, made anew at each call; those of a twin may all be in the days of others. */
  events(): Iterable<SimulatedEvent>;
  /** How it changes the working days of people. */
  readonly change?: { readonly people: readonly Person[]; on(day: number, person: Person): DayChange | undefined };
}
export interface AbuseCase extends Common { readonly category: 'attack'; readonly kind: AbuseKind; readonly intensity: Intensity }
export interface TwinCase extends Common { readonly category: 'twin'; readonly kind: TwinKind }
export type Case = AbuseCase | TwinCase;

/** What an attack's own file gives; who and when is decided by the cast. */
export type Played = Pick<Common, 'entities' | 'lastDay' | 'description' | 'events'>;
