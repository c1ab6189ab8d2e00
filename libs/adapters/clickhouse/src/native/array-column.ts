import type { Buffer } from 'node:buffer';
import { ByteBuffer } from './byte-buffer.js';
import type { Column } from './column.js';
import { WideColumn } from './number-columns.js';

/** Array(String): where each row's part ends, then all strings one after another. */
export class StringArrayColumn implements Column {
  readonly type = 'Array(String)';
  private readonly ends: WideColumn;
  private readonly data = new ByteBuffer(1024);
  private items = 0;

  constructor(readonly name: string) {
    this.ends = new WideColumn(name, 'UInt64');
  }

  push(values: readonly string[]): void {
    for (let i = 0; i < values.length; i += 1) this.data.text(values[i]!);
    this.items += values.length;
    this.ends.push(this.items);
  }

  get allDefault(): boolean { return this.items === 0; }
  get byteLength(): number { return this.ends.byteLength + this.data.length; }
  collect(out: Buffer[]): void { this.ends.collect(out); out.push(this.data.view()); }
  reset(): void { this.ends.reset(); this.data.reset(); this.items = 0; }
}
