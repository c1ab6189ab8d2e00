import type { EntityState } from '../entity-state.js';
import type { RecordReader, RecordWriter } from '../record-writer.js';
import { OrderDay } from './order-day.js';
import { ORDER_SLOTS_MAX, OrderMemory } from './order-memory.js';

export function hasOrder({ order, windows }: EntityState): boolean {
  if (order !== null) return true;
  for (let at = 0; at < windows.length; at += 1) if (windows[at]!.order !== null) return true;
  return false;
}

/** What an entity's record says of its order: number of words of its memory, these; number of open days with one, and of each its place among the windows and its words. */
export function writeOrders(entity: EntityState, out: RecordWriter): void {
  out.reserve(2 + ORDER_SLOTS_MAX * 2);
  const length = entity.order === null ? 0 : entity.order.write(out.words, out.at + 1);
  out.words[out.at] = length;
  out.at += 1 + length;
  const countAt = out.at;
  out.at += 1;
  const { windows, lagWindows } = entity;
  let days = 0;
  for (let index = 0; index < windows.length + lagWindows.length; index += 1) {
    const { order } = index < windows.length ? windows[index]! : lagWindows[index - windows.length]!;
    if (order === null) continue;
    days += 1;
    out.reserve(1 + order.words);
    out.words[out.at] = index;
    out.at += 1;
    order.write(out);
  }
  out.words[countAt] = days;
}

/** The reverse, once the entity has its windows. */
export function readOrders(entity: EntityState, from: RecordReader): void {
  const length = from.word();
  if (length > 0) entity.order = OrderMemory.read(from.words, from.at, length);
  from.at += length;
  const { windows, lagWindows } = entity;
  for (let left = from.word(); left > 0; left -= 1) {
    const index = from.word();
    (index < windows.length ? windows[index]! : lagWindows[index - windows.length]!).order = OrderDay.read(from);
  }
}
