import { allScalars, type Scalar } from '../events/field-values.js';
import { foldCase } from '../language/fold-case.js';
import type { Clock } from './field-slot.js';

/** Every scalar of the current event, for keywords; gathered only when one is asked for. */
export class WholeEvent {
  private event: unknown = null;
  private stamp = 0;
  private foldStamp = 0;
  private values: Scalar[] = [];
  private texts: string[] = [];

  constructor(private readonly clock: Clock) {}

  set(event: unknown): void {
    this.event = event;
  }

  scalars(): readonly Scalar[] {
    if (this.stamp !== this.clock.epoch) {
      this.stamp = this.clock.epoch;
      this.values = allScalars(this.event);
    }
    return this.values;
  }

  folded(): readonly string[] {
    if (this.foldStamp !== this.clock.epoch) {
      this.foldStamp = this.clock.epoch;
      this.texts = this.scalars().map((value) => foldCase(String(value)));
    }
    return this.texts;
  }
}
