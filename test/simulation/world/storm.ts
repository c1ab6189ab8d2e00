import type { Faults } from './world.js';

/** What seeds are run with: a named seed means what it did only under these. */
export const STORM: Faults = { failBefore: 0.02, failAfter: 0.02, crash: 0.003, rebalance: 0.02, clockJump: 0.02 };
