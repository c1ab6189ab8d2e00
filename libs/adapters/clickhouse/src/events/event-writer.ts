import { createHash } from 'node:crypto';
import type { Event } from '@wary/model/event.js';
import type { Engine } from '../engine/engine.js';
import { Mutex } from '../engine/mutex.js';
import { EventColumns } from './event-columns.js';
import { splitByPartition } from './event-parts.js';
import { SeenEntities } from './seen-entities.js';

/** Bytes of one insert: what is being encoded is held in memory once. More is several inserts, cut at the same rows each time. */
const BLOCK_BYTES_MAX = 64 * 1024 * 1024;
/** How often the bytes are counted while rows are added. */
const CHECK_ROWS = 256;

/** The hot path: a batch of events as columns, into the engine, idempotently. */
export class EventWriter {
  private readonly columns = new EventColumns();
  private readonly entities: SeenEntities;
  private readonly mutex = new Mutex();

  constructor(private readonly engine: Engine, private readonly partitionsMax: number) {
    this.entities = new SeenEntities(engine);
  }

  /**
   * The token names the batch: the same events under it again add nothing. Parts have tokens of their own, so a retry after half
   * of them adds the other half. The buffers are used for one batch at a time.
   */
  insert(events: readonly Event[], token: string): Promise<void> {
    if (events.length === 0) return Promise.resolve();
    return this.mutex.run(async () => {
      const name = createHash('sha256').update(token).digest('hex');
      const parts = splitByPartition(events, this.partitionsMax);
      let piece = 0;
      for (const part of parts) {
        for (let start = 0; start < part.length; piece += 1) {
          start = this.encode(part, start);
          const pieceToken = `${name}/${piece}`;
          await this.entities.write(pieceToken);
          await this.engine.insert(this.engine.table('events'), this.columns.block(), { token: pieceToken });
        }
      }
    });
  }

  /** Encodes rows from `start` until the block is full; returns where it stopped. */
  private encode(events: readonly Event[], start: number): number {
    const { columns, entities } = this;
    columns.reset();
    let index = start;
    while (index < events.length) {
      const event = events[index]!;
      columns.add(event);
      entities.note(event);
      index += 1;
      if ((index - start) % CHECK_ROWS === 0 && columns.byteLength >= BLOCK_BYTES_MAX) break;
    }
    return index;
  }
}
