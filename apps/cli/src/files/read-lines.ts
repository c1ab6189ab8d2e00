import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CliError } from '../terminal/cli-error.js';

const NEWLINE = 0x0a;
/** A line that is longer is no line of a log; the service's own limit is a megabyte. */
export const LINE_BYTES_MAX = 32 * 1024 * 1024;

export interface Line { readonly bytes: Buffer; /** Of its first byte, in the (uncompressed) stream. */ readonly offset: number; readonly complete: boolean }

/** Bytes of a file or of standard input (`-`); a name that ends in `.gz` is inflated on the way. */
export async function openInput(path: string): Promise<{ readonly stream: Readable; /** 0 when unknown. */ readonly bytes: number }> {
  if (path === '-') return { stream: process.stdin, bytes: 0 };
  const { size } = await stat(path);
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  if (!path.endsWith('.gz')) return { stream: file, bytes: size };
  const gunzip = createGunzip();
  file.on('error', (error) => gunzip.destroy(error));
  file.pipe(gunzip);
  return { stream: gunzip, bytes: 0 };
}

/** Lines of a stream with their byte offsets; the last one may lack its newline (`complete` false). */
export async function* readLines(stream: AsyncIterable<Buffer | string>): AsyncGenerator<Line, void, undefined> {
  let offset = 0;
  let kept: Buffer[] = [];
  let keptBytes = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      const piece = bytes.subarray(start, end);
      const line = keptBytes === 0 ? piece : Buffer.concat([...kept, piece]);
      kept = [];
      keptBytes = 0;
      yield { bytes: line, offset, complete: true };
      offset += line.length + 1;
      start = end + 1;
    }
    if (start < bytes.length) {
      kept.push(bytes.subarray(start));
      keptBytes += bytes.length - start;
      if (keptBytes > LINE_BYTES_MAX) throw new CliError(`a line is longer than ${LINE_BYTES_MAX} bytes`);
    }
  }
  if (keptBytes > 0) yield { bytes: Buffer.concat(kept), offset, complete: false };
}

/** Objects of an NDJSON file or standard input, with the bytes read so far; blank lines are skipped. A bad line ends the reading by its number. */
export async function* readJsonLines(path: string, onBytes: (bytes: number) => void = () => {}): AsyncGenerator<{ readonly value: unknown; readonly line: number; readonly text: string }, void, undefined> {
  const { stream } = await openInput(path);
  const name = path === '-' ? 'standard input' : path;
  let number = 0;
  for await (const { bytes, offset } of readLines(stream)) {
    number += 1;
    onBytes(offset + bytes.length);
    const text = bytes.toString('utf8').trim();
    if (text === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new CliError(`${name}, line ${number}: not valid JSON`);
    }
    yield { value, line: number, text };
  }
}
