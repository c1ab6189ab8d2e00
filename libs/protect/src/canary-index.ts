import type { RegisterRow } from '@wary/model/registers.js';
import { foldText } from './canonical-text.js';

/** Characters of all text canaries together; beyond, a canary is left out and named in `problems`. */
export const CANARY_CHARS_MAX = 1_000_000;
export const CANARY_TEXT_CHARS_MIN = 8;
const DECODED_CHARS_MAX = 65_536;
const BASE64_CHARS_MIN = 12;

/**
 * Which canaries an event touches. Texts are found by one Aho–Corasick automaton over the folded text (linear, however many canaries),
 * ids by exact look-up.
 */
export class CanaryIndex {
  readonly problems: string[] = [];
  readonly resources = new Map<string, string>();
  readonly tools = new Map<string, string>();
  readonly principals = new Map<string, string>();
  /** Transitions: node * 65,536 + unit → node. The root's are in an array, because most characters of a text are met there. */
  private readonly edges = new Map<number, number>();
  private readonly root = new Int32Array(65_536);
  private readonly fail: number[] = [0];
  /** Canary ids that end at the node, and the nearest node on its failure path where any ends. */
  private readonly ends: (string[] | undefined)[] = [undefined];
  private readonly output: number[] = [0];
  readonly hasTexts: boolean;

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
    this.link(children, unit);
  }

  /** Adds the ids of the canaries in `text`, as it is and folded, base64 in it decoded once. */
  findTexts(text: string, found: Set<string>): void {
    if (!this.hasTexts || text.length < CANARY_TEXT_CHARS_MIN) return;
    this.match(foldText(text), found);
    this.matchBase64(text, found);
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
        if (node === 0) this.root[c] = next;
        else this.edges.set(node * 65_536 + c, next);
      }
      node = next;
    }
    (this.ends[node] ??= []).push(id);
  }

  private step(node: number, c: number): number {
    return node === 0 ? this.root[c]! : this.edges.get(node * 65_536 + c) ?? 0;
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

  private match(text: string, found: Set<string>): void {
    let node = 0;
    for (let i = 0; i < text.length; i += 1) {
      const c = text.charCodeAt(i);
      let next = this.step(node, c);
      while (next === 0 && node !== 0) {
        node = this.fail[node]!;
        next = this.step(node, c);
      }
      node = next;
      if (node === 0) continue;
      for (let end = this.ends[node] === undefined ? this.output[node]! : node; end !== 0; end = this.output[end]!) for (const id of this.ends[end]!) found.add(id);
    }
  }

  private matchBase64(text: string, found: Set<string>): void {
    let start = -1;
    let budget = DECODED_CHARS_MAX;
    for (let i = 0; i <= text.length && budget > 0; i += 1) {
      const c = i < text.length ? text.charCodeAt(i) : 0;
      const inside = (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 47 && c <= 57) || c === 43 || c === 45 || c === 95;
      if (inside) {
        if (start < 0) start = i;
        continue;
      }
      // Lines of MIME base64 are broken at 64 or 76 characters.
      if (start >= 0 && (c === 10 || c === 13) && i - start >= 60) continue;
      if (start >= 0 && i - start >= BASE64_CHARS_MIN) {
        const run = text.slice(start, Math.min(i, start + 4 * Math.ceil(budget / 3)));
        budget -= run.length;
        this.match(foldText(Buffer.from(run, 'base64').toString('utf8')), found);
      }
      start = -1;
    }
  }
}
