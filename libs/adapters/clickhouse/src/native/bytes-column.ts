import { Buffer } from 'node:buffer';
import { ByteBuffer } from './byte-buffer.js';
import type { Column } from './column.js';

/** String as bytes of any kind, passed on without a copy: the caller leaves them alone until the insert is done. */
export class BytesColumn implements Column {
  readonly type = 'String';
  private values: Uint8Array[] = [];
  private sizeBytes = 0;

  constructor(readonly name: string) {}

  push(value: Uint8Array): void {
    this.values.push(value);
    this.sizeBytes += value.length;
  }

  get allDefault(): boolean { return this.sizeBytes === 0; }
  get byteLength(): number { return this.sizeBytes; }

  collect(out: Buffer[]): void {
    for (const value of this.values) {
      const length = new ByteBuffer(10);
      length.varUint(value.length);
      out.push(length.view(), Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    }
  }

  reset(): void {
    this.values = [];
    this.sizeBytes = 0;
  }
}
