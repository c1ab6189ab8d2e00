import { createRandom } from './streams.js';

/** Average path length of an unsuccessful search in a binary search tree of n (Liu, Ting & Zhou 2008, equation 1). */
const EULER = 0.577_215_664_901_532_9;
const averagePath = (n: number): number => (n <= 1 ? 0 : n === 2 ? 1 : 2 * (Math.log(n - 1) + EULER) - (2 * (n - 1)) / n);

interface Leaf { readonly size: number }
interface Split { readonly feature: number; readonly at: number; readonly left: Tree; readonly right: Tree }
type Tree = Leaf | Split;

/**
 * Isolation Forest (Liu, Ting & Zhou 2008, "Isolation Forest", ICDM) with the paper's 100 trees over 256 rows each. `rows` is row-major,
 * `width` numbers a row. Gives the anomaly score 2^(−E(h)/c) of every row, in (0, 1); the same seed gives the same scores.
 */
export function isolationForest(rows: Float64Array, width: number, { seed, trees = 100, sample = 256 }: { readonly seed: number; readonly trees?: number; readonly sample?: number }): Float64Array {
  const count = rows.length / width;
  const size = Math.min(sample, count);
  const random = createRandom(seed);
  const depthMax = Math.ceil(Math.log2(size));
  const paths = new Float64Array(count);
  for (let tree = 0; tree < trees; tree += 1) {
    const chosen = new Set<number>();
    while (chosen.size < size) chosen.add(Math.floor(random() * count));
    const root = grow([...chosen], 0);
    for (let row = 0; row < count; row += 1) paths[row]! += pathOf(root, row);
  }
  const scale = averagePath(size);
  return paths.map((sum) => 2 ** (-sum / trees / scale));

  function grow(members: readonly number[], depth: number): Tree {
    if (members.length <= 1 || depth >= depthMax) return { size: members.length };
    // A feature that varies here: one that does not would split nothing.
    const open: [number, number, number][] = [];
    for (let feature = 0; feature < width; feature += 1) {
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (const row of members) { const value = rows[row * width + feature]!; if (value < low) low = value; if (value > high) high = value; }
      if (high > low) open.push([feature, low, high]);
    }
    if (open.length === 0) return { size: members.length };
    const [feature, low, high] = open[Math.floor(random() * open.length)]!;
    const at = low + random() * (high - low);
    return { feature, at, left: grow(members.filter((row) => rows[row * width + feature]! < at), depth + 1), right: grow(members.filter((row) => rows[row * width + feature]! >= at), depth + 1) };
  }

  function pathOf(root: Tree, row: number): number {
    let depth = 0;
    let tree = root;
    while ('feature' in tree) { tree = rows[row * width + tree.feature]! < tree.at ? tree.left : tree.right; depth += 1; }
    return depth + averagePath(tree.size);
  }
}
