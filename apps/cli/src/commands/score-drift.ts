import { createDriftState, updateDrift } from '@wary/detect/series/drift-detector.js';
import { eachRow, parseNumber, type RowFlags } from '../files/each-row.js';

/** One value a line in, the 0-based indices at which drift is raised out, each as soon as it is. */
export async function scoreDriftFile(flags: RowFlags): Promise<void> {
  const state = createDriftState();
  let index = -1;
  await eachRow(flags, 'drift', (text, _line, fail) => {
    index += 1;
    return updateDrift(state, parseNumber(text, fail)).zone === 'drift' ? String(index) : null;
  });
}
