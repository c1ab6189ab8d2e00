import { createGunzip, createInflate, createInflateRaw, type Gunzip, type Inflate, type InflateRaw } from 'node:zlib';
import { WaryError } from '@wary/model/errors.js';
import { DEFAULT_INGEST_LIMITS, type IngestLimits } from './ingest-limits.js';

/** Bytes that may come out before the ratio counts: a short body of one repeated record is no bomb. */
const RATIO_FREE_BYTES = 1024 * 1024;
const INPUT_SLICE_BYTES = 16 * 1024;
const OUTPUT_CHUNK_BYTES = 64 * 1024;

/**
 * The body as it was before `Content-Encoding`. Both limits are checked on each piece that comes out, against the input that made it,
 * so a bomb is given up after about a megabyte and never stands in memory.
 * Throws `body_too_large`, `inflate_limit`, `unsupported_media_type` or `bad_request` (the data is damaged or breaks off).
 */
export async function inflateBody(body: Uint8Array, encoding: string | undefined, limits: IngestLimits = DEFAULT_INGEST_LIMITS): Promise<Buffer> {
  if (body.length > limits.bodyBytesMax) throw new WaryError('body_too_large', `The body has ${body.length} bytes, at most ${limits.bodyBytesMax} are taken: send smaller batches`);
  const name = (encoding ?? '').trim().toLowerCase();
  if (name === '' || name === 'identity') return asBuffer(body);
  const inflater = inflaterFor(name, body);
  return inflateWith(inflater, body, limits);
}

function inflaterFor(name: string, body: Uint8Array): Gunzip | Inflate | InflateRaw {
  const options = { chunkSize: OUTPUT_CHUNK_BYTES };
  if (name === 'gzip' || name === 'x-gzip') return createGunzip(options);
  // RFC 9110, 8.4.1.2: "deflate" is zlib (RFC 1950), but some senders write the bare stream (RFC 1951). A zlib header has 8 in its low bits.
  if (name === 'deflate') return ((body[0] ?? 0) & 0x0f) === 8 ? createInflate(options) : createInflateRaw(options);
  throw new WaryError('unsupported_media_type', 'The Content-Encoding is not supported: use gzip, deflate or none');
}

function inflateWith(inflater: Gunzip | Inflate | InflateRaw, body: Uint8Array, limits: IngestLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    let sent = 0;
    const fail = (error: WaryError): void => {
      inflater.destroy();
      reject(error);
    };
    // One small slice at a time: what is inside the inflater can never grow beyond the slice times deflate's own bound (1032).
    const feed = (): void => {
      if (sent >= body.length) {
        inflater.end();
        return;
      }
      const slice = body.subarray(sent, sent + INPUT_SLICE_BYTES);
      sent += slice.length;
      inflater.write(slice, feed);
    };
    inflater.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > limits.inflatedBytesMax) {
        fail(new WaryError('inflate_limit', `The body inflates to more than ${limits.inflatedBytesMax} bytes: send smaller batches`));
      } else if (bytes > RATIO_FREE_BYTES + inflater.bytesWritten * limits.inflateRatioMax) {
        fail(new WaryError('inflate_limit', `The body inflates to more than ${limits.inflateRatioMax} times its size: send it uncompressed`));
      } else pieces.push(piece);
    });
    inflater.on('end', () => { resolve(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, bytes)); });
    inflater.on('error', () => { reject(new WaryError('bad_request', 'The compressed body is damaged or breaks off')); });
    feed();
  });
}

const asBuffer = (body: Uint8Array): Buffer => (Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength));
