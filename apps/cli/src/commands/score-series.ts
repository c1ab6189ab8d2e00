import { createSeriesState, scoreSeries } from '@wary/detect/series/series-detector.js';
import { eachRow, parseNumber, shorten, type RowFlags } from '../files/each-row.js';
import { parseTime } from '../files/parse-time.js';

const HEADER = 'timestamp,value';

/** `timestamp,value` in, `timestamp,value,anomaly_score` out: each row is scored from the rows before it and itself. */
export async function scoreSeriesFile(flags: RowFlags): Promise<void> {
  const state = createSeriesState();
  let begun = false;
  await eachRow(flags, 'timeseries', (text, _line, fail) => {
    if (!begun) {
      if (text.replace(/^\uFEFF/, '').replaceAll(/["\s]/g, '').toLowerCase() !== HEADER) fail(`the header must be "${HEADER}"`);
      begun = true;
      return `${HEADER},anomaly_score`;
    }
    const comma = text.indexOf(',');
    if (comma < 0 || text.indexOf(',', comma + 1) >= 0) fail(`two columns are needed, "${HEADER}"`);
    const timestamp = text.slice(0, comma).trim();
    const written = text.slice(comma + 1).trim();
    const time = parseTime(timestamp);
    if (Number.isNaN(time)) fail(`"${shorten(timestamp)}" is not a timestamp; write YYYY-MM-DD HH:MM:SS or ISO 8601`);
    const { score } = scoreSeries(state, time, parseNumber(written, fail));
    return `${timestamp},${written},${score === 0 ? '0' : score.toFixed(6)}`;
  }, 1);
}
