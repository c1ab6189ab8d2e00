import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { WaryError } from '@wary/model/errors.js';
import { grownMemoryMib } from '@wary/testkit/grown-memory.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inflateBody } from './inflate-body.js';
import { DEFAULT_INGEST_LIMITS } from './ingest-limits.js';

const codeOf = async (promise: Promise<unknown>): Promise<string> => promise.then(() => 'none', (error: unknown) => (error instanceof WaryError ? error.code : String(error)));

describe('inflateBody', () => {
  it('gives back what was compressed, whichever way', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200_000 }), async (bytes) => {
      for (const [encoding, body] of [[undefined, bytes], ['identity', bytes], ['gzip', gzipSync(bytes)], ['GZIP', gzipSync(bytes)], ['deflate', deflateSync(bytes)], ['deflate', deflateRawSync(bytes)]] as const) {
        expect((await inflateBody(body, encoding)).equals(bytes)).toBe(true);
      }
    }), { numRuns: 20 });
  });

  it('reads several gzip members, as log shippers send them', async () => {
    const body = Buffer.concat([gzipSync('one\n'), gzipSync('two\n')]);
    expect((await inflateBody(body, 'gzip')).toString()).toBe('one\ntwo\n');
  });

  it.each([['br'], ['zstd'], ['gzip, gzip'], ['nonsense']])('refuses the encoding %s', async (encoding) => {
    expect(await codeOf(inflateBody(Buffer.from('x'), encoding))).toBe('unsupported_media_type');
  });

  it('refuses what is damaged or breaks off', async () => {
    const whole = gzipSync('some text that is long enough to be cut somewhere in the middle of it');
    expect(await codeOf(inflateBody(whole.subarray(0, whole.length - 9), 'gzip'))).toBe('bad_request');
    expect(await codeOf(inflateBody(Buffer.from('not gzip at all'), 'gzip'))).toBe('bad_request');
    expect(await codeOf(inflateBody(Buffer.alloc(0), 'gzip'))).toBe('bad_request');
  });

  it('refuses a body beyond its limit before it looks at it', async () => {
    expect(await codeOf(inflateBody(Buffer.alloc(101), undefined, { ...DEFAULT_INGEST_LIMITS, bodyBytesMax: 100 }))).toBe('body_too_large');
  });

  it('gives up a bomb (1:1000) long before it is out', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024), { level: 9 });
    expect(bomb.length * 900).toBeLessThan(100 * 1024 * 1024);
    expect(await grownMemoryMib(async () => { expect(await codeOf(inflateBody(bomb, 'gzip'))).toBe('inflate_limit'); }, 50)).toBeLessThan(50);
  });

  it('takes a well-compressed batch of records, and stops at the inflated limit', async () => {
    const batch = Buffer.from(`${JSON.stringify({ time: 1, kind: 'access', actor: { id: 'alice' }, action: 'read' })}\n`.repeat(20_000));
    expect((await inflateBody(gzipSync(batch), 'gzip')).length).toBe(batch.length);
    expect(await codeOf(inflateBody(gzipSync(batch), 'gzip', { ...DEFAULT_INGEST_LIMITS, inflatedBytesMax: 1000 }))).toBe('inflate_limit');
  });
});
