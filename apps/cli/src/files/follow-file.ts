import { open, stat, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceName } from '@wary/model/sources.js';
import type { Piece } from '../client/event-sender.js';
import { fingerprintOf } from './fingerprint.js';
import { mediaTypeOf, PIECE_BYTES } from './pieces.js';

const POLL_MS = 200;
const HEAD_BYTES = 64 * 1024;

export interface FollowOptions { readonly path: string; readonly source: SourceName; readonly fromEnd: boolean; readonly signal: AbortSignal; readonly pollMs?: number; readonly onReset?: (why: 'rotated' | 'truncated') => void }

/**
 * Whole lines as they are appended, for ever. The open file is read to its end before a new one under the same name is begun, so that
 * rotation loses nothing; a file that has become shorter, or has another head, is begun anew. Ends, after the last whole line, when the signal says so.
 */
export async function* followFile({ path, source, fromEnd, signal, pollMs = POLL_MS, onReset }: FollowOptions): AsyncGenerator<Piece, void, undefined> {
  let skip = fromEnd;
  let line = 1;
  while (!signal.aborted) {
    const file = await openWhenThere(path, signal, pollMs);
    if (file === null) return;
    try {
      const position = skip ? (await file.stat()).size : 0;
      skip = false;
      for await (const piece of readOpen(file, path, source, position, line, signal, pollMs, onReset)) {
        line = piece.firstLine + countLines(piece.body);
        yield piece;
      }
      line = 1;
    } finally {
      await file.close();
    }
  }
}

/** One open file, until it is replaced (returns) or shortened (begins at its start again). */
async function* readOpen(file: FileHandle, path: string, source: SourceName, start: number, firstLine: number, signal: AbortSignal, pollMs: number, onReset: FollowOptions['onReset']): AsyncGenerator<Piece, void, undefined> {
  const chunk = Buffer.alloc(PIECE_BYTES);
  let position = start;
  let line = firstLine;
  // From the end on: what stands before the next newline is the rest of a line that was not ours.
  let torn = start > 0 && (await byteAt(file, start - 1)) !== 0x0a;
  let identity: string | null = null;
  // Who writes the old file may finish a line after its name is gone: it is left when it was at its end twice.
  let endsSeen = 0;
  while (!signal.aborted) {
    const { size } = await file.stat();
    const head = await readHead(file);
    const now = fingerprintOf(head);
    if (size < position || (identity !== null && now !== identity)) {
      onReset?.('truncated');
      position = 0;
      line = 1;
      torn = false;
    }
    identity = now;
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    const end = bytesRead === 0 ? 0 : chunk.lastIndexOf(0x0a, bytesRead - 1) + 1;
    if (end > 0 && identity !== null) {
      let body = Buffer.from(chunk.subarray(0, end));
      let offset = position;
      position += end;
      if (torn) {
        const first = body.indexOf(0x0a) + 1;
        body = body.subarray(first);
        offset += first;
        torn = false;
      }
      if (body.length > 0) yield { body, offset, firstLine: line, file: identity, mediaType: mediaTypeOf(source) };
      line += countLines(body);
      endsSeen = 0;
      continue;
    }
    // A line longer than a piece cannot be a log line: passed over rather than stuck at.
    if (bytesRead === chunk.length) {
      position += bytesRead;
      torn = true;
      continue;
    }
    endsSeen = (await replaced(file, path)) ? endsSeen + 1 : 0;
    if (endsSeen > 1) {
      onReset?.('rotated');
      return;
    }
    await sleep(pollMs, undefined, { signal }).catch(() => {});
  }
}

/** True when the name leads to another file. */
async function replaced(file: FileHandle, path: string): Promise<boolean> {
  const there = await stat(path).catch(() => null);
  if (there === null) return false;
  const here = await file.stat();
  return there.ino !== here.ino || there.dev !== here.dev;
}

async function openWhenThere(path: string, signal: AbortSignal, pollMs: number): Promise<FileHandle | null> {
  while (!signal.aborted) {
    try {
      return await open(path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      await sleep(pollMs, undefined, { signal }).catch(() => {});
    }
  }
  return null;
}

async function readHead(file: FileHandle): Promise<Buffer> {
  const head = Buffer.alloc(HEAD_BYTES);
  const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
  return head.subarray(0, bytesRead);
}

async function byteAt(file: FileHandle, position: number): Promise<number> {
  const one = Buffer.alloc(1);
  await file.read(one, 0, 1, position);
  return one[0]!;
}

function countLines(body: Buffer): number {
  let count = 0;
  for (let at = body.indexOf(0x0a); at >= 0; at = body.indexOf(0x0a, at + 1)) count += 1;
  return count;
}
