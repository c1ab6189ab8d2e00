import type { EntityState } from '../entity-state.js';
import type { OpenWindow } from '../open-window.js';
import type { RecordReader, RecordWriter } from '../record-writer.js';
import { OrderDay } from './order-day.js';
import { OrderMemory } from './order-memory.js';

const openOf = ({ windows, lagWindows }: EntityState): OpenWindow[] => [...windows, ...lagWindows];

export const hasOrder = (entity: EntityState): boolean => entity.order !== null || entity.windows.some(({ order }) => order !== null);

/** What an entity's record says of its order: number of words of its memory, these; number of open days with one, and of each its place among the windows and its words. */
export function writeOrders(entity: EntityState, out: RecordWriter): void {
  const memory = entity.order?.pack() ?? NOTHING;
  out.reserve(2 + memory.length);
  out.words[out.at] = memory.length;
  out.words.set(memory, out.at + 1);
  out.at += 1 + memory.length;
  const countAt = out.at;
  out.at += 1;
  let days = 0;
  openOf(entity).forEach(({ order }, index) => {
    if (order === null) return;
    days += 1;
    out.reserve(1 + order.words);
    out.words[out.at] = index;
    out.at += 1;
    order.write(out);
  });
  out.words[countAt] = days;
}

/** The reverse, once the entity has its windows. */
export function readOrders(entity: EntityState, from: RecordReader): void {
  const length = from.word();
  if (length > 0) entity.order = new OrderMemory(from.words.slice(from.at, from.at + length));
  from.at += length;
  const all = openOf(entity);
  for (let left = from.word(); left > 0; left -= 1) all[from.word()]!.order = OrderDay.read(from);
}

const NOTHING = new Uint32Array(0);
