import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

const BUFFER_CHARS_MAX = 64 * 1024;

/** Lines to a file or standard output, gathered into pieces of 64 KB and held back when the reader is slower. */
export interface LineWriter { line(text: string): Promise<void> | undefined; close(): Promise<void> }

export function createLineWriter(path: string): LineWriter {
  const standard = path === '-';
  const stream: Writable = standard ? process.stdout : createWriteStream(path);
  let failed: Error | undefined;
  if (!standard) stream.on('error', (error) => (failed = error));
  let buffer = '';

  async function flush(): Promise<void> {
    const piece = buffer;
    buffer = '';
    if (failed !== undefined) throw failed;
    if (piece !== '' && !stream.write(piece)) await once(stream, 'drain');
  }
  return {
    line(text) {
      buffer += text;
      buffer += '\n';
      return buffer.length >= BUFFER_CHARS_MAX ? flush() : undefined;
    },
    async close() {
      await flush();
      if (standard) return;
      stream.end();
      await finished(stream);
    },
  };
}

/** A reader that has seen enough (`| head`) ends the command in silence. */
export function endQuietlyOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
}
