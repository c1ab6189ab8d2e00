import { randomBytes } from 'node:crypto';
import type { SourceName } from '@wary/model/sources.js';
import type { Piece } from '../client/event-sender.js';
import { CliError } from '../terminal/cli-error.js';
import { fingerprintOfWhole } from './fingerprint.js';
import { readLines } from './read-lines.js';

export const PIECE_BYTES = 2 * 1024 * 1024;
export const PIECE_LINES_MAX = 10_000;
const DOCUMENT_BYTES_MAX = 32 * 1024 * 1024;
const HEAD_BYTES = 64 * 1024;
export const LINES_TYPE = 'application/x-ndjson';
const TEXT_SOURCES: ReadonlySet<SourceName> = new Set(['nginx', 'apache', 'sshd', 'sudo']);

export const mediaTypeOf = (source: SourceName): string => (TEXT_SOURCES.has(source) ? 'text/plain' : LINES_TYPE);

/** Cuts a stream into pieces of whole lines; a JSON document over several lines stays in one piece. `identified` is false for a pipe, which gets an identity of its own for this run. */
export async function* readPieces(stream: AsyncIterable<Buffer | string>, source: SourceName, identified: boolean): AsyncGenerator<Piece, void, undefined> {
  const mediaType = mediaTypeOf(source);
  let file = identified ? undefined : `pipe-${randomBytes(12).toString('hex')}`;
  let kept: Buffer[] = [];
  let bytes = 0;
  let offset = 0;
  let firstLine = 1;
  let line = 0;
  let document = false;
  let head = Buffer.alloc(0);

  const piece = (): Piece => {
    file ??= fingerprintOfWhole(head);
    const made = { body: Buffer.concat(kept), offset, firstLine, file, mediaType: document ? 'application/json' : mediaType };
    offset += bytes;
    firstLine = line + 1;
    kept = [];
    bytes = 0;
    return made;
  };

  for await (const { bytes: text, complete } of readLines(stream)) {
    // Only the end of a file may lack its newline, and only a document may begin like one.
    if (line === 0 && mediaType === LINES_TYPE) document = isDocument(text);
    line += 1;
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, text.subarray(0, HEAD_BYTES), complete ? NEWLINE : Buffer.alloc(0)]);
    kept.push(text);
    if (complete) kept.push(NEWLINE);
    bytes += text.length + (complete ? 1 : 0);
    if (document) {
      if (bytes > DOCUMENT_BYTES_MAX) throw new CliError(`a JSON document of more than ${DOCUMENT_BYTES_MAX / 1024 / 1024} MB cannot be sent at once; give one record a line (jq -c '.[]')`);
    } else if (bytes >= PIECE_BYTES || line - firstLine + 1 >= PIECE_LINES_MAX) yield piece();
  }
  if (bytes > 0) yield piece();
}

const NEWLINE = Buffer.from('\n');

/** A first line that opens an array, or an object that goes on. */
function isDocument(line: Buffer): boolean {
  const text = line.toString('utf8').trim();
  if (text.startsWith('[')) return true;
  if (!text.startsWith('{')) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return !text.endsWith('}');
  }
}
