import { Buffer } from 'node:buffer';
import { createHash, randomUUID } from 'node:crypto';
import type { SnapshotToSave, StateStore } from '@wary/ports/state-store.port.js';
import type { Engine } from '../engine/engine.js';
import { BytesColumn } from '../native/bytes-column.js';
import type { Column } from '../native/column.js';
import { DictionaryColumn } from '../native/dictionary-column.js';
import { nativeBlock } from '../native/native-block.js';
import { NumberColumn, WideColumn } from '../native/number-columns.js';
import { StringColumn } from '../native/string-column.js';
import { readByteStrings } from './row-binary.js';

const CHUNK_BYTES = 1024 * 1024;
/** Chunks of one insert or one read: what is in memory beside the snapshot itself. */
const CHUNKS_AT_ONCE = 8;
/** Chunks hashed before others have their turn: a few milliseconds. */
const HASHED_PER_TURN = 4;
const KEPT = 3;
const NAME = /^[\w.-]{1,100}$/;

type Header = readonly [snapshot: string, version: number, seq: number | string, takenAt: number | string, chunks: number, present: number | string, checksum: string];

/**
 * A snapshot is the chunks under its id; it counts when all are there and hash to what each of them says. So one that a crash
 * cut short, or a disk changed, is passed over, and the one before it is still there.
 */
export function createSnapshotStore(engine: Engine): StateStore {
  const table = engine.table('snapshots');

  async function headers(name: string): Promise<Header[]> {
    return engine.rows<Header>(
      `SELECT snapshot, any(version), any(seq), toUnixTimestamp64Milli(any(taken_at)) AS taken, any(chunks), uniqExact(chunk), any(checksum) FROM ${table} WHERE name = {name:String} GROUP BY snapshot ORDER BY taken DESC, snapshot DESC`, { name },
    );
  }

  async function load(name: string, [snapshot, , , , chunks]: Header): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let from = 0; from < chunks; from += CHUNKS_AT_ONCE) {
      const answer = await engine.bytes(
        `SELECT bytes FROM ${table} WHERE name = {name:String} AND snapshot = {snapshot:String} AND chunk >= {from:UInt32} AND chunk < {to:UInt32} ORDER BY chunk LIMIT 1 BY chunk FORMAT RowBinary`,
        { name, snapshot, from, to: from + CHUNKS_AT_ONCE },
      );
      parts.push(...readByteStrings(answer));
    }
    return Buffer.concat(parts);
  }

  /** A partition goes in one step. What is torn and older than the newest whole ones goes too. */
  async function dropOld(name: string): Promise<void> {
    const whole = (await headers(name)).filter(([, , , , chunks, present]) => Number(present) === chunks);
    const kept = new Set(whole.slice(0, KEPT).map(([snapshot]) => snapshot));
    for (const [snapshot] of await headers(name)) {
      if (!kept.has(snapshot) && NAME.test(snapshot)) await engine.command(`ALTER TABLE ${table} DROP PARTITION ('${name}', '${snapshot}')`);
    }
  }

  return {
    async saveSnapshot(name, { version, seq, takenAt, bytes }: SnapshotToSave) {
      if (!NAME.test(name)) throw new Error(`not a snapshot name: ${JSON.stringify(name)}`);
      const id = `${String(Math.trunc(takenAt)).padStart(15, '0')}-${randomUUID()}`;
      const all = chunksOf(bytes instanceof Uint8Array ? [bytes] : bytes);
      const checksum = await hashOf(all);
      const chunks = all.length;
      for (let from = 0; from < chunks; from += CHUNKS_AT_ONCE) {
        const columns = new SnapshotColumns();
        const to = Math.min(chunks, from + CHUNKS_AT_ONCE);
        for (let chunk = from; chunk < to; chunk += 1) {
          columns.add({ name, id, chunk, chunks, version, seq, takenAt, checksum }, all[chunk]!);
        }
        await engine.insert(table, nativeBlock(columns.all, to - from), { token: `${id}/${from}`, lane: 'background' });
      }
      await dropOld(name);
    },

    async latestSnapshot(name, onCorrupt = () => {}) {
      for (const header of await headers(name)) {
        const [snapshot, version, seq, takenAt, chunks, present, checksum] = header;
        if (Number(present) !== chunks) {
          onCorrupt(`snapshot ${snapshot} of ${name} has ${present} of ${chunks} chunks`);
          continue;
        }
        const bytes = await load(name, header);
        if (createHash('sha256').update(bytes).digest('hex') !== checksum) {
          onCorrupt(`snapshot ${snapshot} of ${name} does not match its checksum`);
          continue;
        }
        return { version, seq: Number(seq), takenAt: Number(takenAt), bytes };
      }
      return null;
    },
  };
}

/** At least one, so that an empty snapshot is there too. */
function chunksOf(parts: readonly Uint8Array[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (const part of parts) for (let from = 0; from < part.length; from += CHUNK_BYTES) chunks.push(part.subarray(from, from + CHUNK_BYTES));
  return chunks.length > 0 ? chunks : [new Uint8Array(0)];
}

/** Hundreds of megabytes take long to hash: others have their turn between. */
async function hashOf(chunks: readonly Uint8Array[]): Promise<string> {
  const hash = createHash('sha256');
  for (const [index, chunk] of chunks.entries()) {
    hash.update(chunk);
    if (index % HASHED_PER_TURN === HASHED_PER_TURN - 1) await new Promise(setImmediate);
  }
  return hash.digest('hex');
}

interface ChunkHeader { readonly name: string; readonly id: string; readonly chunk: number; readonly chunks: number; readonly version: number; readonly seq: number; readonly takenAt: number; readonly checksum: string }

export class SnapshotColumns {
  private readonly name = new DictionaryColumn('name');
  private readonly snapshot = new StringColumn('snapshot');
  private readonly chunk = new NumberColumn('chunk', 'UInt32');
  private readonly chunks = new NumberColumn('chunks', 'UInt32');
  private readonly version = new NumberColumn('version', 'UInt32');
  private readonly seq = new WideColumn('seq', 'UInt64');
  private readonly takenAt = new WideColumn('taken_at', "DateTime64(3, 'UTC')");
  private readonly checksum = new StringColumn('checksum');
  private readonly bytes = new BytesColumn('bytes');
  readonly all: readonly Column[] = [this.name, this.snapshot, this.chunk, this.chunks, this.version, this.seq, this.takenAt, this.checksum, this.bytes];

  add(header: ChunkHeader, bytes: Uint8Array): void {
    this.name.push(header.name);
    this.snapshot.push(header.id);
    this.chunk.push(header.chunk);
    this.chunks.push(header.chunks);
    this.version.push(header.version);
    this.seq.push(header.seq);
    this.takenAt.push(header.takenAt);
    this.checksum.push(header.checksum);
    this.bytes.push(bytes);
  }
}
