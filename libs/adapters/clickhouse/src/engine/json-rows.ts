import { Buffer } from 'node:buffer';

const NEWLINE = 10;

/** Lines of JSONCompactEachRow as rows. */
export function parseRows<T extends readonly unknown[]>(text: string): T[] {
  const rows: T[] = [];
  for (let start = 0; start < text.length;) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    if (end > start) rows.push(JSON.parse(text.slice(start, end)) as T);
    start = end + 1;
  }
  return rows;
}

/** The same over chunks that end anywhere, as they come from a socket. */
export async function* rowsOfChunks<T extends readonly unknown[]>(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<T[]> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const end = bytes.lastIndexOf(NEWLINE);
    if (end < 0) {
      rest.push(bytes);
      continue;
    }
    rest.push(bytes.subarray(0, end + 1));
    const text = Buffer.concat(rest).toString('utf8');
    rest = end + 1 < bytes.length ? [bytes.subarray(end + 1)] : [];
    yield parseRows<T>(text);
  }
  if (rest.length > 0) yield parseRows<T>(Buffer.concat(rest).toString('utf8'));
}
