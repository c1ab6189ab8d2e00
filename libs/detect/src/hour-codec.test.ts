import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCells } from './drift/drift-cells.js';
import { decodeHour, encodeHour, type NodeName } from './hour-codec.js';
import { EMPTY_HOUR } from './hour-gate.js';
import { HourLog, SLOT } from './hour-log.js';

const RECORDS_MAX = 10_000;
const NAMES: readonly NodeName[] = [{ kind: 0, group: '' }, { kind: 1, group: '' }, { kind: 0, group: 'Zürich' }, { kind: 0, group: 'a' }, { kind: 1, group: 'a' }];

type Act = (log: HourLog, at: (index: number) => number) => void;
const node = fc.integer({ min: 0, max: NAMES.length - 1 });
const word = fc.integer({ min: 1, max: 2 ** 32 - 1 });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 255 }), node, fc.integer({ min: 0, max: SLOT.joined }), fc.integer({ min: 0, max: 2_047 })).map(([shard, index, slot, bucket]): Act => (log, at) => { log.add(shard, at(index), slot, bucket); }),
  fc.tuple(node, fc.oneof(fc.constant(0), word), fc.integer({ min: 0, max: 5_000 })).map(([index, hash, count]): Act => (log, at) => { log.addAct(1, at(index), hash, count); }),
  fc.tuple(node, word, fc.integer({ min: 1, max: 300 })).map(([index, key, count]): Act => (log, at) => { log.addOrder(2, at(index), key, count); }),
  fc.tuple(node, fc.integer({ min: 0, max: 6 }), word).map(([index, category, hash]): Act => (log, at) => { log.adopt(at(index), category, hash); }),
  fc.tuple(node, fc.integer({ min: 0, max: 23 }), fc.double({ min: 1e-3, max: 1e15, noNaN: true })).map(([index, cell, value]): Act => (log, at) => { log.enlarge(at(index), cell, value); }),
  fc.tuple(fc.integer({ min: -3, max: 30_000 }), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 4 })).map(([day, shard, kind, units]): Act => (log) => { log.addTests(day, shard, kind, units); }),
  fc.tuple(fc.constantFrom('fraud', 'fraud\u0000ds/é'), fc.constantFrom('in', 'label=a', 'f.x'), fc.integer({ min: -40_000, max: 40_000 })).map(([subject, stream, value]): Act => (log) => { addCells(log.drift, new Map([[subject, new Map([[stream, { n: 1, sum: value, squares: value * value }]])]])); }),
  fc.integer({ min: -5, max: 600_000 }).map((hour): Act => (log) => { log.first = Math.min(log.first, hour); }),
);

describe('a published hour', () => {
  it('is the same bytes in whatever order it was made, and gives back what went in under the indexes of another process', () => {
    fc.assert(fc.property(fc.array(act, { maxLength: 120 }), (acts) => {
      const log = new HourLog(RECORDS_MAX);
      for (const each of acts) each(log, (index) => index);
      const bytes = encodeHour(log, (index) => NAMES[index]!);
      // Another process knows the nodes under other indexes, and sees it all the other way round.
      const other = [3, 2, 4, 0, 1];
      const turned = new HourLog(RECORDS_MAX);
      for (const each of [...acts].reverse()) each(turned, (index) => other[index]!);
      expect(encodeHour(turned, (index) => NAMES[other.indexOf(index)]!)).toEqual(bytes);
      const read = decodeHour(bytes, ({ kind, group }) => other[NAMES.findIndex((name) => name.kind === kind && name.group === group)]!, RECORDS_MAX)!;
      expect(encodeHour(read, (index) => NAMES[other.indexOf(index)]!)).toEqual(bytes);
      expect(read.size).toBe(log.size);
      expect([read.first, read.overflow]).toEqual([log.first, log.overflow]);
    }), { numRuns: 300, seed: 5 });
  });

  it('without anything in it is four bytes, and counts what was left out', () => {
    expect(encodeHour(new HourLog(RECORDS_MAX), () => NAMES[0]!)).toEqual(EMPTY_HOUR);
    const log = new HourLog(3);
    for (let i = 0; i < 5; i += 1) log.add(7, 0, 0, i);
    const read = decodeHour(encodeHour(log, () => NAMES[0]!), () => 0, 3)!;
    expect([read.size, read.overflow]).toEqual([3, 2]);
  });

  it('of another version is told, and one that is cut short is refused', () => {
    const log = new HourLog(RECORDS_MAX);
    log.add(0, 0, 0, 1);
    const bytes = encodeHour(log, () => NAMES[0]!);
    expect(decodeHour(Uint8Array.of(99, ...bytes.slice(1)), () => 0, 1)).toBeNull();
    expect(() => decodeHour(bytes.slice(0, -3), () => 0, 1)).toThrow('cut short');
  });
});
