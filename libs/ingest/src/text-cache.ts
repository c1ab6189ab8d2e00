/** Buffer's own decoders, which its types leave out; `toString` costs as much again as they do for short texts. */
export type SliceBuffer = Buffer & { latin1Slice(start: number, end: number): string; utf8Slice(start: number, end: number): string };

const SLOTS = 8192;
export const CACHED_BYTES_MAX = 64;

/**
 * Short ASCII texts seen lately, by their bytes. Actors, actions, groups and addresses come again and again: finding the string again costs
 * less than making it, and everything behind (maps, dictionaries) finds its hash computed. Bounded; a newer text takes the place of an older one.
 */
export class TextCache {
  private readonly texts = new Array<string>(SLOTS).fill('');
  private readonly bytes = new Uint8Array(SLOTS * CACHED_BYTES_MAX);

  /** The text of the bytes from `start` to `end`, 1 to `CACHED_BYTES_MAX` of them; undefined when they are not all plain. */
  get(buffer: SliceBuffer, start: number, end: number): string | undefined {
    const length = end - start;
    // Six of the bytes stand for all of them; the comparison decides.
    let hash = Math.imul(buffer[start]! | (buffer[end - 1]! << 8) | (buffer[start + (length >> 1)]! << 16) | (length << 24), 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ (buffer[start + (length >> 2)]! | (buffer[end - 1 - (length >> 2)]! << 8) | (buffer[length > 1 ? end - 2 : start]! << 16)), 0x85ebca6b);
    const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    const text = this.texts[slot]!;
    const { bytes } = this;
    const base = slot * CACHED_BYTES_MAX;
    if (text.length === length) {
      let i = 0;
      while (i < length && bytes[base + i] === buffer[start + i]) i += 1;
      if (i === length) return text;
    }
    // What is in the cache is plain; so only here it has to be looked at.
    if (!isPlain(buffer, start, end)) return undefined;
    const fresh = buffer.latin1Slice(start, end);
    this.texts[slot] = fresh;
    for (let i = 0; i < length; i += 1) bytes[base + i] = buffer[start + i]!;
    return fresh;
  }
}

/** ASCII that stands for itself in a JSON string: no control character, no backslash. */
export function isPlain(buffer: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) {
    const c = buffer[i]!;
    if (c < 0x20 || c > 0x7f || c === 0x5c) return false;
  }
  return true;
}
