import type { Buffer } from 'node:buffer';

/** The rows of one String column in RowBinary: length as LEB128, then bytes; not copied. */
export function readByteStrings(answer: Buffer): Buffer[] {
  const values: Buffer[] = [];
  for (let at = 0; at < answer.length;) {
    let length = 0;
    let factor = 1;
    for (;;) {
      const byte = answer[at++]!;
      length += (byte & 127) * factor;
      if (byte < 128) break;
      factor *= 128;
    }
    values.push(answer.subarray(at, at + length));
    at += length;
  }
  return values;
}
