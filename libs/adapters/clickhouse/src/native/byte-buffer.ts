import { Buffer } from 'node:buffer';

/** Longest text that is copied unit by unit; beyond it the call into Node's encoder costs less. */
const LOOP_UNITS_MAX = 64;

/** Bytes that grow. Kept over batches, so that a steady load allocates nothing; `reset` lets go of an unusually large one. */
export class ByteBuffer {
  bytes: Buffer;
  length = 0;
  private readonly keepBytesMax: number;

  constructor(initialBytes = 4096, keepBytesMax = 4 * 1024 * 1024) {
    this.bytes = Buffer.allocUnsafeSlow(initialBytes);
    this.keepBytesMax = keepBytesMax;
  }

  reset(): void {
    this.length = 0;
    if (this.bytes.length > this.keepBytesMax) this.bytes = Buffer.allocUnsafeSlow(this.keepBytesMax);
  }

  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }

  /** LEB128, as in every count of the Native format. */
  varUint(value: number): void {
    this.reserve(10);
    let rest = value;
    while (rest > 127) {
      this.bytes[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  zeros(count: number): void {
    this.reserve(count);
    if (count === 1) this.bytes[this.length] = 0;
    else this.bytes.fill(0, this.length, this.length + count);
    this.length += count;
  }

  /** Length and UTF-8 bytes. A lone surrogate becomes U+FFFD. */
  text(text: string): void {
    const units = text.length;
    if (units > LOOP_UNITS_MAX) {
      this.longText(text);
      return;
    }
    this.reserve(units + 1);
    const { bytes } = this;
    let at = this.length;
    bytes[at++] = units;
    for (let i = 0; i < units; i += 1) {
      const unit = text.charCodeAt(i);
      if (unit > 127) {
        this.longText(text);
        return;
      }
      bytes[at++] = unit;
    }
    this.length = at;
  }

  /** Written once behind room for the length that pure ASCII would need; moved when the bytes turn out to need another. */
  private longText(text: string): void {
    const units = text.length;
    this.reserve(units * 3 + 10);
    const guess = varUintBytes(units);
    const at = this.length + guess;
    const written = this.bytes.write(text, at, 'utf8');
    const room = varUintBytes(written);
    if (room !== guess) this.bytes.copyWithin(this.length + room, at, at + written);
    this.varUint(written);
    this.length += written;
  }

  /** The bytes so far, not copied: valid until the next write or reset. */
  view(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}

function varUintBytes(value: number): number {
  let count = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) count += 1;
  return count;
}
