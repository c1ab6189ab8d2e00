import { ACT_FAMILY_COUNT } from './acts.js';
import type { RecordReader, RecordWriter } from './record-writer.js';

/** Days that nobody has at the moment. */
const spare: ActDay[] = [];
const SPARE_MAX = 1_024;

/** What is unusual about the acts of one day, by family: the strongest piece, what it is, and how often it was done. Lives and dies with its day window. */
export class ActDay {
  score = 0;
  readonly values: number[] = new Array<number>(ACT_FAMILY_COUNT).fill(0);
  readonly hashes: number[] = new Array<number>(ACT_FAMILY_COUNT).fill(0);
  readonly counts: number[] = new Array<number>(ACT_FAMILY_COUNT).fill(0);
  /** 1 where it is the days before that speak. */
  readonly slow: number[] = new Array<number>(ACT_FAMILY_COUNT).fill(0);

  static begin(): ActDay {
    return spare.pop() ?? new ActDay();
  }

  /** Nobody has it any more. */
  static release(day: ActDay): void {
    if (spare.length >= SPARE_MAX) return;
    day.score = 0;
    for (let family = 0; family < ACT_FAMILY_COUNT; family += 1) day.values[family] = day.hashes[family] = day.counts[family] = day.slow[family] = 0;
    spare.push(day);
  }

  /** Takes a piece of evidence; true when it is the strongest of its family. */
  put(family: number, value: number, hash: number, count: number, slow: boolean): boolean {
    if (value <= this.values[family]!) return false;
    this.values[family] = value;
    this.hashes[family] = hash;
    this.counts[family] = count;
    this.slow[family] = Number(slow);
    return true;
  }

  /** Its score, and of each family with anything: family and whether it is slow, value, what, how often. */
  write(out: RecordWriter): void {
    const { values, hashes, counts, slow } = this;
    out.double(this.score);
    const countAt = out.at;
    out.at += 1;
    let families = 0;
    for (let family = 0; family < ACT_FAMILY_COUNT; family += 1) {
      if (values[family] === 0) continue;
      families += 1;
      out.words[out.at] = family * 2 + slow[family]!;
      out.words[out.at + 1] = hashes[family]!;
      out.at += 2;
      out.double(values[family]!);
      out.double(counts[family]!);
    }
    out.words[countAt] = families;
  }

  static read(from: RecordReader): ActDay {
    const day = ActDay.begin();
    day.score = from.double();
    for (let left = from.word(); left > 0; left -= 1) {
      const head = from.word();
      const family = head >>> 1;
      day.slow[family] = head & 1;
      day.hashes[family] = from.word();
      day.values[family] = from.double();
      day.counts[family] = from.double();
    }
    return day;
  }
}

export const ACT_DAY_WORDS_MAX: number = 3 + 6 * ACT_FAMILY_COUNT;
