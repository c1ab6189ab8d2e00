import type { Finding } from '@wary/model/finding.js';

/** One line of `wary detect --out`. Times are epoch milliseconds. */
export interface FindingLine {
  readonly id: string; readonly entity: Finding['entity']; /** Event time of the event that crossed. */ readonly time: number; readonly window: Finding['window'];
  readonly detector: string; readonly strength: number; readonly p: number | null; readonly summary: string; readonly eventIds: readonly string[];
}

/**
 * Findings have revisions (at the crossing, at each further decade, at close); a file has one line for each. The line is written when the
 * finding is closed, with the time of its crossing and the strength of its last revision; so only the findings of open windows are held.
 */
export class FindingLines {
  private readonly open = new Map<string, { readonly crossed: number; last: Finding }>();
  count = 0;

  /** Lines of those that closed. */
  add(revisions: readonly Finding[]): FindingLine[] {
    const lines: FindingLine[] = [];
    for (const finding of revisions) {
      const held = this.open.get(finding.id);
      if (held === undefined) this.open.set(finding.id, { crossed: finding.time, last: finding });
      else held.last = finding;
      if (finding.closed) lines.push(this.take(finding.id));
    }
    return lines;
  }

  /** Lines of all that are still open, in the order in which they crossed. */
  rest(): FindingLine[] {
    return [...this.open.keys()].map((id) => this.take(id));
  }

  private take(id: string): FindingLine {
    const { crossed, last } = this.open.get(id)!;
    this.open.delete(id);
    this.count += 1;
    const { entity, window, detector, strength, p, explanation } = last;
    return { id, entity, time: crossed, window, detector: detector.id, strength, p, summary: explanation.summary, eventIds: explanation.eventIds };
  }
}
