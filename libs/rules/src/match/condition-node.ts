import type { Clock } from './field-slot.js';

/** A condition on the current event. */
export interface ConditionNode { holds(): boolean }

export class AndNode implements ConditionNode {
  constructor(private readonly of: readonly ConditionNode[]) {}
  holds(): boolean {
    for (const each of this.of) if (!each.holds()) return false;
    return true;
  }
}

export class OrNode implements ConditionNode {
  constructor(private readonly of: readonly ConditionNode[]) {}
  holds(): boolean {
    for (const each of this.of) if (each.holds()) return true;
    return false;
  }
}

export class NotNode implements ConditionNode {
  constructor(private readonly of: ConditionNode) {}
  holds(): boolean {
    return !this.of.holds();
  }
}

/** A test shared by all rules that ask it: answered once an event. */
export class TestNode implements ConditionNode {
  private stamp = 0;
  private outcome = false;
  constructor(private readonly clock: Clock, private readonly ask: () => boolean) {}
  holds(): boolean {
    if (this.stamp !== this.clock.epoch) {
      this.stamp = this.clock.epoch;
      this.outcome = this.ask();
    }
    return this.outcome;
  }
}
