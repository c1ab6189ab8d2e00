import { decompress as zstdDecompress } from 'fzstd';
import kafkajs from 'kafkajs';
import lz4 from 'lz4js';
import snappy from 'snappyjs';

/** Of one compressed batch, inflated: a producer's batch is a few megabytes at the most. */
const INFLATED_BYTES_MAX = 64 * 1024 * 1024;

/** Header of the framing that Java's library writes: magic, version, lowest version that can read it. */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;

/** Snappy, LZ4 and Zstandard, which producers use and the client does not bring; for reading only, since ours writes gzip. */
export function takeInCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  const readOnly = (name: string, inflate: (bytes: Buffer) => Uint8Array) => () => ({
    compress: () => Promise.reject(new Error(`${name} is read, not written`)),
    decompress: (bytes: Buffer): Promise<Buffer> => Promise.resolve(limited(inflate(bytes))),
  });
  CompressionCodecs[CompressionTypes.Snappy] = readOnly('snappy', inflateSnappy);
  CompressionCodecs[CompressionTypes.LZ4] = readOnly('lz4', inflateLz4);
  CompressionCodecs[CompressionTypes.ZSTD] = readOnly('zstd', (bytes) => zstdDecompress(bytes));
}

export function inflateSnappy(bytes: Buffer): Uint8Array {
  if (!bytes.subarray(0, XERIAL.length).equals(XERIAL)) return snappy.uncompress(bytes, INFLATED_BYTES_MAX);
  const pieces: Uint8Array[] = [];
  let total = 0;
  for (let at = XERIAL_HEADER_BYTES; at + 4 <= bytes.length;) {
    const size = bytes.readUInt32BE(at);
    const piece = snappy.uncompress(bytes.subarray(at + 4, at + 4 + size), INFLATED_BYTES_MAX);
    total += piece.length;
    if (total > INFLATED_BYTES_MAX) throw tooLarge();
    pieces.push(piece);
    at += 4 + size;
  }
  return Buffer.concat(pieces);
}

/** The bound is the sum of the blocks at their largest, or what the frame's head says: memory is taken for that much. */
function inflateLz4(bytes: Buffer): Uint8Array {
  const bound = lz4.decompressBound(bytes);
  if (!(bound <= INFLATED_BYTES_MAX)) throw tooLarge();
  return lz4.decompress(bytes, bound);
}

const tooLarge = (): Error => new Error(`a compressed batch inflates beyond ${INFLATED_BYTES_MAX} bytes`);
function limited(bytes: Uint8Array): Buffer {
  if (bytes.length > INFLATED_BYTES_MAX) throw tooLarge();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
