import { describe, expect, it } from 'vitest';
import type { Core } from '../core.js';
import { evidenceOf } from '../evidence.js';
import { BEHAVIOURS, DAY } from '../features.js';
import type { OpenWindow } from '../open-window.js';
import { ALTER, DESTROY, RIGHTS, SWITCH_OFF } from './tallies.js';
import { scoreOfTallies } from './note-tallies.js';
import { TallyDay } from './tally-day.js';

const CHANGES = BEHAVIOURS.indexOf('changes');
const core = { names: { nameOf: () => 'delete (file)' } } as unknown as Core;
const dayOf = (decades: readonly number[]): OpenWindow => {
  const tally = new TallyDay();
  [DESTROY, SWITCH_OFF, ALTER, RIGHTS].forEach((of, at) => tally.put(of, { decades: decades[at]!, hash: at + 1, count: 1, object: 0, slow: false }));
  return { kind: DAY, tally, exceeded: 0, noveltyScore: 0, offHours: 0, growth: 0, acts: null, order: null, chunk: { f32: new Float32Array(4_096) }, f: 0 } as unknown as OpenWindow;
};

describe('evidence of tallies', () => {
  it('tells the strongest of several that say something only together: a finding has a first contribution', () => {
    const window = dayOf([0.9, 0.95, 0.9, 0.9]);
    expect(scoreOfTallies(window.tally!, CHANGES)).toBeGreaterThan(2);
    expect(evidenceOf(core, window).map(({ id, decades }) => [id, decades])).toEqual([['switch_off.1d', 0.95]]);
  });

  it('tells nothing of what says nothing, also together', () => {
    expect(evidenceOf(core, dayOf([0.4, 0.5, 0.4, 0.4]))).toEqual([]);
  });
});
