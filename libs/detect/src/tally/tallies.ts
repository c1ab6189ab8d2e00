import { hash32, mix32 } from '@wary/model/hash32.js';
import type { BehaviourId } from '../features.js';

/**
 * What is counted of a day beside acts, numbers and order. Changes, switches and purposes are judged by whether they happen at all and how often once they do; looks at one
 * object by how many they are on a day on which something of its type is looked at.
 */
export const TALLIES = ['looks', 'destroy', 'switch_off', 'alter', 'rights', 'switches', 'purposes'] as const;
export type TallyId = (typeof TALLIES)[number];
export const TALLY_COUNT = TALLIES.length;
export const LOOKS = 0;
export const DESTROY = 1;
export const SWITCH_OFF = 2;
export const ALTER = 3;
export const RIGHTS = 4;
export const SWITCHES = 5;
export const PURPOSES = 6;

/** The behaviour that a tally speaks for. */
export const TALLY_BEHAVIOUR: readonly BehaviourId[] = ['repeats', 'changes', 'changes', 'changes', 'changes', 'concurrent_use', 'other_purpose'];
export const TALLY_LABELS: Readonly<Record<TallyId, string>> = {
  looks: 'looks at one and the same object', destroy: 'deletions', switch_off: 'switched off or stopped', alter: 'changes', rights: 'rights given', switches: 'changes between two places in use at once', purposes: 'uses for a purpose',
};

/** The act that a tally is remembered as: what is counted, of things of which type. The tally itself can be read off. */
export const tallyHash = (tally: number, type: string, more = 0): number => ((mix32(hash32(type, SALT) ^ Math.imul(more + 1, 0x27d4eb2f)) & ~7) | (tally + 1)) >>> 0;
const SALT = 0x3c6ef372;
export const tallyOf = (hash: number): number => (hash & 7) - 1;

const verbs = (text: string): string[] => text.split(' ');
/** Verbs by what they do. An action counts as its verb: `DeleteObject`, `delete_row` and `documents.delete` all delete. */
const VERBS: ReadonlyMap<string, number> = new Map([
  ...verbs('delete destroy drop truncate purge wipe erase shred remove terminate').map((verb): [string, number] => [verb, DESTROY]),
  ...verbs('disable stop suspend deactivate bypass pause mute unregister rollback').map((verb): [string, number] => [verb, SWITCH_OFF]),
  ...verbs('write update modify overwrite edit patch replace rename set configure relabel').map((verb): [string, number] => [verb, ALTER]),
  ...verbs('grant assign elevate attach promote authorize').map((verb): [string, number] => [verb, RIGHTS]),
]);
const KNOWN_MAX = 4_096;
const known = new Map<string, number>();

/** The tally of changes that an action adds to; −1: it changes nothing. */
export function changeOf(action: string): number {
  const before = known.get(action);
  if (before !== undefined) return before;
  const words = action.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z]+/);
  let change = -1;
  for (const word of words) if (change < 0) change = VERBS.get(word) ?? -1;
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(action, change);
  return change;
}
