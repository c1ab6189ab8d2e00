/** Ways through a JSON document by its bytes, so that a large one is taken apart without ever standing in memory as objects. */

export class JsonWalkError extends Error {
  constructor(readonly at: number) {
    super(`the JSON breaks off or is not valid at byte ${at}`);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Calls `visit` for each element of the array that begins at `from`; it goes over the element and gives the index behind it, as this does of the array. */
export function eachElement(bytes: Uint8Array, from: number, end: number, visit: (from: number) => number): number {
  let at = skipSpace(bytes, expect(bytes, from, end, 0x5b), end);
  if (bytes[at] === 0x5d) return at + 1;
  for (;;) {
    at = skipSpace(bytes, visit(at), end);
    if (bytes[at] === 0x5d && at < end) return at + 1;
    at = skipSpace(bytes, expect(bytes, at, end, 0x2c), end);
  }
}

/** The same for the fields of an object. Keys with escapes are not decoded. */
export function eachField(bytes: Uint8Array, from: number, end: number, visit: (key: string, from: number) => number): number {
  let at = skipSpace(bytes, expect(bytes, from, end, 0x7b), end);
  if (bytes[at] === 0x7d) return at + 1;
  for (;;) {
    if (bytes[at] !== QUOTE) throw new JsonWalkError(at);
    const keyEnd = skipString(bytes, at, end);
    const key = keyEnd - at > 66 ? '' : String.fromCharCode(...bytes.subarray(at + 1, keyEnd - 1));
    at = skipSpace(bytes, expect(bytes, skipSpace(bytes, keyEnd, end), end, 0x3a), end);
    at = skipSpace(bytes, visit(key, at), end);
    if (bytes[at] === 0x7d && at < end) return at + 1;
    at = skipSpace(bytes, expect(bytes, at, end, 0x2c), end);
  }
}

export function skipSpace(bytes: Uint8Array, from: number, end: number): number {
  let i = from;
  while (i < end) {
    const c = bytes[i]!;
    if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) break;
    i += 1;
  }
  return i;
}

function expect(bytes: Uint8Array, at: number, end: number, byte: number): number {
  if (at >= end || bytes[at] !== byte) throw new JsonWalkError(at);
  return at + 1;
}

function skipString(bytes: Uint8Array, from: number, end: number): number {
  let i = from + 1;
  while (i < end) {
    const c = bytes[i]!;
    if (c === QUOTE) return i + 1;
    i += c === BACKSLASH ? 2 : 1;
  }
  throw new JsonWalkError(end);
}

/** Index behind the value at `from`; brackets are counted and not matched, since whoever uses the value parses it. */
export function skipValue(bytes: Uint8Array, from: number, end: number): number {
  const first = from < end ? bytes[from]! : 0;
  if (first === QUOTE) return skipString(bytes, from, end);
  let i = from;
  if (first !== 0x7b && first !== 0x5b) {
    while (i < end) {
      const c = bytes[i]!;
      if (c === 0x2c || c === 0x5d || c === 0x7d || c <= 0x20) break;
      i += 1;
    }
    if (i === from) throw new JsonWalkError(from);
    return i;
  }
  let depth = 0;
  while (i < end) {
    const c = bytes[i]!;
    if (c === QUOTE) i = skipString(bytes, i, end);
    else {
      i += 1;
      if (c === 0x7b || c === 0x5b) depth += 1;
      else if (c === 0x7d || c === 0x5d) {
        depth -= 1;
        if (depth === 0) return i;
      }
    }
  }
  throw new JsonWalkError(end);
}
