import type { Buffer } from 'node:buffer';
import { ByteBuffer } from './byte-buffer.js';
import type { Column } from './column.js';

export class StringColumn implements Column {
  readonly type = 'String';
  private readonly data = new ByteBuffer();
  /** Empty values before the first other one, not written yet: most columns of most batches say nothing at all. */
  private leading = 0;
  private filled = false;

  constructor(readonly name: string) {}

  push(value: string): void {
    if (value === '') {
      if (this.filled) this.data.zeros(1);
      else this.leading += 1;
      return;
    }
    if (!this.filled) this.fill();
    this.data.text(value);
  }

  private fill(): void {
    this.data.zeros(this.leading);
    this.filled = true;
  }

  get allDefault(): boolean { return !this.filled; }
  get byteLength(): number { return this.data.length; }

  collect(out: Buffer[]): void {
    if (!this.filled) this.fill();
    out.push(this.data.view());
  }

  reset(): void {
    this.data.reset();
    this.leading = 0;
    this.filled = false;
  }
}
