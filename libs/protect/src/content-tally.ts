import type { Counts } from '@wary/model/event.js';
import type { Span } from './span.js';

/** Where a text stands. `system` is what the application always sends; `context` is everything that is no content. */
export type Place = 'input' | 'output' | 'system' | 'context';

/** Distinct values counted for one event. */
const VALUES_MAX = 10_000;
/** System prompts name a contact or two; a list in one is data. */
const SYSTEM_ITEMS_MIN = 5;

type Tallied = Record<string, number>;

/**
 * What was found on one event. Equal values count once for each place, because a detector of bulk asks for how many people or cards there
 * are, not how often one is named. Personal data counts where content stands; secrets count everywhere, outside of content as input.
 */
export class ContentTally {
  private readonly seen = new Set<string>();
  private readonly counts: { readonly [P in Place]: { readonly pii: Tallied; readonly secrets: Tallied } } = {
    input: { pii: {}, secrets: {} }, output: { pii: {}, secrets: {} }, system: { pii: {}, secrets: {} }, context: { pii: {}, secrets: {} },
  };

  add(place: Place, span: Span, value: string): void {
    const key = `${place}\0${span.type}\0${value}`;
    if (this.seen.size >= VALUES_MAX || this.seen.has(key)) return;
    this.seen.add(key);
    const counts = this.counts[place];
    const tallied = span.secret ? counts.secrets : counts.pii;
    tallied[span.type] = (tallied[span.type] ?? 0) + 1;
  }

  piiInput(): Counts {
    const counts = { ...this.counts.input.pii };
    for (const [type, count] of Object.entries(this.counts.system.pii)) if (count >= SYSTEM_ITEMS_MIN) counts[type] = (counts[type] ?? 0) + count;
    return counts;
  }

  piiOutput(): Counts {
    return this.counts.output.pii;
  }

  secretsInput(): Counts {
    return sum(sum(this.counts.input.secrets, this.counts.system.secrets), this.counts.context.secrets);
  }

  secretsOutput(): Counts {
    return this.counts.output.secrets;
  }
}

function sum(a: Counts, b: Counts): Counts {
  const counts: Tallied = { ...a };
  for (const [type, count] of Object.entries(b)) counts[type] = (counts[type] ?? 0) + count;
  return counts;
}

/** An event that was protected before keeps what was counted then: its masks hide it from a second look. */
export function larger(known: Counts, found: Counts): Counts {
  let counts: Tallied | undefined;
  for (const [type, count] of Object.entries(found)) if (count > (known[type] ?? 0)) (counts ??= { ...known })[type] = count;
  return counts ?? known;
}
