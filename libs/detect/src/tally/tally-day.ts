import type { RecordReader, RecordWriter } from '../record-writer.js';
import { TALLY_COUNT } from './tallies.js';

/** Objects that are counted at once. */
const OBJECTS_MAX = 24;
const CONTEXTS_MAX = 4;
const COUNT_MAX = 0xffff;
/** Who was there so long ago has gone. */
const HERE_MS = 3_600_000;
/** What is touched over and over at a stretch is one look; after a pause as long as this, or something else, it is another. */
const STRETCH_MS = 120_000;

/** What a tally says of a day: decades, of which act, how often, about which object, and whether it is the days before that speak. */
export interface TallyPiece { decades: number; hash: number; count: number; object: number; slow: boolean }

/**
 * Tallies of one day; lives and dies with its day window. Objects are counted by Misra & Gries (1982): no count is ever more than the truth,
 * and less by at most a 25th of the day's looks.
 */
export class TallyDay {
  readonly pieces: (TallyPiece | null)[] = new Array<TallyPiece | null>(TALLY_COUNT).fill(null);
  private readonly objects: number[] = [];
  private readonly looks: number[] = [];
  /** The object touched last, and when. */
  private last = 0;
  private lastTime = Number.NEGATIVE_INFINITY;
  private readonly contexts: number[] = [];
  private readonly seen: number[] = [];
  private context = 0;
  /** How often it went back to a place that was left less than an hour before. */
  switches = 0;

  /** Counts a touch of an object; gives how often it has been looked at, 0 when this is no new look. */
  touch(object: number, time: number, isCall: boolean): number {
    const { objects, looks } = this;
    const isSame = !isCall && object === this.last && time - this.lastTime < STRETCH_MS;
    this.last = object;
    this.lastTime = time;
    if (isSame) return 0;
    const at = objects.indexOf(object);
    if (at >= 0) return (looks[at] = Math.min(COUNT_MAX, looks[at]! + 1));
    if (objects.length < OBJECTS_MAX) { objects.push(object); looks.push(1); return 1; }
    let kept = 0;
    for (let from = 0; from < objects.length; from += 1) {
      if (looks[from]! <= 1) continue;
      objects[kept] = objects[from]!;
      looks[kept] = looks[from]! - 1;
      kept += 1;
    }
    objects.length = looks.length = kept;
    return 1;
  }

  /** Takes note of where it acts from; true when it has gone back. */
  actFrom(context: number, time: number): boolean {
    const { contexts, seen } = this;
    let at = contexts.indexOf(context);
    const back = at >= 0 && context !== this.context && time - seen[at]! <= HERE_MS;
    if (at < 0) {
      at = contexts.length < CONTEXTS_MAX ? contexts.length : seen.indexOf(Math.min(...seen));
      contexts[at] = context;
    }
    seen[at] = time;
    this.context = context;
    if (back) this.switches = Math.min(COUNT_MAX, this.switches + 1);
    return back;
  }

  /** Takes a piece; true when its tally says more than before. */
  put(tally: number, piece: TallyPiece): boolean {
    const before = this.pieces[tally];
    if (piece.decades <= 0 || (before !== null && before !== undefined && piece.decades <= before.decades)) return false;
    this.pieces[tally] = piece;
    return true;
  }

  /** Words that `write` takes at most. */
  get words(): number {
    return 10 + TALLY_COUNT * 6 + 2 * this.objects.length + 3 * this.contexts.length;
  }

  write(out: RecordWriter): void {
    const { objects, contexts, pieces } = this;
    let bits = 0;
    for (let tally = 0; tally < TALLY_COUNT; tally += 1) if (pieces[tally] !== null) bits |= (1 << (2 * tally)) | (pieces[tally]!.slow ? 1 << (2 * tally + 1) : 0);
    for (const word of [objects.length | (contexts.length << 8), bits, this.last, this.context, this.switches]) { out.words[out.at] = word >>> 0; out.at += 1; }
    out.double(this.lastTime);
    for (const piece of pieces) {
      if (piece === null) continue;
      out.double(piece.decades);
      for (const word of [piece.hash, piece.count, piece.object]) { out.words[out.at] = word; out.at += 1; }
    }
    for (let at = 0; at < objects.length; at += 1) {
      out.words[out.at] = objects[at]!;
      out.words[out.at + 1] = this.looks[at]!;
      out.at += 2;
    }
    for (let at = 0; at < contexts.length; at += 1) {
      out.words[out.at] = contexts[at]!;
      out.at += 1;
      out.double(this.seen[at]!);
    }
  }

  static read(from: RecordReader): TallyDay {
    const day = new TallyDay();
    const counts = from.word();
    const bits = from.word();
    day.last = from.word();
    day.context = from.word();
    day.switches = from.word();
    day.lastTime = from.double();
    for (let tally = 0; tally < TALLY_COUNT; tally += 1) {
      if ((bits & (1 << (2 * tally))) === 0) continue;
      day.pieces[tally] = { decades: from.double(), hash: from.word(), count: from.word(), object: from.word(), slow: (bits & (1 << (2 * tally + 1))) !== 0 };
    }
    for (let left = counts & 255; left > 0; left -= 1) {
      day.objects.push(from.word());
      day.looks.push(from.word());
    }
    for (let left = counts >>> 8; left > 0; left -= 1) {
      day.contexts.push(from.word());
      day.seen.push(from.double());
    }
    return day;
  }
}
