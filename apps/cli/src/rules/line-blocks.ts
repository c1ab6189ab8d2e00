import { isAscii } from 'node:buffer';
import type { Readable } from 'node:stream';
import { LINE_BYTES_MAX } from '../files/read-lines.js';
import { CliError } from '../terminal/cli-error.js';

/** Whole lines, a block at a time: the caller goes through a block without waiting for each line. */
export interface LineBlock { readonly bytes: Buffer; readonly isAscii: boolean }

export async function* lineBlocks(stream: Readable): AsyncGenerator<LineBlock, void, undefined> {
  let kept: Buffer[] = [];
  let keptBytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const end = chunk.lastIndexOf(0x0a);
    if (end < 0) {
      kept.push(chunk);
      keptBytes += chunk.length;
      if (keptBytes > LINE_BYTES_MAX) throw new CliError(`a line is longer than ${LINE_BYTES_MAX} bytes`);
      continue;
    }
    const head = chunk.subarray(0, end + 1);
    const bytes = keptBytes === 0 ? head : Buffer.concat([...kept, head]);
    kept = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
    keptBytes = chunk.length - end - 1;
    yield { bytes, isAscii: isAscii(bytes) };
  }
  if (keptBytes > 0) {
    const bytes = Buffer.concat(kept);
    yield { bytes, isAscii: isAscii(bytes) };
  }
}

/** The lines of a block, without their ends. */
export function* linesOf({ bytes, isAscii: ascii }: LineBlock): Generator<string, void, undefined> {
  for (let start = 0; start < bytes.length;) {
    let end = bytes.indexOf(0x0a, start);
    if (end < 0) end = bytes.length;
    yield bytes.toString(ascii ? 'latin1' : 'utf8', start, end);
    start = end + 1;
  }
}
