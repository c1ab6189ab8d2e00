import { ANY, type Pattern } from '../language/pattern.js';
import { foldCase } from '../language/fold-case.js';
import type { ConditionNode } from './condition-node.js';
import type { Clock, FieldSlot } from './field-slot.js';
import { LiteralIndex, type Anchor, type Sink } from './literal-index.js';

export interface AnchoredLiteral { readonly text: string; readonly anchor: Anchor }

/** What a pattern without inner wildcards says (case folded), if it is ASCII; otherwise undefined. */
export function anchoredLiteral(pattern: Pattern): AnchoredLiteral | undefined {
  const opens = pattern[0] !== ANY;
  const closes = pattern.at(-1) !== ANY;
  const inner = pattern.slice(opens ? 0 : 1, closes ? undefined : -1);
  const [text] = inner;
  if (inner.length !== 1 || typeof text !== 'string') return undefined;
  const folded = foldCase(text);
  return /[^\0-\x7f]/.test(folded) ? undefined : { text: folded, anchor: opens && closes ? 'exact' : opens ? 'prefix' : closes ? 'suffix' : 'anywhere' };
}

/** "The field is, begins or ends with, or contains one of these": one walk over the value instead of one look for each. */
export class AnyTextNode implements ConditionNode, Sink {
  private index: LiteralIndex | null = null;
  private stamp = 0;
  private found = false;

  constructor(private readonly clock: Clock, private readonly slot: FieldSlot, private readonly literals: readonly AnchoredLiteral[]) {}

  holds(): boolean {
    if (this.stamp !== this.clock.epoch) {
      this.stamp = this.clock.epoch;
      this.found = false;
      this.slot.someText(this.look);
    }
    return this.found;
  }

  add(): void {
    this.found = true;
  }

  private readonly look = (text: string): boolean => {
    // Made when it is first asked: of thousands of lists an event stream asks a few dozen.
    this.index ??= new LiteralIndex(this.literals.map((literal) => ({ ...literal, rule: 0 })));
    if (!this.index.scan(text, this)) this.index.scanFolded(foldCase(text), this);
    return this.found;
  };
}
