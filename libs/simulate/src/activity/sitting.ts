import type { Dice } from '../dice.js';
import type { NativeResource, SimulatedEvent } from '../native-event.js';
import type { Person } from '../world/person.js';
import type { Scribe } from './scribe.js';

/** A person at work for a stretch: who, with what, on which day. Tasks write through the scribe. */
export interface Sitting {
  readonly person: Person;
  readonly scribe: Scribe;
  readonly dice: Dice;
  /** Local day number; it moves the documents people work on. */
  readonly day: number;
  readonly contentShare: number;
  /** Look-ups name the record, not only its data set. */
  readonly singleRecords: boolean;
  /** Between two actions of a task, ms; a person of tempo has less. */
  readonly gapMs: number;
}

/** Events of one task from `at` on; returns when it ended. */
export type Task = (sitting: Sitting, at: number) => Generator<SimulatedEvent, number, undefined>;

/** The pause to the next action: log-normal, because most are quick and some are long. */
export const pause = (sitting: Sitting, factor = 1): number => Math.max(400, sitting.dice.logNormal(sitting.gapMs * factor, 0.9));

export const application = (id: string): NativeResource => ({ id, type: 'application' });
