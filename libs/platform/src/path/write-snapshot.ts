import type { EngineSnapshot } from '@wary/detect/engine.js';

/** Entities written at a stretch: a millisecond or two of an idle machine. */
const ENTITIES_PER_STEP = 512;

export interface WrittenSnapshot {
  /** In order; null when it was not wanted any more. */
  readonly bytes: readonly Uint8Array[] | null;
  /** The longest that others waited. */
  readonly pauseMs: number;
}

/** Writes a snapshot out in steps, with a turn for others between them. */
export async function writeSnapshot(snapshot: Pick<EngineSnapshot, 'step' | 'parts' | 'abandon'>, turn: () => Promise<void>, isGivenUp: () => boolean): Promise<WrittenSnapshot> {
  let pauseMs = 0;
  for (;;) {
    if (isGivenUp()) {
      snapshot.abandon();
      return { bytes: null, pauseMs };
    }
    const started = performance.now();
    const isWhole = snapshot.step(ENTITIES_PER_STEP);
    pauseMs = Math.max(pauseMs, performance.now() - started);
    if (isWhole) return { bytes: snapshot.parts(), pauseMs };
    await turn();
  }
}
