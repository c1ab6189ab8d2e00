import { below, EVENT_LIMITS, lookUp, type EventRecord } from '../events/field-values.js';

/** A field that is read, and where its value goes; the first place of a field that has one wins. */
export interface Reader { readonly name: string; readonly isRead: () => boolean; readonly read: (value: unknown) => void }
interface Leaf { readonly key: string; readonly guarded: boolean; readonly to: Reader; /** The only place that the field has. */ only: boolean }
interface Branch { readonly key: string; readonly guarded: boolean; readonly below: Plan; /** For a list on the way: each field with the rest of its path. */ readonly fields: { readonly rest: string; readonly to: Reader }[] }

/** A key that every object answers for, whether it has it or not. */
const isGuarded = (key: string): boolean => key in Object.prototype;

/**
 * The paths of many fields as one tree, so that what is absent is passed over with everything below it, and nothing is copied or
 * flattened. Gives what `lookUp` gives for each field: keys written with dots before paths, the shortest head first.
 */
export class Plan {
  private readonly leaves: Leaf[] = [];
  private readonly branches: Branch[] = [];
  /** Of a place where anything may come: an object there has fewer keys than fields are asked for. */
  private byKey: ReadonlyMap<string, { readonly leaves: readonly Leaf[]; readonly branch: Branch | null }> | null = null;

  constructor(readers: Iterable<Reader>) {
    for (const reader of readers) this.add(reader.name, reader);
    const sort = (plan: Plan): void => {
      plan.branches.sort((left, right) => left.key.length - right.key.length);
      for (const { below } of plan.branches) sort(below);
    };
    sort(this);
  }

  private add(path: string, to: Reader): void {
    this.leaves.push({ key: path, guarded: isGuarded(path), to, only: false });
    for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      const key = path.slice(0, dot);
      let branch = this.branches.find((each) => each.key === key);
      if (branch === undefined) this.branches.push((branch = { key, guarded: isGuarded(key), below: new Plan([]), fields: [] }));
      branch.fields.push({ rest: path.slice(dot + 1), to });
      branch.below.add(path.slice(dot + 1), to);
    }
  }

  /** Leaves out places that events of this shape never have: objects with keys stand for exactly those keys, anything empty or null for whatever comes. */
  within(shape: unknown): this {
    this.prune(shape);
    const places = new Map<Reader, number>();
    this.visit(({ to }) => places.set(to, (places.get(to) ?? 0) + 1));
    this.visit((leaf) => { leaf.only = places.get(leaf.to) === 1; });
    return this;
  }

  private visit(see: (leaf: Leaf) => void): void {
    for (const leaf of this.leaves) see(leaf);
    for (const { below: plan } of this.branches) plan.visit(see);
  }

  private prune(shape: unknown): void {
    if (!isClosed(shape)) {
      this.indexKeys();
      return;
    }
    const known = shape as EventRecord;
    keepIf(this.leaves, ({ key }) => Object.hasOwn(known, key));
    keepIf(this.branches, ({ key, below, fields }) => {
      if (!Object.hasOwn(known, key)) return false;
      const value = known[key];
      if (value !== null && (typeof value !== 'object' || (Array.isArray(value) && value.length > 0))) return false;
      below.prune(value);
      if (below.isEmpty) return false;
      if (isClosed(value)) fields.length = 0;
      return true;
    });
  }

  get isEmpty(): boolean {
    return this.leaves.length === 0 && this.branches.length === 0;
  }

  /** Fields that have a place left. */
  names(into = new Set<string>()): Set<string> {
    for (const { to } of this.leaves) into.add(to.name);
    for (const { below } of this.branches) below.names(into);
    return into;
  }

  private indexKeys(): void {
    const keys = new Map<string, { leaves: Leaf[]; branch: Branch | null }>();
    const of = (key: string): { leaves: Leaf[]; branch: Branch | null } => {
      let known = keys.get(key);
      if (known === undefined) keys.set(key, (known = { leaves: [], branch: null }));
      return known;
    };
    for (const leaf of this.leaves) of(leaf.key).leaves.push(leaf);
    for (const branch of this.branches) {
      of(branch.key).branch = branch;
      branch.below.indexKeys();
    }
    this.byKey = keys;
  }

  run(record: EventRecord, depth = 0): void {
    if (this.byKey === null) this.runFields(record, depth);
    else this.runKeys(record, depth);
  }

  private runKeys(record: EventRecord, depth: number): void {
    let found: Branch[] | null = null;
    for (const key in record) {
      const entry = this.byKey!.get(key);
      if (entry === undefined) continue;
      const value = record[key];
      if (value === undefined) continue;
      for (const { to } of entry.leaves) if (!to.isRead()) to.read(value);
      if (entry.branch !== null && typeof value === 'object' && value !== null) (found ??= []).push(entry.branch);
    }
    if (found === null) return;
    // The shortest head first, whatever the order of the keys.
    if (found.length > 1) found.sort((left, right) => left.key.length - right.key.length);
    for (const branch of found) this.enter(branch, record[branch.key], depth);
  }

  private enter({ below: plan, fields }: Branch, value: unknown, depth: number): void {
    if (!Array.isArray(value)) {
      if (depth < EVENT_LIMITS.depthMax) plan.run(value as EventRecord, depth + 1);
      return;
    }
    if (value.length === 0) return;
    for (const { rest, to } of fields) {
      if (to.isRead()) continue;
      const found = below(value, rest, depth);
      if (found !== undefined) to.read(found);
    }
  }

  private runFields(record: EventRecord, depth: number): void {
    const { leaves, branches } = this;
    for (let at = 0; at < leaves.length; at += 1) {
      const leaf = leaves[at]!;
      const value = record[leaf.key];
      if (value === undefined || (leaf.guarded && !Object.hasOwn(record, leaf.key)) || (!leaf.only && leaf.to.isRead())) continue;
      leaf.to.read(value);
    }
    for (let at = 0; at < branches.length; at += 1) {
      const branch = branches[at]!;
      const value = record[branch.key];
      if (typeof value !== 'object' || value === null || (branch.guarded && !Object.hasOwn(record, branch.key))) continue;
      this.enter(branch, value, depth);
    }
  }
}

/** Reads one field of events of a shape: straight from its place where nothing else can stand on the way, else by looking it up. */
export function fieldReader(name: string, shape: unknown): (record: EventRecord) => unknown {
  const path = name.split('.');
  let at = shape;
  for (let depth = 0; depth < path.length; depth += 1) {
    if (!isClosed(at) || !Object.hasOwn(at as EventRecord, path[depth]!)) return (record) => lookUp(record, name);
    at = (at as EventRecord)[path[depth]!];
  }
  const [first, second] = path as [string, string?];
  if (path.length === 1) return (record) => record[first];
  if (path.length > 2) return (record) => lookUp(record, name);
  return (record) => {
    const owner = record[first];
    return typeof owner === 'object' && owner !== null ? (owner as EventRecord)[second!] : undefined;
  };
}

const isClosed = (shape: unknown): boolean => typeof shape === 'object' && shape !== null && !Array.isArray(shape) && Object.keys(shape).length > 0;

function keepIf<T>(list: T[], keep: (item: T) => boolean): void {
  const kept = list.filter(keep);
  list.length = 0;
  list.push(...kept);
}
