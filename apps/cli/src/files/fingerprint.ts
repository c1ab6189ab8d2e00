import { createHash } from 'node:crypto';

const COMMENT = 0x23;
const HEAD_BYTES_MAX = 64 * 1024;

/**
 * What tells a file from others, whatever it is called and however far it has grown: the hash of its head up to and including the first
 * line that is neither blank nor a comment (`#Fields: …` is the same in every file). Log lines begin with time and host, so two files do
 * not share one; a rotated file keeps its own, a truncated one gets a new one. `null` while there is no such line yet.
 */
export function fingerprintOf(head: Buffer): string | null {
  let end = 0;
  while (end < head.length && end < HEAD_BYTES_MAX) {
    const next = head.indexOf(0x0a, end);
    const stop = next < 0 ? head.length : next;
    const line = head.subarray(end, stop).toString('latin1').trim();
    if (line !== '' && line.charCodeAt(0) !== COMMENT) return next < 0 && head.length < HEAD_BYTES_MAX ? null : hash(head.subarray(0, Math.min(stop, HEAD_BYTES_MAX)));
    if (next < 0) return null;
    end = next + 1;
  }
  return head.length >= HEAD_BYTES_MAX ? hash(head.subarray(0, HEAD_BYTES_MAX)) : null;
}

const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex').slice(0, 32);

/** The same for a file that has ended: its one line may lack the newline. */
export const fingerprintOfWhole = (head: Buffer): string => fingerprintOf(head) ?? fingerprintOf(Buffer.concat([head, Buffer.from('\n')])) ?? hash(head);
