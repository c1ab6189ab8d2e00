import { CountedRegisters } from '@wary/baseline/hyper-log-log.js';
import { DISTINCT_EXACT, WINDOW } from './entity-layout.js';
import type { OpenWindow } from './open-window.js';

/** Adds a thing to a window's distinct count; gives the count, or −1 when it did not change. Exact up to `DISTINCT_EXACT`, then HyperLogLog. */
export function addDistinct(window: OpenWindow, hash: number): number {
  const { u32 } = window.chunk;
  const at = window.f + WINDOW.distinct;
  if (window.registers === null) {
    const known = window.distinct;
    for (let i = 0; i < known; i += 1) if (u32[at + i] === hash) return -1;
    if (known < DISTINCT_EXACT) {
      u32[at + known] = hash;
      window.distinct = known + 1;
      return known + 1;
    }
    window.registers = new CountedRegisters();
    for (let i = 0; i < DISTINCT_EXACT; i += 1) window.registers.insert(u32[at + i]!);
  }
  return window.registers.insert(hash) ? window.registers.count() : -1;
}
