import { scalarsOf, type Scalar } from '../events/field-values.js';
import { foldCase } from '../language/fold-case.js';

/** Counts events; what carries another number belongs to an earlier event, so that nothing has to be cleared. */
export interface Clock { epoch: number }

/** One field's value in the current event, with the forms of it that tests ask for made once. */
export class FieldSlot {
  private stamp = 0;
  private single: Scalar = null;
  private several: readonly Scalar[] | null = null;
  private textStamp = 0;
  private text = '';
  private foldStamp = 0;
  private folded = '';

  /** Sets the slot when it is first asked, for fields that are not looked at before; once an event. */
  source: ((slot: FieldSlot) => void) | null = null;
  private soughtStamp = 0;

  constructor(readonly name: string, private readonly clock: Clock) {}

  set(raw: unknown): void {
    this.stamp = this.clock.epoch;
    if (typeof raw === 'object' && raw !== null) this.several = Array.isArray(raw) && raw.length > 0 ? scalarsOf(raw) : NO_SCALARS;
    else {
      this.several = null;
      this.single = raw as Scalar;
    }
  }

  get isPresent(): boolean {
    if (this.stamp === this.clock.epoch) return true;
    if (this.source === null || this.soughtStamp === this.clock.epoch) return false;
    this.soughtStamp = this.clock.epoch;
    this.source(this);
    return this.stamp === this.clock.epoch;
  }

  /** Its scalars are these, or the single one. */
  get scalars(): readonly Scalar[] | null {
    return this.several;
  }

  get isNull(): boolean {
    return !this.isPresent || (this.several === null ? this.single === null : this.several.includes(null));
  }

  /** Whether any of its scalars passes. */
  some(test: (value: Exclude<Scalar, null>) => boolean): boolean {
    if (!this.isPresent) return false;
    if (this.several === null) return this.single !== null && test(this.single);
    for (const each of this.several) if (each !== null && test(each)) return true;
    return false;
  }

  someText(test: (text: string) => boolean): boolean {
    if (!this.isPresent) return false;
    if (this.several === null) return this.single !== null && test(this.ownText());
    for (const each of this.several) if (each !== null && test(String(each))) return true;
    return false;
  }

  someFolded(test: (text: string) => boolean): boolean {
    if (!this.isPresent) return false;
    if (this.several === null) return this.single !== null && test(this.ownFolded());
    for (const each of this.several) if (each !== null && test(foldCase(String(each)))) return true;
    return false;
  }

  private ownText(): string {
    if (this.textStamp !== this.clock.epoch) {
      this.textStamp = this.clock.epoch;
      this.text = typeof this.single === 'string' ? this.single : String(this.single);
    }
    return this.text;
  }

  private ownFolded(): string {
    if (this.foldStamp !== this.clock.epoch) {
      this.foldStamp = this.clock.epoch;
      this.folded = foldCase(this.ownText());
    }
    return this.folded;
  }
}

const NO_SCALARS: readonly Scalar[] = [];
