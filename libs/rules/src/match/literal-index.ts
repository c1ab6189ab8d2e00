/** Receives the rules that a found literal may decide; the same rule may come several times. */
export interface Sink { add(rules: Int32Array): void }
export type Anchor = 'exact' | 'prefix' | 'suffix' | 'anywhere';

const NONE = new Int32Array(0);

/**
 * Finds many literals in one text: exact and leading ones by walking a trie from the front, trailing ones from the back (both end after
 * the few characters that agree), those anywhere by an Aho–Corasick automaton (Aho & Corasick 1975) with every transition spelled out.
 * Literals are ASCII with case folded; upper case folds by sharing the column of its lower case, so that ASCII texts are read as they are.
 */
export class LiteralIndex {
  /** Of an ASCII character its column; 0 is every character that no literal has. */
  private readonly columns = new Uint8Array(128);
  private width = 1;
  private front: Trie;
  private back: Trie;
  private inner: Trie;

  constructor(literals: Iterable<{ readonly text: string; readonly anchor: Anchor; readonly rule: number }>) {
    const list = [...literals];
    for (const { text } of list) {
      for (let at = 0; at < text.length; at += 1) {
        const code = text.charCodeAt(at);
        if (this.columns[code] === 0) this.columns[code] = this.width++;
      }
    }
    for (let code = 65; code <= 90; code += 1) this.columns[code] = this.columns[code + 32]!;
    const tries = { front: new TrieBuilder(this.width), back: new TrieBuilder(this.width), inner: new TrieBuilder(this.width) };
    for (const { text, anchor, rule } of list) {
      const path = new Uint8Array(text.length);
      for (let at = 0; at < text.length; at += 1) path[at] = this.columns[text.charCodeAt(at)]!;
      if (anchor === 'suffix') tries.back.insert(path.reverse(), rule, false);
      else if (anchor === 'anywhere') tries.inner.insert(path, rule, false);
      else tries.front.insert(path, rule, anchor === 'exact');
    }
    this.front = tries.front.build(false);
    this.back = tries.back.build(false);
    this.inner = tries.inner.build(true);
  }

  get states(): number {
    return (this.front.table.length + this.back.table.length + this.inner.table.length) / this.width;
  }

  /** False when the text has a character beyond ASCII where it matters: fold its case and call `scanFolded`. */
  scan(text: string, sink: Sink): boolean {
    return this.scanInner(text, sink, false) && this.scanEnds(text, sink, false);
  }

  scanFolded(text: string, sink: Sink): void {
    this.scanInner(text, sink, true);
    this.scanEnds(text, sink, true);
  }

  private scanInner(text: string, sink: Sink, folded: boolean): boolean {
    if (this.inner.isEmpty) return true;
    const { columns, width } = this;
    const { table, lists, listOf } = this.inner;
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code > 127 && !folded) return false;
      state = table[state + (code > 127 ? 0 : columns[code]!)]!;
      if (state < 0) {
        state = ~state;
        sink.add(lists[listOf[state / width]!]!);
      }
    }
    return true;
  }

  private scanEnds(text: string, sink: Sink, folded: boolean): boolean {
    const { columns, width } = this;
    if (!this.front.isEmpty) {
      const { table, lists, listOf, exactOf } = this.front;
      let state = 0;
      let at = 0;
      for (; ;) {
        const list = listOf[state / width]!;
        if (list > 0) sink.add(lists[list]!);
        if (at === text.length) {
          const exact = exactOf[state / width]!;
          if (exact > 0) sink.add(lists[exact]!);
          break;
        }
        const code = text.charCodeAt(at);
        if (code > 127 && !folded) return false;
        state = code > 127 ? 0 : table[state + columns[code]!]!;
        if (state === 0) break;
        at += 1;
      }
    }
    if (!this.back.isEmpty) {
      const { table, lists, listOf } = this.back;
      let state = 0;
      for (let at = text.length - 1; at >= 0; at -= 1) {
        const code = text.charCodeAt(at);
        if (code > 127 && !folded) return false;
        state = code > 127 ? 0 : table[state + columns[code]!]!;
        if (state === 0) break;
        const list = listOf[state / width]!;
        if (list > 0) sink.add(lists[list]!);
      }
    }
    return true;
  }
}

interface Trie {
  readonly isEmpty: boolean;
  /** State × column → state, states times the width; in an automaton a state with a list is stored as its complement. */
  readonly table: Int32Array;
  readonly lists: readonly Int32Array[];
  /** Of each state the list found when it is entered, and when the text ends there; 0 is none. */
  readonly listOf: Int32Array;
  readonly exactOf: Int32Array;
}

class TrieBuilder {
  private table: Int32Array<ArrayBuffer>;
  private listOf = new Int32Array(64);
  private exactOf = new Int32Array(64);
  private states = 1;
  private readonly lists: number[][] = [[]];

  constructor(private readonly width: number) {
    this.table = new Int32Array(width * 64);
  }

  insert(path: Uint8Array, rule: number, exact: boolean): void {
    let state = 0;
    for (const column of path) {
      let next = this.table[state * this.width + column]!;
      if (next === 0) {
        next = this.states++;
        if (this.states > this.listOf.length) this.grow();
        this.table[state * this.width + column] = next;
      }
      state = next;
    }
    const of = exact ? this.exactOf : this.listOf;
    if (of[state] === 0) of[state] = this.lists.push([]) - 1;
    this.lists[of[state]!]!.push(rule);
  }

  private grow(): void {
    const larger = (array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const copy = new Int32Array(array.length * 2);
      copy.set(array);
      return copy;
    };
    this.table = larger(this.table);
    this.listOf = larger(this.listOf);
    this.exactOf = larger(this.exactOf);
  }

  build(automaton: boolean): Trie {
    const { width, states } = this;
    const isEmpty = this.lists.length === 1;
    const table = this.table.slice(0, states * width);
    if (automaton && !isEmpty) this.addFailures(table);
    for (let index = 0; index < table.length; index += 1) {
      const target = table[index]!;
      if (target !== 0) table[index] = automaton && this.listOf[target]! > 0 ? ~(target * width) : target * width;
    }
    return { isEmpty, table, lists: this.lists.map((rules) => (rules.length === 0 ? NONE : Int32Array.from(new Set(rules)))), listOf: this.listOf.slice(0, states), exactOf: this.exactOf.slice(0, states) };
  }

  /** Breadth first: a missing transition is that of the longest proper suffix, whose lists are also this state's. */
  private addFailures(table: Int32Array): void {
    const { width, listOf, lists } = this;
    const failure = new Int32Array(this.states);
    const queue = new Int32Array(this.states);
    let tail = 0;
    for (let column = 0; column < width; column += 1) if (table[column] !== 0) queue[tail++] = table[column]!;
    for (let head = 0; head < tail; head += 1) {
      const state = queue[head]!;
      const shorter = failure[state]!;
      const inherited = listOf[shorter]!;
      if (inherited > 0) listOf[state] = listOf[state] === 0 ? inherited : lists.push(lists[listOf[state]!]!.concat(lists[inherited]!)) - 1;
      for (let column = 0; column < width; column += 1) {
        const at = state * width + column;
        const next = table[at]!;
        if (next === 0) table[at] = table[shorter * width + column]!;
        else {
          failure[next] = table[shorter * width + column]!;
          queue[tail++] = next;
        }
      }
    }
  }
}
