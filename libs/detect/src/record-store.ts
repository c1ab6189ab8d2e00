/** Records lie in places of whole lines; small ones, of whom there may be a million, in places of whole pieces of one. */
const LINE_WORDS = 32;
const PIECE_WORDS = 8;
const PIECED_LINES = 10;
/** A chunk is 64 KiB, whatever the size of the places it is cut into. */
const CHUNK_WORDS = 16_384;
const CHUNK_LINES = CHUNK_WORDS / LINE_WORDS;
/** Up to this many lines each size has places of its own; beyond, a chunk is cut into as many as fit. */
const FINE_LINES = 32;
const SLOT_BITS = 10;
const SLOTS = 1 << SLOT_BITS;
const NONE = 0xffffffff;

/** `freed`: first of the places that are free again, each of which names the next. `fresh`: places never used yet begin here. */
interface RecordChunk { words: Uint32Array; slotWords: number; slots: number; used: number; freed: number; fresh: number; /** Place in its size's list of chunks with room; −1 when it is full. */ open: number }

/**
 * Records of words of any length, by size. A record's first word is the number of its words. Freed places are used again, and a chunk that is
 * empty is cut anew for whatever size is wanted next: entities grow together, and what they have outgrown must not stay behind.
 * A handle is a positive integer below 2³².
 */
export class RecordStore {
  private readonly chunks: RecordChunk[] = [];
  private readonly empty: number[] = [];
  /** By size in words: chunks with room. */
  private readonly open = new Map<number, number[]>();
  /** Where `find` has found: the words of the chunk, and the record's first among them. */
  words: Uint32Array = new Uint32Array(0);
  at = 0;
  private chunkWords = 0;

  get bytes(): number {
    return this.chunkWords * 4;
  }

  /** Copies the record that begins at `at`, and gives its handle. */
  put(from: Uint32Array, at: number): number {
    const count = from[at]!;
    const slotWords = slotWordsOf(count);
    const open = this.open.get(slotWords) ?? this.addSize(slotWords);
    if (open.length === 0) this.addChunk(slotWords, open);
    const index = open[open.length - 1]!;
    const chunk = this.chunks[index]!;
    const { words } = chunk;
    let slot = chunk.freed;
    if (slot !== NONE) chunk.freed = words[slot * slotWords]!;
    else {
      slot = chunk.fresh;
      chunk.fresh += 1;
    }
    chunk.used += 1;
    if (chunk.used === chunk.slots) {
      open.pop();
      chunk.open = -1;
    }
    const to = slot * slotWords;
    for (let i = 0; i < count; i += 1) words[to + i] = from[at + i]!;
    return index * SLOTS + slot + 1;
  }

  find(handle: number): void {
    const { words, slotWords } = this.chunks[Math.floor((handle - 1) / SLOTS)]!;
    this.words = words;
    this.at = ((handle - 1) & (SLOTS - 1)) * slotWords;
  }

  release(handle: number): void {
    const index = Math.floor((handle - 1) / SLOTS);
    const slot = (handle - 1) & (SLOTS - 1);
    const chunk = this.chunks[index]!;
    chunk.used -= 1;
    const open = this.open.get(chunk.slotWords)!;
    if (chunk.used === 0) { this.close(index, chunk, open); return; }
    chunk.words[slot * chunk.slotWords] = chunk.freed;
    chunk.freed = slot;
    if (chunk.open < 0) chunk.open = open.push(index) - 1;
  }

  private addSize(slotWords: number): number[] {
    const open: number[] = [];
    this.open.set(slotWords, open);
    return open;
  }

  private addChunk(slotWords: number, open: number[]): void {
    const index = this.empty.pop() ?? this.chunks.push({ words: new Uint32Array(0), slotWords: 0, slots: 0, used: 0, freed: NONE, fresh: 0, open: -1 }) - 1;
    const chunk = this.chunks[index]!;
    const length = Math.max(CHUNK_WORDS, slotWords);
    if (chunk.words.length !== length) {
      this.chunkWords += length - chunk.words.length;
      chunk.words = new Uint32Array(length);
    }
    Object.assign(chunk, { slotWords, slots: Math.floor(length / slotWords), used: 0, freed: NONE, fresh: 0, open: open.push(index) - 1 });
  }

  /** Nothing is in it: it may be cut into other places. */
  private close(index: number, chunk: RecordChunk, open: number[]): void {
    if (chunk.open >= 0) {
      const last = open.pop()!;
      if (last !== index) {
        open[chunk.open] = last;
        this.chunks[last]!.open = chunk.open;
      }
      chunk.open = -1;
    }
    if (chunk.words.length > CHUNK_WORDS) {
      this.chunkWords -= chunk.words.length;
      chunk.words = new Uint32Array(0);
    }
    this.empty.push(index);
  }
}

/** Words of the places that a record of so many words goes to. */
function slotWordsOf(words: number): number {
  const lines = Math.ceil(words / LINE_WORDS);
  // No chunk has more places than a handle can tell apart.
  if (lines <= PIECED_LINES) return Math.max(CHUNK_WORDS / SLOTS, Math.ceil(words / PIECE_WORDS) * PIECE_WORDS);
  if (lines <= FINE_LINES) return lines * LINE_WORDS;
  return lines > CHUNK_LINES ? lines * LINE_WORDS : Math.floor(CHUNK_LINES / Math.floor(CHUNK_LINES / lines)) * LINE_WORDS;
}
