import type { EntityState } from '../entity-state.js';
import { isBehaviourGroup } from './peer-mode.js';

/** Name of the group whose node an entity leans on: who behaves as it does, or the declared one. */
export function shownGroup(population: { groupOf(node: number): string }, { node, group }: EntityState): string {
  const leansOn = population.groupOf(node);
  return isBehaviourGroup(leansOn) ? leansOn : group;
}
