import { BEHAVIOUR_COUNT } from './behaviour-weights.js';
import type { EngineLimits } from './engine-limits.js';
import { FEATURE_COUNT, WINDOW_COUNT } from './features.js';
import { BUCKET_OFFSET, bucketOfRecord, nodeOfRecord, SLOT, slotOfRecord, type HourLog } from './hour-log.js';
import { NodeView } from './node-view.js';
import { PopulationNode, VALUE_CELLS, type ActStats } from './population-node.js';
import { RecordReader, RecordWriter } from './record-writer.js';

/** Tells of a node index which kind it belongs to, and whether it has a place of its own. A kind's node has the kind's index. */
export interface NodeIndex { kindOf(index: number): number; isAdmitted(index: number): boolean }

interface NodeEntry { readonly node: PopulationNode; readonly view: NodeView }
interface Refused<T> { readonly node: PopulationNode; readonly key: number; readonly value: T }

/**
 * The population as it was at the end of one hour: nodes by index, and what is derived from them. Folding in an hour gives the same
 * whatever the order of its logs and of what is in them: sums of integers, limits filled in the order of keys, and fading afterwards.
 */
export class PopulationFold {
  private readonly entries: (NodeEntry | undefined)[] = [];
  /** What found no room for its kind. */
  overflow = 0;

  constructor(private readonly index: NodeIndex, private readonly limits: EngineLimits) {}

  /** Made when it is asked for: an empty node says nothing, and its kind speaks. */
  at(index: number): NodeEntry {
    let entry = this.entries[index];
    if (entry === undefined) {
      const kind = this.index.kindOf(index);
      const node = new PopulationNode();
      this.entries[index] = entry = { node, view: new NodeView(node, kind === index ? null : this.at(kind).view) };
    }
    return entry;
  }

  view(index: number): NodeView {
    return this.at(index).view;
  }

  fold(logs: readonly HourLog[]): void {
    const touched = new Set<PopulationNode>();
    const acts: Refused<ActStats>[] = [];
    const adoptions: Refused<number>[] = [];
    const orders: Refused<number>[] = [];
    for (const log of logs) {
      log.each((record, count) => {
        for (const node of this.nodesOf(nodeOfRecord(record))) {
          grow(node, slotOfRecord(record), bucketOfRecord(record), count);
          touched.add(node);
        }
      });
    }
    for (const node of touched) node.fade();
    for (const log of logs) {
      this.learnActs(log, acts);
      this.takeAdoptions(log, adoptions);
      this.learnOrders(log, orders);
      for (const [key, value] of log.largest) {
        const cell = key % VALUE_CELLS;
        for (const { largest } of this.nodesOf((key - cell) / VALUE_CELLS)) if (value > largest[cell]!) largest[cell] = value;
      }
    }
    // What is new takes what room there is in the order of its key, not in the order in which it came.
    for (const { node, key, value } of acts.sort(byKey)) if (!node.learnAct(key, value, this.limits.actsPerGroupMax)) this.overflow += value.days;
    for (const { node, key, value } of adoptions.sort(byKey)) if (!node.adopt(categoryOf(key), key % 2 ** 32, value, this.limits.adoptionsPerCategoryMax)) this.overflow += value;
    for (const { node, key, value } of orders.sort(byKey)) if (!node.orders.learn(key, value, this.limits.ordersPerGroupMax)) this.overflow += 1;
    for (const log of logs) for (const index of log.orders.keys()) for (const node of this.nodesOf(index)) node.orders.fade();
    for (const log of logs) for (const index of log.acts.keys()) for (const node of this.nodesOf(index)) node.fadeActs();
  }

  private learnActs({ acts }: HourLog, refused: Refused<ActStats>[]): void {
    for (const [index, ofNode] of acts) {
      for (const node of this.nodesOf(index)) for (const [act, stats] of ofNode) if (!node.learnAct(act, stats, 0)) refused.push({ node, key: act, value: stats });
    }
  }

  private learnOrders({ orders }: HourLog, refused: Refused<number>[]): void {
    for (const [index, ofNode] of orders) {
      for (const node of this.nodesOf(index)) for (const [key, count] of ofNode) if (!node.orders.learn(key, count, 0)) refused.push({ node, key, value: count });
    }
  }

  private takeAdoptions({ adoptions }: HourLog, refused: Refused<number>[]): void {
    for (const [index, ofNode] of adoptions) {
      for (const node of this.nodesOf(index)) for (const [key, adopters] of ofNode) if (!node.adopt(categoryOf(key), key % 2 ** 32, adopters, 0)) refused.push({ node, key, value: adopters });
    }
  }

  /** A group's own node, if it has one, and that of its kind. */
  private nodesOf(index: number): readonly PopulationNode[] {
    const kind = this.index.kindOf(index);
    if (kind === index || !this.index.isAdmitted(index)) return [this.at(kind).node];
    return [this.at(index).node, this.at(kind).node];
  }

  dump(): unknown {
    const out = new RecordWriter();
    out.list(this.entries, ({ node }) => { node.write(out); });
    return { overflow: this.overflow, nodes: out.words.slice(0, out.at) };
  }

  load(state: unknown): void {
    const { overflow, nodes } = state as { overflow: number; nodes: Uint32Array };
    this.overflow = overflow;
    const from = new RecordReader().begin(nodes, 0);
    from.list((index) => { this.at(index).node.read(from); });
  }
}

const byKey = (one: Refused<unknown>, other: Refused<unknown>): number => one.key - other.key;
const categoryOf = (key: number): number => Math.floor(key / 2 ** 32);

function grow(node: PopulationNode, slot: number, bucket: number, count: number): void {
  if (slot < SLOT.scores) {
    node.addValue(slot, bucket - BUCKET_OFFSET, count);
    node.changes[Math.floor(slot / FEATURE_COUNT)]! += 1;
  } else if (slot < SLOT.windows) {
    node.addScore(slot - SLOT.scores, bucket, count);
    node.changes[Math.floor((slot - SLOT.scores) / BEHAVIOUR_COUNT)]! += 1;
  } else if (slot < SLOT.scored) {
    node.windows[slot - SLOT.windows]! += count;
    node.changes[slot - SLOT.windows]! += 1;
  } else if (slot < SLOT.week) {
    node.scored[slot - SLOT.scored]! += count;
    node.changes[slot - SLOT.scored]! += 1;
  } else if (slot === SLOT.week) {
    node.week[bucket]! += count;
    node.changes[WINDOW_COUNT]! += 1;
  } else if (slot >= SLOT.mute) node.mute[slot - SLOT.mute]! += count;
  else node.entities += count;
}
