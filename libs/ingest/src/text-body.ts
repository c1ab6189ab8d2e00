import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import type { SourceName } from '@wary/model/sources.js';
import { BodyReader } from './body-reader.js';
import { DEFAULT_INGEST_LIMITS, type IngestLimits } from './ingest-limits.js';
import type { ReadBody, ReadContext } from './read-body.js';

const NEWLINE = 0x0a;

/**
 * Records of a source that writes lines. Their identity is the file and the byte offset; a body that is no piece of a file stands for
 * one by its own hash, so that sending it again is no second event, and two equal lines in it are two.
 * Invalid UTF-8 and U+0000 are replaced by U+FFFD.
 */
export function readTextBody(body: Buffer, context: ReadContext & { readonly source: SourceName }, limits: IngestLimits = DEFAULT_INGEST_LIMITS): ReadBody {
  const reader = new BodyReader(body, context, limits);
  const file = context.file ?? hash('sha256', body, 'hex').slice(0, 32);
  const base = context.file === undefined ? 0 : context.offset ?? 0;
  const hasNul = body.includes(0);
  let start = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  for (let line = 0; start < body.length; line += 1) {
    let next = body.indexOf(NEWLINE, start);
    if (next < 0) next = body.length;
    let end = next;
    while (end > start && isBlank(body[end - 1]!)) end -= 1;
    if (end - start > limits.recordBytesMax) {
      reader.reject(line, start, end, 'record_too_large', `the line has ${end - start} bytes, at most ${limits.recordBytesMax} are taken`);
    } else if (end > start) {
      let text = body.toString('utf8', start, end);
      let repaired = !reader.validUtf8 && !isUtf8(body.subarray(start, end));
      if (hasNul && text.includes('\0')) {
        text = text.replaceAll('\0', '\uFFFD');
        repaired = true;
      }
      reader.takeText(text, line, `${file}:${base + start}`, repaired);
    }
    start = next + 1;
  }
  return reader.result();
}

const isBlank = (c: number): boolean => c === 0x20 || c === 0x0d || c === 0x09;
