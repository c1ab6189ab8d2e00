import { ENTITY, MACHINE_SLOTS } from './entity-layout.js';
import type { EntityState } from './entity-state.js';

/** Remembers the machine of an event of `day` (since the epoch); true when the principal had not used it on an earlier day, as far as it remembers. */
export function isStrangeMachine({ chunk, f, h }: EntityState, hash: number, day: number): boolean {
  const { u32, u16 } = chunk;
  let oldest = 0;
  for (let slot = 0; slot < MACHINE_SLOTS; slot += 1) {
    if (u32[f + ENTITY.machineHash + slot] === hash) {
      u16[h + ENTITY.machineLast + slot] = day;
      return u16[h + ENTITY.machineFirst + slot] === day;
    }
    if (u16[h + ENTITY.machineLast + slot]! < u16[h + ENTITY.machineLast + oldest]!) oldest = slot;
  }
  u32[f + ENTITY.machineHash + oldest] = hash;
  u16[h + ENTITY.machineFirst + oldest] = day;
  u16[h + ENTITY.machineLast + oldest] = day;
  return true;
}

/** What was new on a day under suspicion stays new. */
export function forgetMachines({ chunk, f, h }: EntityState, day: number): void {
  for (let slot = 0; slot < MACHINE_SLOTS; slot += 1) {
    if (chunk.u16[h + ENTITY.machineFirst + slot] !== day) continue;
    chunk.u32[f + ENTITY.machineHash + slot] = 0;
    chunk.u16[h + ENTITY.machineFirst + slot] = 0;
    chunk.u16[h + ENTITY.machineLast + slot] = 0;
  }
}
