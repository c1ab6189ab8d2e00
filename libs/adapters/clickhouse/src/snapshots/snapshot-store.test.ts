import { createHash } from 'node:crypto';
import { SeededRandom } from '@wary/testkit/seeded-random.js';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.js';
import { createSnapshotStore } from './snapshot-store.js';

const MUTATIONS = 10_000;
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

interface Stored { readonly id: string; chunks: Buffer[]; declared: number; checksum: string }

/** What the queries of the store read of these snapshots, the newest first. */
function engineOver(snapshots: readonly Stored[]): Engine {
  const rowBinary = (value: Buffer): Buffer => {
    const length: number[] = [];
    for (let left = value.length; ; left >>>= 7) {
      if (left < 128) { length.push(left); break; }
      length.push((left & 127) | 128);
    }
    return Buffer.concat([Buffer.from(length), value]);
  };
  return {
    table: (name: string) => name,
    rows: () => Promise.resolve(snapshots.map(({ id, chunks, declared, checksum }, index) => [id, 3, 100 - index, 1_000, declared, chunks.length, checksum])),
    bytes: (_sql: string, { snapshot, from, to }: { snapshot: string; from: number; to: number }) => Promise.resolve(Buffer.concat(snapshots.find(({ id }) => id === snapshot)!.chunks.slice(from, to).map(rowBinary))),
  } as unknown as Engine;
}

function stored(id: string, random: SeededRandom): Stored {
  const chunks = [300, 300, 57].map((size) => Buffer.from(Array.from({ length: size }, () => random.below(256))));
  return { id, chunks, declared: chunks.length, checksum: sha256(Buffer.concat(chunks)) };
}

/** One way in which a disk, a crash or a hand changes what is stored; null where it changed nothing. */
function mutate(snapshot: Stored, random: SeededRandom): string | null {
  const at = random.below(snapshot.chunks.length);
  const chunk = snapshot.chunks[at]!;
  const before = Buffer.concat(snapshot.chunks);
  switch (random.below(7)) {
    case 0: { const copy = Buffer.from(chunk); copy[random.below(copy.length)]! ^= 1 << random.below(8); snapshot.chunks[at] = copy; break; }
    case 1: snapshot.chunks[at] = chunk.subarray(0, random.below(chunk.length)); break;
    case 2: snapshot.chunks.splice(at, 1); break;
    case 3: snapshot.chunks.push(chunk); snapshot.declared += random.below(2); break;
    case 4: snapshot.chunks.reverse(); break;
    case 5: { const copy = Buffer.from(chunk); const place = random.below(copy.length); copy.fill(0, place); snapshot.chunks[at] = copy; break; }
    default: snapshot.checksum = sha256(Buffer.from(snapshot.checksum)); return 'checksum';
  }
  return Buffer.concat(snapshot.chunks).equals(before) && snapshot.declared === snapshot.chunks.length ? null : 'bytes';
}

describe('snapshots that are not what was saved', () => {
  it(`of ${MUTATIONS} changed ones none is taken, and the one before it always is`, async () => {
    const random = new SeededRandom(16);
    let changed = 0;
    let reported = 0;
    while (changed < MUTATIONS) {
      const [newest, before] = [stored('2', random), stored('1', random)];
      const whole = Buffer.concat(before.chunks);
      if (mutate(newest, random) === null) continue;
      changed += 1;
      const found = await createSnapshotStore(engineOver([newest, before])).latestSnapshot('engine', () => { reported += 1; });
      if (found === null || found.seq !== 99 || !Buffer.from(found.bytes).equals(whole)) throw new Error(`mutation ${changed} was taken`);
    }
    expect(reported).toBe(MUTATIONS);
  });

  it('where none is whole there is none', async () => {
    const torn = stored('1', new SeededRandom(1));
    torn.chunks.pop();
    expect(await createSnapshotStore(engineOver([torn])).latestSnapshot('engine')).toBeNull();
  });
});
