import type { Buffer } from 'node:buffer';

/** One column of a Native block: values are pushed, then read as bytes. */
export interface Column {
  readonly name: string;
  /** The engine's name of the type, as `system.columns` gives it. */
  readonly type: string;
  /** Every value is the type's default: the column can be left out of the insert. */
  readonly allDefault: boolean;
  readonly byteLength: number;
  /** Appends the column's data to `out`. The buffers stay the column's: valid until the next push or reset. */
  collect(out: Buffer[]): void;
  reset(): void;
}
