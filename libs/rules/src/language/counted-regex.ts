import type { RegexFlags } from './expr.js';

/** Below these RE2's own automaton is made in no time. */
const POSITIONS_MIN = 64;
const TEXT_CHARS_MIN = 2_048;
/** Beyond, moving all bits costs more than an automaton does. */
const POSITIONS_MAX = 2_048;
const CHARS_CACHED_MAX = 512;
const WORD_BITS = 32;

interface Position { readonly atom: string; readonly isOptional: boolean; readonly isRepeatable: boolean }
interface Chain { readonly positions: readonly Position[]; readonly fromStart: boolean; readonly toEnd: boolean; readonly flags: RegexFlags }
interface Masks { readonly enter: Uint32Array; readonly stay: Uint32Array }

/**
 * A pattern that is a chain of characters and classes with counts (`a.{300}[cd]$`), for which an automaton needs a state for every
 * way to have counted: each place that can have been reached is a bit, moved on for each character of the text (extended Shift-And;
 * Navarro & Raffinot, "Flexible Pattern Matching in Strings", 2002, §4.2). Null: the pattern is something else, or small.
 * `atomOf` says whether one character is what an atom of the pattern means, which leaves classes and case to RE2; `plain` is asked of
 * short texts.
 */
export function compileCounted(source: string, flags: RegexFlags, atomOf: (atom: string, flags: RegexFlags) => (char: string) => boolean, plain: ((text: string) => boolean) | null): ((text: string) => boolean) | null {
  const chain = readChain(source, flags);
  if (chain === null || chain.positions.length < POSITIONS_MIN || chain.positions.length > POSITIONS_MAX) return null;
  const { positions, fromStart, toEnd } = chain;
  const words = Math.ceil((positions.length + 1) / WORD_BITS);
  const atoms = new Map<string, { readonly holds: (char: string) => boolean; readonly enter: Uint32Array; readonly stay: Uint32Array }>();
  positions.forEach(({ atom, isRepeatable }, index) => {
    let known = atoms.get(atom);
    if (known === undefined) atoms.set(atom, (known = { holds: atomOf(atom, chain.flags), enter: new Uint32Array(words), stay: new Uint32Array(words) }));
    setBit(known.enter, index + 1);
    if (isRepeatable) setBit(known.stay, index + 1);
  });
  const blocks = optionalBlocks(positions);
  const initial = new Uint32Array(words);
  setBit(initial, 0);
  skipOptional(initial, blocks);
  // A match may begin at every character, unless the pattern begins with ^.
  const again = fromStart ? new Uint32Array(words) : initial;
  const last = positions.length;
  const [lastWord, lastBit] = [last >>> 5, 1 << (last & 31)];
  const cache = new Map<number, Masks>();
  const masksOf = (code: number): Masks => {
    const known = cache.get(code);
    if (known !== undefined) return known;
    const masks = { enter: new Uint32Array(words), stay: new Uint32Array(words) };
    const char = String.fromCodePoint(code);
    for (const { holds, enter, stay } of atoms.values()) {
      if (!holds(char)) continue;
      for (let word = 0; word < words; word += 1) {
        masks.enter[word]! |= enter[word]!;
        masks.stay[word]! |= stay[word]!;
      }
    }
    if (cache.size < CHARS_CACHED_MAX) cache.set(code, masks);
    return masks;
  };
  const least = positions.filter(({ isOptional }) => !isOptional).length;
  return (text) => {
    if (text.length < least) return false;
    if (plain !== null && text.length < TEXT_CHARS_MIN) return plain(text);
    const state = initial.slice();
    if (hasBit(state, last) && !toEnd) return true;
    let code = -1;
    let masks = NO_MASKS;
    for (let at = 0; at < text.length;) {
      const next = text.codePointAt(at)!;
      at += next > 0xffff ? 2 : 1;
      if (next !== code) masks = masksOf(code = next);
      if (advance(state, masks.enter, masks.stay, again) === 0 && fromStart) return false;
      if (blocks.length > 0) skipOptional(state, blocks);
      if (!toEnd && (state[lastWord]! & lastBit) !== 0) return true;
    }
    return hasBit(state, last);
  };
}

/** All places at once: on to the next where the character is in it, or stay where that is allowed. Gives 0 when none is left. */
function advance(state: Uint32Array, enter: Uint32Array, stay: Uint32Array, again: Uint32Array): number {
  let carry = 0;
  let any = 0;
  for (let word = 0; word < state.length; word += 1) {
    const before = state[word]!;
    const after = (((before << 1) | carry) & enter[word]!) | (before & stay[word]!);
    carry = before >>> (WORD_BITS - 1);
    any |= after;
    state[word] = after | again[word]!;
  }
  return any;
}

const NO_MASKS: Masks = { enter: new Uint32Array(0), stay: new Uint32Array(0) };
const setBit = (bits: Uint32Array, at: number): void => { bits[at >>> 5]! |= 1 << (at & 31); };
const hasBit = (bits: Uint32Array, at: number): boolean => (bits[at >>> 5]! & (1 << (at & 31))) !== 0;

/** Runs of optional positions: the bit before the first, and the last. */
function optionalBlocks(positions: readonly Position[]): { readonly before: number; readonly last: number }[] {
  const blocks: { before: number; last: number }[] = [];
  positions.forEach(({ isOptional }, index) => {
    if (!isOptional) return;
    const open = blocks.at(-1);
    if (open !== undefined && open.last === index) open.last = index + 1;
    else blocks.push({ before: index, last: index + 1 });
  });
  return blocks;
}

/** From the first place of a block that is reached all behind it are, to the block's end. */
function skipOptional(state: Uint32Array, blocks: readonly { readonly before: number; readonly last: number }[]): void {
  for (const { before, last } of blocks) {
    let at = before;
    // Whole words without a bit are passed over.
    for (let bits = 0; at <= last; at = ((at >>> 5) + 1) << 5) {
      bits = state[at >>> 5]! >>> (at & 31);
      if (bits === 0) continue;
      at += 31 - Math.clz32(bits & -bits);
      break;
    }
    if (at >= last) continue;
    const [first, end] = [at >>> 5, last >>> 5];
    for (let word = first; word <= end; word += 1) {
      const low = word === first ? (-1 << (at & 31)) : -1;
      const high = word === end && (last & 31) !== 31 ? (1 << ((last & 31) + 1)) - 1 : -1;
      state[word]! |= low & high;
    }
  }
}

/** Reads the chain, or null where the pattern is no chain. */
function readChain(source: string, given: RegexFlags): Chain | null {
  let flags = given;
  const opening = /^\(\?([is]+)\)/.exec(source);
  if (opening !== null) flags = { ...given, ...(opening[1]!.includes('i') ? { i: true } : {}), ...(opening[1]!.includes('s') ? { s: true } : {}) };
  if (flags.m === true) return null;
  let start = opening?.[0].length ?? 0;
  const fromStart = source[start] === '^';
  if (fromStart) start += 1;
  const sequence = readSequence(source, start, 0);
  if (sequence === null) return null;
  const toEnd = source[sequence.end] === '$';
  return sequence.end + Number(toEnd) === source.length ? { positions: sequence.positions, fromStart, toEnd, flags } : null;
}

const GROUPS_MAX = 10;

/** Characters and groups one after the other, up to a closing bracket, a `$`, or the end. */
function readSequence(source: string, from: number, depth: number): { readonly positions: Position[]; readonly end: number } | null {
  const positions: Position[] = [];
  let at = from;
  while (at < source.length && source[at] !== ')' && source[at] !== '$') {
    const one = readAtom(source, at) ?? (source[at] === '(' && depth < GROUPS_MAX ? readGroup(source, at, depth) : null);
    if (one === null) return null;
    at = one.end;
    const repeat = /^(?:[*+?]|\{(\d{1,4})(?:(,)(\d{0,4}))?\})/.exec(source.slice(at, at + 16));
    let [low, high] = [1, 1];
    if (repeat !== null) {
      at += repeat[0].length;
      const [whole, least, comma, most] = repeat;
      [low, high] = whole === '*' ? [0, Infinity] : whole === '+' ? [1, Infinity] : whole === '?' ? [0, 1] : [Number(least), comma === undefined ? Number(least) : most === '' ? Infinity : Number(most)];
      // As few or as many as may be: whether there is a match is the same.
      if (source[at] === '?') at += 1;
      if (/^[*+?{]/.test(source.slice(at))) return null;
    } else if (source[at] === '{') return null;
    const unit = 'positions' in one ? one.positions : null;
    // A group of several is a part of the chain only when it stands a certain number of times.
    if (unit !== null && low !== high) return null;
    if (positions.length + (unit?.length ?? 1) * Math.max(low, Number.isFinite(high) ? high : 1) > POSITIONS_MAX) return null;
    if (unit !== null) for (let i = 0; i < low; i += 1) positions.push(...unit);
    else {
      const { text } = one as { readonly text: string };
      for (let i = 0; i < low; i += 1) positions.push({ atom: text, isOptional: false, isRepeatable: high === Infinity && i === low - 1 });
      if (high === Infinity && low === 0) positions.push({ atom: text, isOptional: true, isRepeatable: true });
      if (Number.isFinite(high)) for (let i = low; i < high; i += 1) positions.push({ atom: text, isOptional: true, isRepeatable: false });
    }
  }
  return { positions, end: at };
}

/** A group; one of a single character is that character. */
function readGroup(source: string, at: number, depth: number): { readonly positions: Position[]; readonly end: number } | { readonly text: string; readonly end: number } | null {
  const start = source.startsWith('(?:', at) ? at + 3 : at + 1;
  const only = readAtom(source, start);
  if (only !== null && source[only.end] === ')') return { text: only.text, end: only.end + 1 };
  const inner = readSequence(source, start, depth + 1);
  return inner === null || source[inner.end] !== ')' ? null : { positions: inner.positions, end: inner.end + 1 };
}

/** One character, class, or escape. */
function readAtom(source: string, at: number): { readonly text: string; readonly end: number } | null {
  const char = source[at]!;
  if (char === '\\') {
    const escape = /^\\(?:[dDsSwWtnrfv]|[^a-zA-Z0-9\s]|x[0-9a-fA-F]{2}|x\{[0-9a-fA-F]{1,6}\}|[pP][A-Z]|[pP]\{\^?[A-Za-z_]+\})/u.exec(source.slice(at, at + 40));
    return escape === null ? null : { text: escape[0], end: at + escape[0].length };
  }
  if (char === '[') {
    let end = at + 1;
    if (source[end] === '^') end += 1;
    if (source[end] === ']') end += 1;
    for (; source[end] !== ']'; end += 1) {
      if (end >= source.length) return null;
      if (source[end] === '\\') end += 1;
      else if (source.startsWith('[:', end)) end = Math.max(end, source.indexOf(':]', end) + 1);
    }
    return { text: source.slice(at, end + 1), end: end + 1 };
  }
  if (char === undefined || /[()*+?{|^$]/.test(char)) return null;
  const code = source.codePointAt(at)!;
  return { text: String.fromCodePoint(code), end: at + (code > 0xffff ? 2 : 1) };
}
