import type { RecordWriter } from './record-writer.js';

/**
 * Records of those who are compacted are kept without the bytes that are zero, which are most of them: small counts, and numbers that few digits tell. In
 * pairs of words: a byte that says which of their eight bytes are there, then these. Length of a packed record in words, its words as they are up to
 * `from`, how many words it was, then the bytes.
 */
export function packRecord(record: RecordWriter, from: number, out: RecordWriter): void {
  const { words } = record;
  const count = words[0]!;
  out.at = 0;
  // A byte for each pair beside all eight of it, and the words before.
  out.reserve(from + 4 + count + Math.ceil(count / 8));
  const bytes = out.bytes;
  for (let at = 0; at < from; at += 1) out.words[at] = words[at]!;
  out.words[from] = count;
  let to = (from + 1) * 4;
  for (let at = from; at < count; at += 2) {
    const maskAt = to;
    to += 1;
    let mask = 0;
    let word = words[at]!;
    for (let byte = 0; word !== 0; byte += 1, word >>>= 8) {
      if ((word & 0xff) === 0) continue;
      mask |= 1 << byte;
      bytes[to] = word & 0xff;
      to += 1;
    }
    word = at + 1 < count ? words[at + 1]! : 0;
    for (let byte = 4; word !== 0; byte += 1, word >>>= 8) {
      if ((word & 0xff) === 0) continue;
      mask |= 1 << byte;
      bytes[to] = word & 0xff;
      to += 1;
    }
    bytes[maskAt] = mask;
  }
  while (to % 4 !== 0) { bytes[to] = 0; to += 1; }
  out.at = to / 4;
  out.words[0] = out.at;
}

/** The reverse. */
export function unpackRecord(words: Uint32Array, at: number, from: number, out: RecordWriter): void {
  const count = words[at + from]!;
  out.at = 0;
  out.reserve(count + 1);
  for (let i = 0; i < from; i += 1) out.words[i] = words[at + i]!;
  out.words[0] = count;
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  let place = (at + from + 1) * 4;
  for (let i = from; i < count; i += 2) {
    const mask = bytes[place]!;
    place += 1;
    let word = 0;
    for (let byte = 0; byte < 4; byte += 1) if ((mask & (1 << byte)) !== 0) { word |= bytes[place]! << (8 * byte); place += 1; }
    out.words[i] = word;
    word = 0;
    for (let byte = 0; byte < 4; byte += 1) if ((mask & (16 << byte)) !== 0) { word |= bytes[place]! << (8 * byte); place += 1; }
    out.words[i + 1] = word;
  }
  out.at = count;
}
