import { EVENT_SHAPE, type Shape } from './event-shapes.js';
import type { IngestLimits } from './ingest-limits.js';
import { isForbiddenName } from './json-scan.js';
import { CACHED_BYTES_MAX, isPlain, TextCache, type SliceBuffer } from './text-cache.js';

/** Powers of ten that are exact in a double. */
const POWERS = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/** Given up: whoever called takes the slow way, which also finds the right message. */
class Unusual {}
const UNUSUAL = new Unusual();
const giveUp = (): never => { throw UNUSUAL; };

/** Shared by all readers of the process: short texts, whoever sent them. */
const CACHE = new TextCache();

/**
 * Reads one record of `wary.event/1` from bytes to an object in a single pass, in about half the time of scanning and JSON.parse.
 * It takes only what is usual: anything that a limit could refuse, a surrogate escape, an integer of 16 digits, bad grammar makes it give
 * up, so it need not be complete, only right. Its objects equal those of JSON.parse, but for known fields that are not there: these are undefined.
 */
export class EventReader {
  /** Index behind the record that was read last. */
  end = 0;
  private bytes: SliceBuffer;
  private readonly view: DataView;
  private pos = 0;
  private limit = 0;
  private keys = 0;

  constructor(bytes: Buffer, private readonly validUtf8: boolean, private readonly limits: IngestLimits) {
    this.bytes = bytes as SliceBuffer;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** The record from `start` on, undefined when it is not usual. */
  read(start: number, limit: number): Record<string, unknown> | undefined {
    if (this.bytes[start] !== 0x7b) return undefined;
    this.pos = start;
    this.limit = limit;
    this.keys = 0;
    try {
      const record = this.shaped(EVENT_SHAPE, 1);
      if (this.keys > this.limits.keysPerRecordMax || this.pos - start > this.limits.recordBytesMax) return undefined;
      this.end = this.pos;
      return record;
    } catch (error) {
      if (error === UNUSUAL) return undefined;
      throw error;
    }
  }

  /** An object with known fields; `pos` is at its bracket. Each shape stands at one place in a record, so its slots are free. */
  private shaped(shape: Shape, depth: number): Record<string, unknown> {
    const { slots, children, unique } = shape;
    for (let i = 0; i < slots.length; i += 1) slots[i] = undefined;
    let extra: Record<string, unknown> | undefined;
    const { bytes } = this;
    this.pos += 1;
    let c = this.next();
    let last = shape.names.length;
    while (c !== 0x7d) {
      if (c !== 0x22) giveUp();
      const from = this.pos + 1;
      let field = shape.follows[last]!;
      let to = this.nameEnd(from, shape.bytes[field]!);
      if (to < 0) {
        to = this.keyEnd(from);
        field = shape.find(bytes, from, to);
        if (field >= 0) shape.follows[last] = field;
      }
      if (field >= 0) last = field;
      this.keys += 1;
      this.pos = to + 1;
      if (this.next() !== 0x3a) giveUp();
      this.pos += 1;
      c = this.next();
      if (field >= 0) {
        const child = children[field]!;
        // A key that comes twice: the slots of a nested shape are used again only when they are free.
        slots[field] = c === 0x22 ? this.text(unique[field]!) : child !== null && c === 0x7b ? this.shaped(child, depth + 1) : this.value(c, depth);
      } else {
        const name = this.keyText(from, to);
        (extra ??= {})[name] = this.value(c, depth);
      }
      c = this.next();
      if (c === 0x2c) {
        this.pos += 1;
        c = this.next();
        if (c === 0x7d) giveUp();
      } else if (c !== 0x7d) giveUp();
    }
    this.pos += 1;
    const object = shape.build(slots);
    for (const name in extra) object[name] = extra[name];
    return object;
  }

  /** Any value, whose first byte is `c` at `pos`; `depth` is that of what it stands in. */
  private value(c: number, depth: number): unknown {
    if (c === 0x22) return this.text(false);
    if (c === 0x7b) return this.object(depth + 1);
    if (c === 0x5b) return this.array(depth + 1);
    if (c === 0x2d || (c >= 0x30 && c <= 0x39)) return this.number();
    if (c === 0x74) return this.word('true', true);
    if (c === 0x66) return this.word('false', false);
    return c === 0x6e ? this.word('null', null) : giveUp();
  }

  private object(depth: number): Record<string, unknown> {
    if (depth > this.limits.depthMax) giveUp();
    const object: Record<string, unknown> = {};
    this.pos += 1;
    let c = this.next();
    while (c !== 0x7d) {
      if (c !== 0x22) giveUp();
      const from = this.pos + 1;
      const to = this.keyEnd(from);
      this.keys += 1;
      const name = this.keyText(from, to);
      this.pos = to + 1;
      if (this.next() !== 0x3a) giveUp();
      this.pos += 1;
      object[name] = this.value(this.next(), depth);
      c = this.next();
      if (c === 0x2c) {
        this.pos += 1;
        c = this.next();
        if (c === 0x7d) giveUp();
      } else if (c !== 0x7d) giveUp();
    }
    this.pos += 1;
    return object;
  }

  private array(depth: number): unknown[] {
    if (depth > this.limits.depthMax) giveUp();
    const items: unknown[] = [];
    this.pos += 1;
    let c = this.next();
    while (c !== 0x5d) {
      items.push(this.value(c, depth));
      c = this.next();
      if (c === 0x2c) {
        this.pos += 1;
        c = this.next();
        if (c === 0x5d) giveUp();
      } else if (c !== 0x5d) giveUp();
    }
    this.pos += 1;
    return items;
  }

  /** The next byte that is no blank; `pos` is at it. */
  private next(): number {
    const { bytes, limit } = this;
    let { pos } = this;
    let c = pos < limit ? bytes[pos]! : giveUp();
    while (c <= 0x20) {
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) giveUp();
      pos += 1;
      c = pos < limit ? bytes[pos]! : giveUp();
    }
    this.pos = pos;
    return c;
  }

  /** Index of the quote behind the key that begins at `from`, if it is `name`; else -1. */
  private nameEnd(from: number, name: Uint8Array): number {
    const { bytes } = this;
    const { length } = name;
    if (from + length >= this.limit) return -1;
    let i = 0;
    while (i < length && bytes[from + i] === name[i]) i += 1;
    return i === length && bytes[from + i] === 0x22 ? from + i : -1;
  }

  /** Index of the next quote. */
  private keyEnd(from: number): number {
    const { bytes, limit } = this;
    let i = from;
    while (i < limit && bytes[i] !== 0x22) i += 1;
    return i < limit ? i : giveUp();
  }

  /** A key of plain ASCII. */
  private keyText(from: number, to: number): string {
    const name = to === from ? '' : to - from <= CACHED_BYTES_MAX ? CACHE.get(this.bytes, from, to) : isPlain(this.bytes, from, to) ? this.bytes.latin1Slice(from, to) : undefined;
    return name === undefined || isForbiddenName(name) ? giveUp() : name;
  }

  /** A string; `pos` is at its quote. */
  private text(unique: boolean): string {
    const { bytes, limit } = this;
    const from = this.pos + 1;
    let i = from;
    const near = Math.min(limit, from + CACHED_BYTES_MAX + 1);
    while (i < near && bytes[i] !== 0x22) i += 1;
    if (i === near) return this.longText(from);
    this.pos = i + 1;
    const length = i - from;
    if (length <= CACHED_BYTES_MAX && !unique) return length === 0 ? '' : CACHE.get(bytes, from, i) ?? this.unusualText(from);
    if (length > this.limits.stringCharsMax) giveUp();
    return isPlain(bytes, from, i) ? bytes.latin1Slice(from, i) : this.unusualText(from);
  }

  /** Four bytes at a time as long as all of them are plain (each test is exact on bytes: H. S. Warren, Hacker's Delight, 6-1). */
  private longText(from: number): string {
    const { bytes, limit, view } = this;
    let i = from;
    for (const last = limit - 4; i <= last; i += 4) {
      const word = view.getInt32(i, true);
      const quote = word ^ 0x22222222;
      const slash = word ^ 0x5c5c5c5c;
      if (((word | ((word - 0x20202020) & ~word) | ((quote - 0x01010101) & ~quote) | ((slash - 0x01010101) & ~slash)) & 0x80808080) !== 0) break;
    }
    while (i < limit && bytes[i] !== 0x22) {
      const c = bytes[i]!;
      if (c < 0x20 || c > 0x7f || c === 0x5c) return this.unusualText(from);
      i += 1;
    }
    if (i === limit || i - from > this.limits.stringCharsMax) giveUp();
    this.pos = i + 1;
    return bytes.latin1Slice(from, i);
  }

  /** A string with escapes or characters beyond ASCII; the quote that was found may be an escaped one. */
  private unusualText(from: number): string {
    const { bytes, limit } = this;
    let escaped = false;
    let i = from;
    for (; ; i += 1) {
      if (i >= limit) giveUp();
      const c = bytes[i]!;
      if (c === 0x22) break;
      if (c < 0x20) giveUp();
      if (c !== 0x5c) continue;
      // Surrogates and U+0000 are written so: the slow way repairs them.
      i += 1;
      if (i >= limit || bytes[i] === 0x75) giveUp();
      escaped = true;
    }
    if (!this.validUtf8 || i - from > this.limits.stringCharsMax) giveUp();
    this.pos = i + 1;
    if (!escaped) return bytes.utf8Slice(from, i);
    try {
      return JSON.parse(bytes.utf8Slice(from - 1, i + 1)) as string;
    } catch {
      return giveUp();
    }
  }

  /** RFC 8259, 6. Up to 15 digits and a fraction are exact: both parts are doubles, and one division rounds once (Clinger 1990). */
  private number(): number {
    const { bytes, limit } = this;
    let i = this.pos;
    const negative = bytes[i] === 0x2d;
    if (negative) i += 1;
    const first = i;
    let digits = 0;
    let c = bytes[i]!;
    while (c >= 0x30 && c <= 0x39) {
      digits = digits * 10 + c - 0x30;
      i += 1;
      c = bytes[i]!;
    }
    const whole = i - first;
    if (whole === 0 || whole > 15 || (whole > 1 && bytes[first] === 0x30)) giveUp();
    if (c === 0x2e) {
      const point = i;
      i += 1;
      c = bytes[i]!;
      while (c >= 0x30 && c <= 0x39) {
        digits = digits * 10 + c - 0x30;
        i += 1;
        c = bytes[i]!;
      }
      const fraction = i - point - 1;
      if (fraction === 0 || whole + fraction > 15) giveUp();
      digits /= POWERS[fraction]!;
    }
    if (i >= limit || (c | 32) === 0x65) giveUp();
    this.pos = i;
    return negative ? -digits : digits;
  }

  private word<T>(text: string, value: T): T {
    const { bytes } = this;
    const from = this.pos;
    for (let i = 0; i < text.length; i += 1) if (bytes[from + i] !== text.charCodeAt(i)) giveUp();
    this.pos = from + text.length;
    if (this.pos >= this.limit) giveUp();
    return value;
  }
}
