import type { RegisterRow } from '@wary/model/registers.js';
import { foldText } from './canonical-text.js';
import { isBase64OfText } from './find-encoded.js';

/** Characters of all text canaries together; beyond, a canary is left out and named in `problems`. */
export const CANARY_CHARS_MAX = 1_000_000;
export const CANARY_TEXT_CHARS_MIN = 8;
const DECODED_CHARS_MAX = 65_536;
const BASE64_CHARS_MIN = 12;
const PREFIX_CHARS = 4;

/**
 * Which canaries an event touches. Texts are found by one Aho–Corasick automaton over the folded text (linear, however many canaries),
 * ids by exact look-up.
 */
export class CanaryIndex {
  readonly problems: string[] = [];
  readonly resources = new Map<string, string>();
  readonly tools = new Map<string, string>();
  readonly principals = new Map<string, string>();
  /** Transitions: node * 65,536 + unit → node. */
  private readonly edges = new Map<number, number>();
  /** Hashes of the first four units of the canaries: 4 bits a unit, so that a rolling hash forgets what lies further back. */
  private readonly starts = new Uint8Array(65_536);
  private readonly fail: number[] = [0];
  /** Canary ids that end at the node, and the nearest node on its failure path where any ends. */
  private readonly ends: (string[] | undefined)[] = [undefined];
  private readonly output: number[] = [0];
  readonly hasTexts: boolean;
  readonly hasIds: boolean;

  constructor(rows: readonly RegisterRow<'canaries'>[]) {
    let chars = 0;
    const children: number[][] = [[]];
    const unit: number[] = [0];
    for (const row of rows) {
      if (row.kind === 'resource') this.resources.set(row.value, row.id);
      else if (row.kind === 'tool') this.tools.set(row.value, row.id);
      else if (row.kind === 'principal') this.principals.set(row.value, row.id);
      else {
        const folded = foldText(row.value);
        chars += folded.length;
        if (folded.length < CANARY_TEXT_CHARS_MIN) this.problems.push(`canary ${row.id}: its text has fewer than ${CANARY_TEXT_CHARS_MIN} characters that can be compared`);
        else if (chars > CANARY_CHARS_MAX) this.problems.push(`canary ${row.id}: the texts of all canaries have more than ${CANARY_CHARS_MAX} characters`);
        else this.insert(row.id, folded, children, unit);
      }
    }
    this.hasTexts = this.ends.length > 1;
    this.hasIds = this.resources.size + this.tools.size + this.principals.size > 0;
    this.link(children, unit);
  }

  /** Adds the ids of the canaries in `text`, folded, base64 in it decoded once; true when there were any. */
  findTexts(text: string, found: Set<string>): boolean {
    if (!this.hasTexts || text.length < CANARY_TEXT_CHARS_MIN) return false;
    const folded = this.match(foldText(text), found);
    return this.matchBase64(text, found) || folded;
  }

  private insert(id: string, text: string, children: number[][], unit: number[]): void {
    let node = 0;
    for (let i = 0; i < text.length; i += 1) {
      const c = text.charCodeAt(i);
      let next = this.step(node, c);
      if (next === 0) {
        next = this.ends.push(undefined) - 1;
        this.fail.push(0);
        this.output.push(0);
        children.push([]);
        unit.push(c);
        children[node]!.push(next);
        this.edges.set(node * 65_536 + c, next);
      }
      node = next;
    }
    (this.ends[node] ??= []).push(id);
    let hash = 0;
    for (let i = 0; i < PREFIX_CHARS; i += 1) hash = ((hash << 4) ^ text.charCodeAt(i)) & 0xffff;
    this.starts[hash] = 1;
  }

  private step(node: number, c: number): number {
    return this.edges.get(node * 65_536 + c) ?? 0;
  }

  /** Failure links in breadth-first order (Aho and Corasick 1975, algorithm 3). */
  private link(children: number[][], unit: number[]): void {
    const queue = [...children[0]!];
    for (let head = 0; head < queue.length; head += 1) {
      const node = queue[head]!;
      for (const child of children[node]!) {
        const c = unit[child]!;
        let fallback = this.fail[node]!;
        while (fallback !== 0 && this.step(fallback, c) === 0) fallback = this.fail[fallback]!;
        this.fail[child] = this.step(fallback, c);
        queue.push(child);
      }
      const fallback = this.fail[node]!;
      this.output[node] = this.ends[fallback] === undefined ? this.output[fallback]! : fallback;
    }
  }

  private match(text: string, found: Set<string>): boolean {
    const { starts } = this;
    let node = 0;
    let hash = 0;
    let any = false;
    for (let i = 0; i < text.length; i += 1) {
      const c = text.charCodeAt(i);
      hash = ((hash << 4) ^ c) & 0xffff;
      if (node === 0) {
        // Most characters of a text end here: no canary begins with the last four.
        if (starts[hash] === 0 || i < PREFIX_CHARS - 1) continue;
        for (let back = PREFIX_CHARS - 1; back >= 0; back -= 1) {
          node = this.step(node, text.charCodeAt(i - back));
          if (node === 0) break;
        }
        continue;
      }
      let next = this.step(node, c);
      while (next === 0 && node !== 0) {
        node = this.fail[node]!;
        next = this.step(node, c);
      }
      node = next;
      for (let end = this.ends[node] === undefined ? this.output[node]! : node; end !== 0; end = this.output[end]!) {
        any = true;
        for (const id of this.ends[end]!) found.add(id);
      }
    }
    return any;
  }

  private matchBase64(text: string, found: Set<string>): boolean {
    let start = -1;
    let budget = DECODED_CHARS_MAX;
    let any = false;
    for (let i = 0; i <= text.length && budget > 0; i += 1) {
      const c = i < text.length ? text.charCodeAt(i) : 0;
      if (c < 128 && BASE64[c] === 1) {
        if (start < 0) start = i;
        continue;
      }
      // Lines of MIME base64 are broken at 64 or 76 characters.
      if (start < 0 || ((c === 10 || c === 13) && i - start >= 60)) continue;
      if (i - start >= BASE64_CHARS_MIN) {
        const run = text.slice(start, Math.min(i, start + 4 * Math.ceil(budget / 3)));
        if (isBase64OfText(run)) {
          budget -= run.length;
          any = this.match(foldText(Buffer.from(run, 'base64').toString('utf8')), found) || any;
        }
      }
      start = -1;
    }
    return any;
  }
}

const BASE64 = new Uint8Array(128);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_') BASE64[char.charCodeAt(0)] = 1;
