import type { Faults } from './world.js';

/** What most seeds are run with; the named ones mean what they did only under these. */
export const STORM: Faults = { failBefore: 0.02, failAfter: 0.02, crash: 0.003, rebalance: 0.02, clockJump: 0.02, snapshotsOftener: 1 };
/** Where one partition in twenty that moves has a snapshot by then, here it is one in five: more is restored, and less begun anew. */
const OFTEN_SAVED: Faults = { ...STORM, snapshotsOftener: 20 };

/** Every fourth seed saves often. */
export const stormOf = (seed: number): Faults => (seed % 4 === 0 ? OFTEN_SAVED : STORM);
