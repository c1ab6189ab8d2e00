import { curveOf, PROFILES, type NabFile, type Profile } from './nab-score.js';

/** Rows left off a file's beginning, rows of quiet after an alarm, and levels (−log10 p) of an alarm. */
const STARTS = [0, 17, 34];
const QUIETS = [90, 130, 170];
const LEVELS = Array.from({ length: 14 }, (_, i) => 2.3 + i / 10);
const STRONGER = 1.5;

/**
 * The score as a mean over starts and times of quiet, with the level of an alarm chosen on the other folders: constants sit on ridges, and a change
 * of the detector that is worth something is worth it beside the ridge too. `strengthsOf` scores a file from row `start` on (zeros before it).
 */
export function smoothedScores(files: readonly NabFile[], strengthsOf: (file: NabFile, index: number, start: number) => Float64Array): { readonly [profile: string]: number } {
  const profiles = Object.entries<Profile>(PROFILES);
  const worth = profiles.map(() => LEVELS.map(() => new Float64Array(files.length)));
  files.forEach((file, index) => {
    for (const start of STARTS) {
      const strengths = strengthsOf(file, index, start);
      for (const quiet of QUIETS) LEVELS.forEach((level, at) => {
        const raised = alarmsOf(strengths, level, quiet);
        profiles.forEach(([, profile], which) => {
          const { base, steps } = curveOf(file, raised, profile);
          worth[which]![at]![index]! += steps.reduce((sum, [, gain]) => sum + gain, base) / (STARTS.length * QUIETS.length);
        });
      });
    }
  });
  return Object.fromEntries(profiles.map(([name, profile], which) => {
    const levels = files.map(({ folder }) => bestLevel(worth[which]!, (index) => files[index]!.folder !== folder));
    const nothing = -profile.missed * files.reduce((sum, { windows }) => sum + windows.length, 0);
    const perfect = profile.found * files.reduce((sum, { windows }) => sum + windows.length, 0);
    const value = files.reduce((sum, _, index) => sum + worth[which]![levels[index]!]![index]!, 0);
    return [name, (100 * (value - nothing)) / (perfect - nothing)];
  }));
}

function alarmsOf(strengths: Float64Array, level: number, quiet: number): Uint8Array {
  const raised = new Uint8Array(strengths.length);
  let alarm = 0;
  let at = -Infinity;
  strengths.forEach((strength, row) => {
    if (row - at <= quiet ? strength <= alarm * STRONGER : strength < level) return;
    raised[row] = 1;
    alarm = strength;
    at = row;
  });
  return raised;
}

function bestLevel(worth: readonly Float64Array[], counts: (index: number) => boolean): number {
  const sums = worth.map((each) => each.reduce((sum, value, index) => sum + (counts(index) ? value : 0), 0));
  return sums.indexOf(Math.max(...sums));
}
