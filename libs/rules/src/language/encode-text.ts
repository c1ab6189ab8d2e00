/** A text as the bytes an encoding makes of it, one character a byte. */
export type Utf16 = 'utf16le' | 'utf16be' | 'utf16';

export function utf16Bytes(text: string, encoding: Utf16): string {
  let bytes = encoding === 'utf16' ? 'ÿþ' : '';
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const low = String.fromCharCode(unit & 0xff);
    const high = String.fromCharCode(unit >> 8);
    bytes += encoding === 'utf16be' ? high + low : low + high;
  }
  return bytes;
}

export const utf8Bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
export const base64Of = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('base64');

/** The three texts that hold these bytes inside a longer base64 text, one for each offset: what depends on neighbours is cut off. */
export function base64Offsets(bytes: string): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = base64Of('\0'.repeat(offset) + bytes);
    const start = [0, 2, 3][offset]!;
    const rest = (bytes.length + offset) % 3;
    return encoded.slice(start, rest === 0 ? undefined : rest === 1 ? -3 : -2);
  });
}
