import { BEHAVIOUR_COUNT } from './behaviour-weights.js';
import type { EngineLimits } from './engine-limits.js';
import { CATEGORY_COUNT, FEATURE_COUNT, WINDOW_COUNT } from './features.js';
import { BUCKET_OFFSET, bucketOfRecord, nodeOfRecord, SLOT, slotOfRecord, type HourLog } from './hour-log.js';
import { NodeView } from './node-view.js';
import { PopulationNode, VALUE_CELLS, type ActStats } from './population-node.js';
import type { RecordReader } from './record-writer.js';
import type { StatePiece } from './state-piece.js';

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
  /** Of the fold under way: the nodes that learn what an index brings. */
  private readonly reached: (readonly PopulationNode[] | undefined)[] = [];
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
    this.reached.length = 0;
    const acts: Refused<ActStats>[] = [];
    const adoptions: Refused<number>[] = [];
    const orders: Refused<number>[] = [];
    for (const log of logs) {
      log.each((record, count) => {
        const nodes = this.nodesOf(nodeOfRecord(record));
        for (let at = 0; at < nodes.length; at += 1) grow(nodes[at]!, slotOfRecord(record), bucketOfRecord(record), count);
      });
    }
    for (const node of new Set(this.reached.flat())) node?.fade();
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
      for (const node of this.nodesOf(index)) for (const [key, count] of ofNode) if (!node.orders.learn(key, count, 0)) refused.push({ node, key: key >>> 0, value: count });
    }
  }

  private takeAdoptions({ adoptions }: HourLog, refused: Refused<number>[]): void {
    for (const [index, ofNode] of adoptions) {
      const nodes = this.nodesOf(index);
      for (const [given, adopters] of ofNode) {
        // Those who come to a group bring what they use with them; their kind has counted it before.
        const isBrought = categoryOf(given) >= CATEGORY_COUNT;
        const key = isBrought ? given - CATEGORY_COUNT * 2 ** 32 : given;
        for (const node of isBrought ? nodes.slice(0, -1) : nodes) if (!node.adopt(categoryOf(key), key % 2 ** 32, adopters, 0)) refused.push({ node, key, value: adopters });
      }
    }
  }

  /** A group's own node, if it has one, and that of its kind. */
  private nodesOf(index: number): readonly PopulationNode[] {
    let nodes = this.reached[index];
    if (nodes === undefined) {
      const kind = this.index.kindOf(index);
      this.reached[index] = nodes = kind === index || !this.index.isAdmitted(index) ? [this.at(kind).node] : [this.at(index).node, this.at(kind).node];
    }
    return nodes;
  }

  /** Its nodes, to be written one by one. */
  pieces(kind: number): StatePiece[] {
    return this.entries.flatMap((entry, index): StatePiece[] => (entry === undefined ? [] : [{ kind, at: index, place: 0, owner: this, write: (out) => { entry.node.write(out); } }]));
  }

  loadNode(index: number, from: RecordReader): void {
    this.at(index).node.read(from);
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
  } else if (slot === SLOT.joined) node.entities += count;
  else if (slot === SLOT.left) node.entities = Math.max(0, node.entities - count);
  else node.mute[slot - SLOT.mute]! += count;
}
