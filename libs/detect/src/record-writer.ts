type NumberArray = Float64Array | Uint32Array | Int32Array;

const START_WORDS = 8_192;
/** Up to so many characters are put together at once: a decoder takes longer to be called than to read them. */
const SHORT_MAX = 64;
const decoder = new TextDecoder();
const wideDecoder = new TextDecoder('utf-16le', { ignoreBOM: true });

/** Puts a record together, word by word, in a buffer that is used again and again. */
export class RecordWriter {
  words: Uint32Array = new Uint32Array(START_WORDS);
  /** The same, byte by byte. */
  bytes: Uint8Array = new Uint8Array(this.words.buffer);
  at = 0;

  /** Room for so many words more. */
  reserve(words: number): void {
    if (this.at + words <= this.words.length) return;
    const larger = new Uint32Array(Math.max(this.words.length * 2, this.at + words));
    larger.set(this.words.subarray(0, this.at));
    this.words = larger;
    this.bytes = new Uint8Array(larger.buffer);
  }

  double(value: number): void {
    double[0] = value;
    this.words[this.at] = halves[0]!;
    this.words[this.at + 1] = halves[1]!;
    this.at += 2;
  }

  word(value: number): void {
    this.reserve(1);
    this.words[this.at] = value;
    this.at += 1;
  }

  array(array: NumberArray): void {
    this.blob(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }

  /** Those of a list that are there, each behind its place. */
  list<T>(items: readonly (T | null | undefined)[], write: (item: T) => void): void {
    this.word(items.reduce<number>((count, item) => count + Number(item !== null && item !== undefined), 0));
    items.forEach((item, place) => {
      if (item === null || item === undefined) return;
      this.word(place);
      write(item);
    });
  }

  /** Any string, unpaired surrogates too: a byte a unit where all are ASCII, else two. */
  text(text: string): void {
    const { length } = text;
    this.reserve(2 + Math.ceil(length / 2));
    const from = (this.at + 1) * 4;
    const { bytes } = this;
    let seen = 0;
    for (let i = 0; i < length; i += 1) {
      const unit = text.charCodeAt(i);
      bytes[from + i] = unit;
      seen |= unit;
    }
    const wide = seen > 0x7f;
    if (wide) {
      for (let i = 0; i < length; i += 1) {
        const unit = text.charCodeAt(i);
        bytes[from + 2 * i] = unit & 0xff;
        bytes[from + 2 * i + 1] = unit >>> 8;
      }
    }
    this.words[this.at] = length * 2 + Number(wide);
    this.pad(from, wide ? length * 2 : length);
  }

  blob(blob: Uint8Array): void {
    this.reserve(2 + Math.ceil(blob.length / 4));
    this.words[this.at] = blob.length;
    this.bytes.set(blob, (this.at + 1) * 4);
    this.pad((this.at + 1) * 4, blob.length);
  }

  /** The buffer is used again: what is left of the last word must not be what lay there before. */
  private pad(from: number, count: number): void {
    const end = Math.ceil((from + count) / 4) * 4;
    for (let at = from + count; at < end; at += 1) this.bytes[at] = 0;
    this.at = end / 4;
  }
}

/** Reads what a `RecordWriter` wrote, from any place of any words. */
export class RecordReader {
  words: Uint32Array = new Uint32Array(0);
  private view: Uint8Array | null = null;
  at = 0;

  begin(words: Uint32Array, at: number): this {
    if (words !== this.words) {
      this.words = words;
      this.view = null;
    }
    this.at = at;
    return this;
  }

  /** Made when something is read by bytes: most records are read by words alone. */
  private get bytes(): Uint8Array {
    const { words } = this;
    return (this.view ??= new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
  }

  word(): number {
    this.at += 1;
    return this.words[this.at - 1]!;
  }

  double(): number {
    halves[0] = this.words[this.at]!;
    halves[1] = this.words[this.at + 1]!;
    this.at += 2;
    return double[0]!;
  }

  text(): string {
    const head = this.word();
    const wide = (head & 1) !== 0;
    const units = head >>> 1;
    const from = this.at * 4;
    const count = wide ? units * 2 : units;
    this.at += Math.ceil(count / 4);
    if (units === 0) return '';
    return wide ? wideText(this.bytes, from, units) : count > SHORT_MAX ? decoder.decode(this.bytes.subarray(from, from + count)) : String.fromCharCode.apply(null, this.bytes.subarray(from, from + count) as unknown as number[]);
  }

  skipText(): void {
    const head = this.word();
    this.at += Math.ceil(((head >>> 1) * ((head & 1) + 1)) / 4);
  }

  array<T extends NumberArray>(type: new (buffer: ArrayBuffer) => T): T {
    return new type(this.blob().slice().buffer as ArrayBuffer);
  }

  list(read: (place: number) => void): void {
    for (let left = this.word(); left > 0; left -= 1) read(this.word());
  }

  blob(): Uint8Array {
    const count = this.word();
    const from = this.at * 4;
    this.at += Math.ceil(count / 4);
    return this.bytes.subarray(from, from + count);
  }
}

/** A decoder would replace unpaired surrogates; text that has any is put together unit by unit. */
function wideText(bytes: Uint8Array, from: number, units: number): string {
  const text = wideDecoder.decode(bytes.subarray(from, from + units * 2));
  if (!text.includes('\ufffd')) return text;
  let exact = '';
  for (let i = 0; i < units; i += 1) exact += String.fromCharCode(bytes[from + 2 * i]! | (bytes[from + 2 * i + 1]! << 8));
  return exact;
}

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);
