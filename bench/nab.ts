/** Anomalies of series on the Numenta Anomaly Benchmark; NAB_DATA names the folder with data/ and labels/. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTime } from '@wary/app-cli/files/parse-time.js';
import { createSeriesState, scoreSeries } from '@wary/detect/series/series-detector.js';
import { bestThreshold, curveOf, normalised, PROFILES, valueAt, type NabFile } from './support/nab-score.js';
import { smoothedScores } from './support/nab-smooth.js';
import { machine, publishSection, tableOf } from './support/quality-page.js';

const dir = process.env['NAB_DATA'] ?? '';
if (!existsSync(join(dir, 'labels', 'combined_windows.json'))) {
  console.error('NAB_DATA must name a folder with data/ and labels/combined_windows.json of the Numenta Anomaly Benchmark');
  process.exit(2);
}
const verbose = process.argv.includes('--verbose');
const labels = JSON.parse(readFileSync(join(dir, 'labels', 'combined_windows.json'), 'utf8')) as { readonly [name: string]: readonly (readonly [string, string])[] };

function readSeries(name: string): NabFile {
  const rows = readFileSync(join(dir, 'data', name), 'utf8').trim().split('\n').slice(1).map((line) => line.trim().split(','));
  const timestamps = rows.map((row) => row[0]!);
  const windows = labels[name]!.map(([from, to]) => [timestamps.findIndex((at) => at >= from.slice(0, 19)), timestamps.findLastIndex((at) => at <= to.slice(0, 19))] as const);
  return { name, folder: name.split('/')[0]!, timestamps, values: rows.map((row) => Number(row[1])), windows };
}

const files = Object.keys(labels).filter((name) => existsSync(join(dir, 'data', name))).sort().map(readSeries);
// CPU time: what else runs on the machine is no property of the detector.
const started = process.cpuUsage();
const scores = files.map((file) => {
  const state = createSeriesState();
  return file.values.map((value, row) => scoreSeries(state, parseTime(file.timestamps[row]!), value).score);
});
const { user, system } = process.cpuUsage(started);
const seconds = (user + system) / 1e6;
const rows = files.reduce((sum, file) => sum + file.values.length, 0);

const figures = Object.entries(PROFILES).map(([name, profile]) => {
  const curves = files.map((file, i) => curveOf(file, scores[i]!, profile));
  const all = bestThreshold(curves);
  const without = (isOut: (index: number) => boolean): number => bestThreshold(curves.filter((_, i) => !isOut(i)));
  const byFile = files.map((_, i) => without((other) => other === i));
  const byFolder = files.map(({ folder }) => without((other) => files[other]!.folder === folder));
  return { name, curves, all, corpus: normalised(curves, () => all), file: normalised(curves, (i) => byFile[i]!), folder: normalised(curves, (i) => byFolder[i]!), half: normalised(curves, () => 0.5) };
});
for (const { name, all, corpus, file, folder, half } of figures) console.log(`${name.padEnd(28)} corpus rule ${corpus.toFixed(1)} (threshold ${all.toFixed(3)})  cross-fitted by file ${file.toFixed(1)}, by folder ${folder.toFixed(1)}  at 0.5 ${half.toFixed(1)}`);
const smoothed = smoothedScores(files, (file, _index, start) => {
  const state = createSeriesState();
  return Float64Array.from(file.values, (value, row) => (row < start ? 0 : scoreSeries(state, parseTime(file.timestamps[row]!), value).strength));
});
console.log(`smoothed ${Object.values(smoothed).map((each) => each.toFixed(1)).join(' / ')}`);
console.log(`${rows} rows in ${seconds.toFixed(2)} s of CPU: ${Math.round(rows / seconds)} rows/s`);
if (verbose) {
  const { curves, all } = figures[0]!;
  files.forEach((file, i) => {
    const flagged = scores[i]!.flatMap((score, row) => (score >= all ? [row] : []));
    console.log(file.name.padEnd(64), (valueAt(curves[i]!, all) - curves[i]!.perfect).toFixed(2), `windows ${file.windows.map((each) => each.join('–')).join(' ')} flagged ${flagged.join(' ')}`);
  });
}

if (process.argv.includes('--publish')) publishSection('nab', `## Anomalies of a series: the Numenta Anomaly Benchmark

\`NAB_DATA=FOLDER npm run bench -- nab --publish\`, on ${files.length} files of NAB (${rows.toLocaleString('en')} rows, ${files.reduce((sum, file) => sum + file.windows.length, 0)} windows) that served as development data. One setting for all files, one pass, no look-ahead;
the detector is deterministic, so there are no seeds. ${Math.round(rows / seconds).toLocaleString('en')} rows per second of CPU (${machine()}). Scoring is our own, from NAB's published description.

${tableOf(['profile', 'threshold by the corpus rule', 'cross-fitted, file left out', 'cross-fitted, folder left out', 'at score 0.5', 'smoothed'], figures.map(({ name, corpus, file, folder, half }) => [name, corpus.toFixed(1), file.toFixed(1), folder.toFixed(1), half.toFixed(1), smoothed[name]!.toFixed(1)]))}

The corpus rule is NAB's own: one threshold for all files, chosen with their labels in hand, for each profile. Cross-fitted: the threshold of a file is chosen on the
labels of the others. "At score 0.5" is the threshold that the command's users get; the strength that stands for 0.5 was chosen on these files too. "Smoothed" is what changes are judged by: the mean over
three times of quiet after an alarm and three starts of the files, with the level of an alarm from the other folders (\`bench/support/nab-smooth.ts\`), for constants sit on ridges. The best published detector (ARTime) has 71.1 / 63.3 / 76.3 on these files by the corpus rule: **by that rule these figures are ${figures[0]!.corpus > 71.1 && figures[1]!.corpus > 63.3 && figures[2]!.corpus > 76.3 ? 'above' : 'not above'} it in all three profiles.** The choice of views and of the few constants was made
on these files, so that only files nobody has looked at can confirm them.

What was tried and did not help: adding the strengths of the views, or their second largest (the largest alone is better); calibrating the combined strength once more;
only the rank, or only the fitted tail (the mean of both strengths is 3 to 6 points better than either), tails fitted to other shares or the mean over three of them; counting a burst as one when calibrating; nearest-neighbour novelty over 3 to 24 rows, variable-order
Markov surprise over value cells, variance over 10 to 100 rows, flat lines and gaps as further views, forgiving what recurs at the same time of day, fewer alarms the more there were (each changes the score by less than a point or costs false alarms); a day profile of single rows, an hour-of-week profile, means of 5 and 100 rows, steps over 2 and 5, local levels over 20 and 150, the mean
surprise of the last ten rows (Lavin & Ahmad's likelihood of errors). What came in last, a fit that is bound to the rank and a day profile that waits for
the next day, had 67.3 / 57.8 / 72.2 smoothed without it; the rank's bound is best between .5 and .7 of a decade, the profile's memory, width and mean do not matter.`);
