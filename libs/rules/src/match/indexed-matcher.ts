import { compares, numberIn } from '../events/compare-numbers.js';
import { lookUp, type EventRecord, type Scalar } from '../events/field-values.js';
import type { Comparison, Expr } from '../language/expr.js';
import { foldCase } from '../language/fold-case.js';
import { TestBinder } from './bind-tests.js';
import { chooseWitness, staticCost, type CostOf, type Sign } from './choose-witness.js';
import type { ConditionNode } from './condition-node.js';
import type { Clock, FieldSlot } from './field-slot.js';
import { LiteralIndex, type Anchor, type Sink } from './literal-index.js';
import { fieldReader, Plan, type Reader } from './read-plan.js';

const EPOCH_MAX = 0x3fffffff;
const NONE = new Int32Array(0);

interface NumberSign { readonly comparison: Comparison; readonly value: number | bigint; readonly rules: Int32Array }
/** What a field's value may be a sign of. */
interface Signs { readonly literals: LiteralIndex | null; readonly present: Int32Array; readonly value: Int32Array; readonly text: Int32Array; readonly notAscii: Int32Array; readonly numbers: readonly NumberSign[]; /** Whether an empty text is a sign of anything. */ readonly mindsEmpty: boolean }
interface FieldIndex extends Signs { readonly slot: FieldSlot }
interface Key { readonly own: FieldIndex | null; /** Fields whose path begins with this key. */ readonly deeper: readonly FieldIndex[] }
export interface MatcherStats { readonly rules: number; readonly always: number; readonly fields: number; readonly states: number }

/**
 * Tries many conditions on an event by looking for their signs first: each field's value runs once through an index of literals, and
 * only conditions of which a sign was seen are evaluated, with every test answered once.
 */
export class IndexedMatcher implements Sink {
  private readonly clock: Clock = { epoch: 0 };
  private readonly nodes: readonly ConditionNode[];
  private readonly always: Int32Array;
  private readonly keys = new Map<string, Key>();
  private readonly keywords: Signs | null;
  private readonly plan: Plan | null;
  private record: EventRecord = {};
  private readonly binder: TestBinder;
  private readonly seen: Int32Array;
  private readonly candidates: Int32Array;
  private count = 0;
  /** A number was seen that stands for many integers (beyond 2^53): its digits must be read from the source. */
  sawInexact = false;
  readonly stats: MatcherStats;
  /** Evaluates a condition in place of `holds`, to time it or to survive it; null is the fast way. */
  watch: ((rule: number, node: ConditionNode) => boolean) | null = null;

  /** With the shape of the events, only fields that carry signs are read, straight from their places; the others when a rule asks. */
  constructor(conditions: readonly Expr[], costOf: CostOf = staticCost, shape?: unknown) {
    this.binder = new TestBinder(this.clock);
    this.nodes = conditions.map((each) => this.binder.bind(each));
    this.seen = new Int32Array(conditions.length).fill(-1);
    this.candidates = new Int32Array(conditions.length);
    const always: number[] = [];
    const indices = new Map<string | null, IndexBuilder>();
    const indexOf = (field: string | null): IndexBuilder => {
      let builder = indices.get(field);
      if (builder === undefined) indices.set(field, (builder = new IndexBuilder()));
      return builder;
    };
    for (const field of this.binder.fields.keys()) indexOf(field);
    conditions.forEach((condition, rule) => {
      const witnesses = chooseWitness(condition, costOf);
      if (witnesses === null) always.push(rule);
      else for (const sign of witnesses.signs) indexOf(sign.field).add(sign, rule);
    });
    this.always = Int32Array.from(always);
    let states = 0;
    const readers: Reader[] = [];
    for (const [field, builder] of indices) {
      if (field === null) continue;
      const slot = this.binder.slot(field);
      if (shape !== undefined && builder.isEmpty) {
        const read = fieldReader(field, shape);
        slot.source = (own) => {
          const value = read(this.record);
          if (value !== undefined) own.set(value);
        };
        continue;
      }
      const signs = builder.build();
      states += signs.literals?.states ?? 0;
      const index: FieldIndex = { slot, ...signs };
      if (shape === undefined) this.enter(index);
      else readers.push({ name: field, isRead: () => slot.isPresent, read: (value) => { this.read(index, value); } });
    }
    const keywords = indices.get(null)?.build();
    states += keywords?.literals?.states ?? 0;
    this.keywords = keywords ?? null;
    this.plan = shape === undefined ? null : new Plan(readers).within(shape);
    this.stats = { rules: conditions.length, always: always.length, fields: this.binder.fields.size, states };
  }

  private enter(index: FieldIndex): void {
    const { name } = index.slot;
    const key = (text: string): Key => this.keys.get(text) ?? { own: null, deeper: [] };
    this.keys.set(name, { ...key(name), own: index });
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      const head = name.slice(0, dot);
      const known = key(head);
      this.keys.set(head, { ...known, deeper: [...known.deeper, index] });
    }
  }

  /** The conditions that hold, in ascending order. `whole` is what keywords are looked for in, when that is more than the fields. */
  match(record: EventRecord, whole: unknown = record): number[] {
    this.clock.epoch += 1;
    this.count = 0;
    this.sawInexact = false;
    this.binder.whole.set(whole);
    if (this.plan === null) this.readRecord(record);
    else {
      this.record = record;
      this.plan.run(record);
    }
    if (this.keywords !== null) this.readWhole(whole, 0);
    if (this.always.length > 0) this.add(this.always);
    let matched: number[] | undefined;
    for (let at = 0; at < this.count; at += 1) {
      const rule = this.candidates[at]!;
      if (this.watch === null ? this.nodes[rule]!.holds() : this.watch(rule, this.nodes[rule]!)) (matched ??= []).push(rule);
    }
    return matched === undefined ? EMPTY : matched.length === 1 ? matched : matched.sort((left, right) => left - right);
  }

  private readRecord(record: EventRecord): void {
    for (const name in record) {
      const key = this.keys.get(name);
      if (key === undefined) continue;
      const value = record[name];
      if (key.own !== null && value !== undefined && !key.own.slot.isPresent) this.read(key.own, value);
      for (const index of key.deeper) {
        if (index.slot.isPresent) continue;
        const found = lookUp(record, index.slot.name);
        if (found !== undefined) this.read(index, found);
      }
    }
  }

  /** Its count of events is used up; a new one is needed. */
  get isWorn(): boolean {
    return this.clock.epoch >= EPOCH_MAX;
  }

  /** How many conditions the last event made it evaluate. */
  get evaluated(): number {
    return this.count;
  }

  add(rules: Int32Array): void {
    const { seen, candidates } = this;
    const { epoch } = this.clock;
    for (let at = 0; at < rules.length; at += 1) {
      const rule = rules[at]!;
      if (seen[rule] === epoch) continue;
      seen[rule] = epoch;
      candidates[this.count++] = rule;
    }
  }

  private read(index: FieldIndex, value: unknown): void {
    index.slot.set(value);
    if (value === '' && !index.mindsEmpty) return;
    if (index.present.length > 0) this.add(index.present);
    if (typeof value === 'string') this.readText(index, value, value);
    else if (typeof value !== 'object') this.readText(index, this.textOf(value), value as Scalar);
    else if (value !== null) for (const each of index.slot.scalars!) if (each !== null) this.readText(index, this.textOf(each), each);
  }

  private readText(index: FieldIndex, text: string, value: Scalar): void {
    if (index.value.length > 0) this.add(index.value);
    if (index.text.length > 0 && text !== '') this.add(index.text);
    if (index.numbers.length > 0) {
      const number = numberIn(value);
      if (number !== undefined) for (const sign of index.numbers) if (compares(number, sign.comparison, sign.value)) this.add(sign.rules);
    }
    this.scan(index, text);
  }

  private textOf(value: unknown): string {
    if (typeof value === 'number' && !Number.isSafeInteger(value) && Number.isInteger(value)) this.sawInexact = true;
    return String(value);
  }

  private readWhole(value: unknown, depth: number): void {
    if (typeof value === 'string') this.scanKeyword(value);
    else if (typeof value === 'object') {
      if (value === null || depth > 64) return;
      if (Array.isArray(value)) for (const each of value) this.readWhole(each, depth + 1);
      else for (const name in value) this.readWhole((value as EventRecord)[name], depth + 1);
    } else if (value !== undefined) this.scanKeyword(this.textOf(value));
  }

  private scanKeyword(text: string): void {
    if (this.keywords!.present.length > 0) this.add(this.keywords!.present);
    this.scan(this.keywords!, text);
  }

  private scan(index: Signs, text: string): void {
    if (index.literals !== null && !index.literals.scan(text, this)) index.literals.scanFolded(foldCase(text), this);
    if (index.notAscii.length > 0 && NOT_ASCII.test(text)) this.add(index.notAscii);
  }
}

const EMPTY: number[] = [];
const NOT_ASCII = /[^\0-\x7f]/;
const pack = (rules: readonly number[]): Int32Array => (rules.length === 0 ? NONE : Int32Array.from(new Set(rules)));

class IndexBuilder {
  private readonly literals: { readonly text: string; readonly anchor: Anchor; readonly rule: number }[] = [];
  private readonly numbers = new Map<string, { readonly comparison: Comparison; readonly value: number | bigint; readonly rules: number[] }>();
  private readonly plain = { present: [] as number[], value: [] as number[], text: [] as number[], 'not-ascii': [] as number[] };

  get isEmpty(): boolean {
    return this.literals.length === 0 && this.numbers.size === 0 && Object.values(this.plain).every((rules) => rules.length === 0);
  }

  add(sign: Sign, rule: number): void {
    if (sign.kind === 'literal') this.literals.push({ text: sign.text, anchor: sign.anchor, rule });
    // A keyword is looked for in every value there is.
    else if (sign.kind !== 'number') this.plain[sign.field === null && sign.kind !== 'not-ascii' ? 'present' : sign.kind].push(rule);
    else if (sign.field === null) this.plain.present.push(rule);
    else {
      const key = `${sign.comparison}${sign.value}`;
      const known = this.numbers.get(key);
      if (known === undefined) this.numbers.set(key, { comparison: sign.comparison, value: sign.value, rules: [rule] });
      else known.rules.push(rule);
    }
  }

  build(): Signs {
    return {
      literals: this.literals.length === 0 ? null : new LiteralIndex(this.literals), present: pack(this.plain.present), value: pack(this.plain.value), text: pack(this.plain.text), notAscii: pack(this.plain['not-ascii']),
      mindsEmpty: this.plain.present.length > 0 || this.plain.value.length > 0 || this.literals.some(({ text }) => text === ''),
      numbers: [...this.numbers.values()].map(({ comparison, value, rules }) => ({ comparison, value, rules: pack(rules) })),
    };
  }
}
