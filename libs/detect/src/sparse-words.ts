/** Words of a group: one bit each in the group's mask. */
const GROUP = 32;

/**
 * Most words of a record are zero: what an entity has not used. Written are, for each 32 groups of 32 words, which groups have anything, then
 * for each of those which words, then the words. Gives the place behind. `out` must have room: `sparseWordsMax(count)`.
 */
export function writeSparse(from: Uint32Array, start: number, count: number, out: Uint32Array, place: number): number {
  let at = place;
  const end = start + count;
  for (let block = start; block < end; block += GROUP * GROUP) {
    const blockAt = at++;
    let groups = 0;
    for (let group = 0; group < GROUP; group += 1) {
      const first = block + group * GROUP;
      if (first >= end) break;
      const last = Math.min(first + GROUP, end);
      const maskAt = at++;
      let mask = 0;
      for (let i = first; i < last; i += 1) {
        const word = from[i]!;
        if (word === 0) continue;
        mask |= 1 << (i - first);
        out[at++] = word;
      }
      if (mask === 0) { at = maskAt; continue; }
      out[maskAt] = mask;
      groups |= 1 << group;
    }
    out[blockAt] = groups;
  }
  return at;
}

/** The reverse, into words that are zero. Gives the place behind what was read. */
export function readSparse(from: Uint32Array, place: number, to: Uint32Array, start: number, count: number): number {
  let at = place;
  const end = start + count;
  for (let block = start; block < end; block += GROUP * GROUP) {
    let groups = from[at++]!;
    while (groups !== 0) {
      const lowest = groups & -groups;
      groups ^= lowest;
      const first = block + (31 - Math.clz32(lowest)) * GROUP;
      let mask = from[at++]!;
      while (mask !== 0) {
        const bit = mask & -mask;
        mask ^= bit;
        to[first + 31 - Math.clz32(bit)] = from[at++]!;
      }
    }
  }
  return at;
}

/** Words that `writeSparse` writes at most. */
export const sparseWordsMax = (count: number): number => count + Math.ceil(count / GROUP) + Math.ceil(count / (GROUP * GROUP));
