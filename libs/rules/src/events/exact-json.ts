/** Texts, or numbers; a text is passed over, so that digits inside it are left alone. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const MARK = 'integer beyond 2^53';

/** JSON in which an integer beyond 2^53 keeps all of its digits, as a bigint. */
export function parseExactJson(text: string): unknown {
  const marked = text.replaceAll(TOKEN, (token) => (token.length >= 16 && token.charCodeAt(0) !== 34 && /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `{${JSON.stringify(MARK)}:"${token}"}` : token));
  return JSON.parse(marked, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, MARK)) return value;
    const digits = (value as Readonly<Record<string, unknown>>)[MARK];
    return typeof digits === 'string' && /^-?\d+$/.test(digits) && Object.keys(value).length === 1 ? BigInt(digits) : value;
  });
}

/** The inverse: a bigint is written with all of its digits. */
export function stringifyExactJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // What JSON.stringify says of a bigint; anything else is not ours.
    if (!(error instanceof TypeError)) throw error;
    return write(value);
  }
}

function write(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each: unknown) => (each === undefined ? 'null' : write(each))).join(',')}]`;
  return `{${Object.entries(value).filter(([, each]) => each !== undefined).map(([key, each]: [string, unknown]) => `${JSON.stringify(key)}:${write(each)}`).join(',')}}`;
}
