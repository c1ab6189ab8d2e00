import { mkdtempSync, rmSync, writeFileSync, appendFileSync, renameSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Piece } from '../client/event-sender.js';
import { fingerprintOf, fingerprintOfWhole } from './fingerprint.js';
import { followFile } from './follow-file.js';
import { readPieces } from './pieces.js';
import { readLines } from './read-lines.js';

async function* chunksOf(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  let from = 0;
  for (const cut of [...cuts.map((each) => each % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
    yield bytes.subarray(from, cut);
    from = cut;
  }
}
const text = fc.stringMatching(/^[ab\n]{0,60}$/);

describe('readLines', () => {
  it('gives the same lines and offsets however the bytes arrive', async () => {
    await fc.assert(fc.asyncProperty(text, fc.array(fc.nat(), { maxLength: 6 }), async (content, cuts) => {
      const lines: { text: string; offset: number }[] = [];
      for await (const { bytes, offset } of readLines(chunksOf(Buffer.from(content), cuts))) lines.push({ text: bytes.toString(), offset });
      const expected = content.split('\n');
      if (expected.at(-1) === '') expected.pop();
      expect(lines.map((line) => line.text)).toEqual(expected);
      for (const line of lines) expect(content.slice(line.offset, line.offset + line.text.length)).toBe(line.text);
    }));
  });
});

describe('fingerprintOf', () => {
  it('stays as a file grows once its first real line is whole, and differs when that line does', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z0-9]{1,40}$/), fc.stringMatching(/^[a-z0-9]{1,40}$/), text, (first, other, more) => {
      const head = Buffer.from(`#Fields: a b\n\n${first}\n`);
      expect(fingerprintOf(Buffer.concat([head, Buffer.from(more)]))).toBe(fingerprintOf(head));
      expect(fingerprintOfWhole(Buffer.from(`#Fields: a b\n\n${first}`))).toBe(fingerprintOf(head));
      if (first !== other) expect(fingerprintOf(Buffer.from(`#Fields: a b\n\n${other}\n`))).not.toBe(fingerprintOf(head));
    }));
  });

  it('says nothing while the first line is still being written', () => {
    expect(fingerprintOf(Buffer.from('#Fields: a\n127.0.0.1 - - [2'))).toBeNull();
    expect(fingerprintOf(Buffer.alloc(0))).toBeNull();
  });
});

describe('readPieces', () => {
  const all = async (content: string, source: 'nginx' | 'native', identified = true): Promise<Piece[]> => {
    const pieces: Piece[] = [];
    for await (const piece of readPieces(chunksOf(Buffer.from(content), []), source, identified)) pieces.push(piece);
    return pieces;
  };

  it('cuts at lines, and the pieces are the file', async () => {
    const content = Array.from({ length: 25_000 }, (_, i) => `line ${i}`).join('\n');
    const pieces = await all(content, 'nginx');
    expect(pieces.length).toBe(3);
    expect(Buffer.concat(pieces.map((piece) => piece.body)).toString()).toBe(content);
    expect(pieces.map((piece) => piece.firstLine)).toEqual([1, 10_001, 20_001]);
    for (const piece of pieces) {
      expect(content.slice(piece.offset, piece.offset + 12)).toBe(piece.body.subarray(0, 12).toString());
      expect(piece.file).toBe(fingerprintOf(Buffer.from(content)));
    }
  });

  it('keeps a JSON document whole and sends NDJSON as lines', async () => {
    expect((await all('[\n{"a":1},\n{"a":2}\n]\n', 'native'))[0]).toMatchObject({ mediaType: 'application/json', firstLine: 1 });
    expect((await all('{\n"a": 1\n}\n', 'native'))[0]!.mediaType).toBe('application/json');
    expect((await all('{"a":1}\n{"a":2}\n', 'native'))[0]!.mediaType).toBe('application/x-ndjson');
  });

  it('gives a pipe an identity of its own, so that two equal runs are two', async () => {
    const [first] = await all('x\n', 'nginx', false);
    const [second] = await all('x\n', 'nginx', false);
    expect(first!.file).not.toBe(second!.file);
  });
});

describe('followFile', () => {
  let dir: string;
  beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'wary-follow-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  it('reads what is appended, through rotation and truncation, each line once and whole', async () => {
    const path = join(dir, 'access.log');
    const stop = new AbortController();
    const got: { line: string; file: string; at: number }[] = [];
    const resets: string[] = [];
    writeFileSync(path, 'one\ntwo\nthr');
    const following = (async () => {
      for await (const { body, file, offset } of followFile({ path, source: 'nginx', fromEnd: false, signal: stop.signal, pollMs: 5, onReset: (why) => resets.push(why) })) {
        let at = offset;
        for (const line of body.toString().split('\n').slice(0, -1)) {
          got.push({ line, file: file!, at });
          at += line.length + 1;
        }
      }
    })();
    const until = async (count: number): Promise<void> => {
      for (let i = 0; i < 2_000 && got.length < count; i += 1) await sleep(5);
      expect(got.length).toBe(count);
    };
    await until(2);
    appendFileSync(path, 'ee\n');
    await until(3);
    // Rotation: the writer finishes in the old file, then opens the new one.
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, 'four\n');
    writeFileSync(path, 'five\nsix\n');
    await until(6);
    // Truncation in place, with another first line.
    truncateSync(path, 0);
    appendFileSync(path, 'seven\n');
    await until(7);
    stop.abort();
    await following;
    expect(got.map((each) => each.line)).toEqual(['one', 'two', 'three', 'four', 'five', 'six', 'seven']);
    expect(new Set(got.slice(0, 4).map((each) => each.file)).size).toBe(1);
    expect(new Set(got.map((each) => each.file)).size).toBe(3);
    expect(new Set(got.map((each) => `${each.file}:${each.at}`)).size).toBe(7);
    expect(resets).toEqual(['rotated', 'truncated']);
  });

  it('begins at the end when asked, and skips the rest of a line that had begun', async () => {
    const path = join(dir, 'from-end.log');
    writeFileSync(path, 'old\nhal');
    const stop = new AbortController();
    const got: string[] = [];
    const following = (async () => {
      for await (const { body } of followFile({ path, source: 'nginx', fromEnd: true, signal: stop.signal, pollMs: 5 })) got.push(body.toString());
    })();
    // Long enough for the file to be opened at its end.
    await sleep(200);
    appendFileSync(path, 'f\nnew\n');
    for (let i = 0; i < 2_000 && got.length === 0; i += 1) await sleep(5);
    stop.abort();
    await following;
    expect(got.join('')).toBe('new\n');
  });
});
