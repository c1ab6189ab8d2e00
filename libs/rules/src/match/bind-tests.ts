import { compares, numberIn } from '../events/compare-numbers.js';
import type { Scalar } from '../events/field-values.js';
import { timePart } from '../events/time-part.js';
import { compileRegex } from '../language/compile-regex.js';
import type { Expr, Test } from '../language/expr.js';
import { foldCase } from '../language/fold-case.js';
import { inNetwork, parseNetwork } from '../language/network.js';
import { anchoredLiteral, AnyTextNode, type AnchoredLiteral } from './any-text-node.js';
import { AndNode, NotNode, OrNode, TestNode, type ConditionNode } from './condition-node.js';
import { FieldSlot, type Clock } from './field-slot.js';
import { compilePattern, foldPattern } from './glob.js';
import { remembering } from './remembering.js';
import { WholeEvent } from './whole-event.js';

/** From here on a list is looked for in one walk. */
const TOGETHER_MIN = 6;
type Scalar_ = Exclude<Scalar, null>;

/** Turns conditions into nodes over shared fields and tests: 25 % of the public rules' tests are asked by several rules. */
export class TestBinder {
  readonly fields = new Map<string, FieldSlot>();
  readonly whole: WholeEvent;
  private readonly tests = new Map<string, ConditionNode>();

  constructor(private readonly clock: Clock) {
    this.whole = new WholeEvent(clock);
  }

  bind(expr: Expr): ConditionNode {
    switch (expr.op) {
      // Cheap parts first: the order does not change the answer.
      case 'and': return new AndNode(byEffort(expr.of).map((each) => this.bind(each)));
      case 'or': return this.bindOr(expr.of);
      case 'not': return new NotNode(this.bind(expr.of));
      case 'test': {
        const key = `${expr.field === null ? '' : written(expr.field)}\u0001${testKey(expr.test)}`;
        let node = this.tests.get(key);
        if (node === undefined) this.tests.set(key, (node = new TestNode(this.clock, this.ask(expr.field, expr.test))));
        return node;
      }
    }
  }

  /** Texts looked for in the same field become one node. */
  private bindOr(of: readonly Expr[]): ConditionNode {
    const lists = new Map<string, AnchoredLiteral[]>();
    const rest: Expr[] = [];
    const together = of.length < TOGETHER_MIN ? [] : of;
    for (const each of together) {
      const literal = each.op === 'test' && each.field !== null && each.test.kind === 'text' && !each.test.cased ? anchoredLiteral(each.test.pattern) : undefined;
      if (literal === undefined) rest.push(each);
      else {
        const { field } = each as { readonly field: string };
        const list = lists.get(field) ?? [];
        list.push(literal);
        lists.set(field, list);
      }
    }
    if (lists.size === 0) return new OrNode(byEffort(of).map((each) => this.bind(each)));
    const nodes = [...lists].map(([field, literals]): ConditionNode => {
      const key = `${written(field)}\u0001any${literals.map(({ text, anchor }) => `\u0002${anchor}\u0003${written(text)}`).join('')}`;
      let node = this.tests.get(key);
      if (node === undefined) this.tests.set(key, (node = new AnyTextNode(this.clock, this.slot(field), literals)));
      return node;
    });
    const all = [...nodes, ...byEffort(rest).map((each) => this.bind(each))];
    return all.length === 1 ? all[0]! : new OrNode(all);
  }

  slot(name: string): FieldSlot {
    let slot = this.fields.get(name);
    if (slot === undefined) this.fields.set(name, (slot = new FieldSlot(name, this.clock)));
    return slot;
  }

  private ask(field: string | null, test: Test): () => boolean {
    const slot = field === null ? null : this.slot(field);
    const { whole } = this;
    switch (test.kind) {
      case 'text': {
        const matches = compilePattern(test.cased ? test.pattern : foldPattern(test.pattern));
        if (slot === null) return test.cased ? () => whole.scalars().some((value) => matches(String(value))) : () => whole.folded().some(matches);
        return test.cased ? () => slot.someText(matches) : () => slot.someFolded(matches);
      }
      case 'regex': {
        const regex = compileRegex(test.source, test.flags);
        const matches = remembering((text) => regex.test(text));
        return slot === null ? () => whole.scalars().some((value) => matches(String(value))) : () => slot.someText(matches);
      }
      case 'cidr': {
        const network = parseNetwork(test.network)!;
        const matches = (text: string): boolean => inNetwork(text, network);
        return slot === null ? () => whole.scalars().some((value) => matches(String(value))) : () => slot.someText(matches);
      }
      case 'number': return this.scalarTest(slot, (value) => {
        const number = numberIn(value);
        return number !== undefined && compares(number, test.comparison, test.value);
      });
      case 'time': return this.scalarTest(slot, (value) => {
        const part = timePart(value, test.part);
        return part !== undefined && compares(part, test.comparison, test.value);
      });
      case 'field': {
        const other = this.slot(test.other);
        const own = slot!;
        const compare = comparing(test.how);
        return test.cased ? () => own.someText((text) => other.someText((each) => compare(text, each))) : () => own.someFolded((text) => other.someFolded((each) => compare(text, each)));
      }
      case 'null': return () => slot!.isNull;
      case 'exists': return () => slot!.isPresent;
    }
  }

  private scalarTest(slot: FieldSlot | null, matches: (value: Scalar_) => boolean): () => boolean {
    const { whole } = this;
    return slot === null ? () => whole.scalars().some((value) => value !== null && matches(value)) : () => slot.some(matches);
  }
}

function comparing(how: 'equals' | 'startswith' | 'endswith' | 'contains'): (text: string, other: string) => boolean {
  switch (how) {
    case 'equals': return (text, other) => text === other;
    case 'startswith': return (text, other) => text.startsWith(other);
    case 'endswith': return (text, other) => text.endsWith(other);
    case 'contains': return (text, other) => text.includes(other);
  }
}

/** With control characters escaped, so that no text looks like what stands between texts. */
const written = (text: string): string => JSON.stringify(text);

function testKey(test: Test): string {
  switch (test.kind) {
    case 'text': return `${test.cased ? 'T' : 't'}${test.pattern.map((token) => (typeof token === 'number' ? `\u0002${token}` : `\u0003${written(test.cased ? token : foldCase(token))}`)).join('')}`;
    case 'regex': return `r${test.flags.i ? 'i' : ''}${test.flags.m ? 'm' : ''}${test.flags.s ? 's' : ''}\u0002${test.source}`;
    case 'cidr': return `c${test.network}`;
    case 'number': return `n${test.comparison}${test.value}`;
    case 'time': return `d${test.part}${test.comparison}${test.value}`;
    case 'field': return `f${test.cased ? 'c' : ''}${test.how}\u0002${test.other}`;
    case 'null': case 'exists': return test.kind;
  }
}

const byEffort = (of: readonly Expr[]): readonly Expr[] => (of.length < 2 ? of : of.map((each) => ({ each, effort: effortOf(each) })).sort((left, right) => left.effort - right.effort).map(({ each }) => each));

function effortOf(expr: Expr): number {
  if (expr.op === 'not') return effortOf(expr.of);
  if (expr.op !== 'test') return expr.of.reduce((sum, each) => sum + effortOf(each), 0);
  switch (expr.test.kind) {
    case 'null': case 'exists': return 0.1;
    case 'text': return expr.field === null ? 10 : 1;
    case 'regex': return 40;
    default: return 3;
  }
}
