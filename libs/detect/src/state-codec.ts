/**
 * Structured state ⇄ bytes: JSON for the tree, typed arrays and maps taken out of it as raw little-endian sections.
 * Numbers round-trip exactly (JSON prints the shortest decimal that reads back the same; ±Infinity and NaN are spelt out).
 * Layout: magic, version (u32), JSON length (u32), JSON, then the sections, each 8-byte aligned. Platforms are little-endian throughout.
 */
const MAGIC = 0x59524157;
const HEADER_BYTES = 16;

const ARRAYS = { Float64Array, Float32Array, Int32Array, Uint32Array, Int16Array, Uint16Array, Int8Array, Uint8Array } as const;
type ArrayName = keyof typeof ARRAYS;
type TypedArray = InstanceType<(typeof ARRAYS)[ArrayName]>;

const align = (offset: number): number => (offset + 7) & ~7;

export function encodeState(version: number, state: unknown): Uint8Array {
  const sections: TypedArray[] = [];
  let offset = 0;
  const json = JSON.stringify(pack(state, (array) => {
    const at = offset;
    sections.push(array);
    offset = align(offset + array.byteLength);
    return at;
  }));
  const text = new TextEncoder().encode(json);
  const start = align(HEADER_BYTES + text.length);
  const bytes = new Uint8Array(start + offset);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, version, true);
  view.setUint32(8, text.length, true);
  bytes.set(text, HEADER_BYTES);
  let at = start;
  for (const array of sections) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at = align(at + array.byteLength);
  }
  return bytes;
}

/** `null` when the bytes are not a state of this version. Throws only on a bug of the writer. */
export function decodeState(version: number, given: Uint8Array): unknown {
  // A Node Buffer's `slice` is a view of a shared pool; ours must copy.
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  if (bytes.length < HEADER_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== version) return null;
  const length = view.getUint32(8, true);
  const start = align(HEADER_BYTES + length);
  if (start > bytes.length) return null;
  const tree: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER_BYTES, HEADER_BYTES + length)));
  return unpack(tree, (name, at, count) => {
    const Type = ARRAYS[name];
    const size = count * Type.BYTES_PER_ELEMENT;
    return new Type(bytes.slice(start + at, start + at + size).buffer, 0, count);
  });
}

function pack(value: unknown, section: (array: TypedArray) => number): unknown {
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) return { $number: Object.is(value, -0) ? '-0' : String(value) };
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return { $array: nameOf(value), at: section(value as TypedArray), count: (value as TypedArray).length };
  if (value instanceof Map) return { $map: [...value].map(([key, item]) => [pack(key, section), pack(item, section)]) };
  // Long lists of names stay as they are: most of a state's tree is that.
  if (Array.isArray(value)) return value.every(isPlain) ? value : value.map((item) => pack(item, section));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pack(item, section)]));
}

/** A subclass (Node's Buffer) comes back as what it is made of. */
function nameOf(view: ArrayBufferView): ArrayName {
  const { name } = view.constructor;
  if (name in ARRAYS) return name as ArrayName;
  if (view instanceof Uint8Array) return 'Uint8Array';
  throw new TypeError(`a state cannot hold a ${name}`);
}

/** JSON gives it back as it is. */
const isPlain = (value: unknown): boolean => typeof value === 'string' || typeof value === 'boolean' || value === null || (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0));

function unpack(value: unknown, read: (name: ArrayName, at: number, count: number) => TypedArray): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    // In place: the tree was read for us alone.
    for (let i = 0; i < value.length; i += 1) if (typeof value[i] === 'object') value[i] = unpack(value[i], read);
    return value;
  }
  const record = value as Record<string, unknown>;
  if (typeof record['$number'] === 'string') return Number(record['$number']);
  if (typeof record['$array'] === 'string') return read(record['$array'] as ArrayName, record['at'] as number, record['count'] as number);
  if (Array.isArray(record['$map'])) return new Map((record['$map'] as [unknown, unknown][]).map(([key, item]) => [unpack(key, read), unpack(item, read)]));
  return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, unpack(item, read)]));
}
