import { hllCount, hllInsert, HLL_REGISTERS } from '@wary/baseline/hyper-log-log.js';
import type { Core } from './core.js';
import { DISTINCT_EXACT, WINDOW, WINDOW_LAYOUT } from './entity-layout.js';
import type { OpenWindow } from './entity-state.js';
import { chunkOf, placeOf } from './slab.js';

/** Adds a thing to a window's distinct count; gives the count, or −1 when it did not change. Exact up to `DISTINCT_EXACT`, then HyperLogLog. */
export function addDistinct(core: Core, window: OpenWindow, hash: number): number {
  const hashes = core.windows.u32[chunkOf(window.row)]!;
  const at = placeOf(window.row) * WINDOW_LAYOUT.u32 + WINDOW.distinct;
  if (window.registers === null) {
    for (let i = 0; i < window.distinct; i += 1) if (hashes[at + i] === hash) return -1;
    if (window.distinct < DISTINCT_EXACT) {
      hashes[at + window.distinct] = hash;
      window.distinct += 1;
      return window.distinct;
    }
    window.registers = new Uint8Array(HLL_REGISTERS);
    for (let i = 0; i < DISTINCT_EXACT; i += 1) hllInsert(window.registers, hashes[at + i]!);
  }
  return hllInsert(window.registers, hash) ? hllCount(window.registers) : -1;
}
