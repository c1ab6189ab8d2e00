import { HISTORY_AFTER_MS } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';

export interface FindingRun { readonly past: boolean; readonly part: Finding[] }

/**
 * Findings in their order, cut where past and present change: the revisions of one finding must be applied one after the other. Past is what
 * was judged before (up to `judgedSeq`, by a state that cannot be read any more) and is over an hour ago: it wakes nobody a second time.
 */
export function findingRuns(findings: readonly Finding[], judgedSeq: number, now: number): FindingRun[] {
  const before = now - HISTORY_AFTER_MS;
  const runs: FindingRun[] = [];
  for (const finding of findings) {
    const past = finding.seq <= judgedSeq && finding.time < before;
    const run = runs.at(-1);
    if (run !== undefined && run.past === past) run.part.push(finding);
    else runs.push({ past, part: [finding] });
  }
  return runs;
}
