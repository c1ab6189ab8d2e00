const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** The first `chars` characters of the lower-case base32 (RFC 4648) of `bytes`, 5 bits each. */
export function base32(bytes: Uint8Array, chars: number): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (let i = 0; text.length < chars; i += 1) {
    held = ((held << 8) | bytes[i]!) & 0xfff;
    bits += 8;
    for (; bits >= 5 && text.length < chars; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31];
  }
  return text;
}
