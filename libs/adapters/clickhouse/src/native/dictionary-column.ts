import { Buffer } from 'node:buffer';
import { ByteBuffer } from './byte-buffer.js';
import type { Column } from './column.js';

/** `SharedDictionariesWithAdditionalKeys`, the one version of the keys that Native knows. */
const KEYS_VERSION = 1;
/** Flags of the index type: the block brings its keys, and they are the whole dictionary. */
const HAS_ADDITIONAL_KEYS = 1 << 9;
const NEED_UPDATE_DICTIONARY = 1 << 10;
const HEADER_BYTES = 24;
const KEPT_ROWS_MAX = 65_536;

/** LowCardinality(String): each different value once, and an index per row (ClickHouse, SerializationLowCardinality). */
export class DictionaryColumn implements Column {
  readonly type = 'LowCardinality(String)';
  private readonly keys = new ByteBuffer(1024);
  private readonly ids = new Map<string, number>();
  private indexes = new Uint32Array(1024);
  private rows = 0;
  private lastValue = '';
  private lastId = 0;

  constructor(readonly name: string) {
    this.reset();
  }

  push(value: string): void {
    if (this.rows === this.indexes.length) {
      const grown = new Uint32Array(this.rows * 2);
      grown.set(this.indexes);
      this.indexes = grown;
    }
    // Neighbouring events are alike more often than not.
    if (value !== this.lastValue) {
      this.lastValue = value;
      this.lastId = this.ids.get(value) ?? this.addKey(value);
    }
    this.indexes[this.rows++] = this.lastId;
  }

  private addKey(value: string): number {
    const id = this.ids.size;
    this.ids.set(value, id);
    this.keys.text(value);
    return id;
  }

  get allDefault(): boolean { return this.ids.size === 1; }
  get byteLength(): number { return this.keys.length + this.rows * this.indexBytes + HEADER_BYTES + 8; }
  private get indexBytes(): 1 | 2 | 4 { return this.ids.size <= 0x100 ? 1 : this.ids.size <= 0x1_0000 ? 2 : 4; }

  collect(out: Buffer[]): void {
    const width = this.indexBytes;
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32LE(KEYS_VERSION, 0);
    header.writeUInt32LE((width >> 1) | HAS_ADDITIONAL_KEYS | NEED_UPDATE_DICTIONARY, 8);
    header.writeUInt32LE(this.ids.size, 16);
    const rows = Buffer.alloc(8);
    rows.writeUInt32LE(this.rows, 0);
    const used = this.indexes.subarray(0, this.rows);
    const indexes = width === 1 ? Uint8Array.from(used) : width === 2 ? Uint16Array.from(used) : used;
    out.push(header, this.keys.view(), rows, Buffer.from(indexes.buffer, indexes.byteOffset, indexes.byteLength));
  }

  reset(): void {
    this.keys.reset();
    this.ids.clear();
    this.rows = 0;
    if (this.indexes.length > KEPT_ROWS_MAX) this.indexes = new Uint32Array(KEPT_ROWS_MAX);
    // The dictionary's first key is the type's default.
    this.addKey('');
    this.lastValue = '';
    this.lastId = 0;
  }
}
