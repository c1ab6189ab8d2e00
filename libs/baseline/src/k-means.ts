import { mix32 } from '@wary/model/hash32.js';

/** Rows of equal length, one after the other. */
export interface Points { readonly count: number; readonly dims: number; readonly values: Float64Array }
export interface Clusters { /** Centre by centre. */ readonly centres: Float64Array; readonly labels: Int32Array; /** Sum of squared distances to the own centre. */ readonly cost: number }

const ROUNDS_MAX = 20;

export function squaredDistance(one: Float64Array, oneAt: number, other: Float64Array, otherAt: number, dims: number): number {
  let sum = 0;
  for (let i = 0; i < dims; i += 1) {
    const gap = one[oneAt + i]! - other[otherAt + i]!;
    sum += gap * gap;
  }
  return sum;
}

/** Nearest of `k` centres; the first of equals. */
export function nearestCentre(values: Float64Array, at: number, centres: Float64Array, k: number, dims: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let each = 0; each < k; each += 1) {
    const distance = squaredDistance(values, at, centres, each * dims, dims);
    if (distance < least) { least = distance; best = each; }
  }
  return best;
}

/**
 * Lloyd's algorithm from the given labels (−1: none yet) for at most 20 rounds. The same input gives the same output: no order of threads, no clock,
 * ties go to the first. A cluster that loses all its points keeps its centre.
 */
export function refineClusters(points: Points, k: number, start: Float64Array): Clusters {
  const { count, dims, values } = points;
  const centres = start.slice(0, k * dims);
  const labels = new Int32Array(count).fill(-1);
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    let moved = false;
    for (let point = 0; point < count; point += 1) {
      const label = nearestCentre(values, point * dims, centres, k, dims);
      if (label !== labels[point]) { labels[point] = label; moved = true; }
    }
    if (!moved) break;
    centresOf(points, labels, k, centres);
  }
  let cost = 0;
  for (let point = 0; point < count; point += 1) cost += squaredDistance(values, point * dims, centres, labels[point]! * dims, dims);
  return { centres, labels, cost };
}

/** Means of the points of each label, written over `centres`; what has none is left as it is. */
export function centresOf({ count, dims, values }: Points, labels: Int32Array, k: number, centres: Float64Array): void {
  const sums = new Float64Array(k * dims);
  const sizes = new Int32Array(k);
  for (let point = 0; point < count; point += 1) {
    const label = labels[point]!;
    if (label < 0) continue;
    sizes[label]! += 1;
    for (let i = 0; i < dims; i += 1) sums[label * dims + i]! += values[point * dims + i]!;
  }
  for (let label = 0; label < k; label += 1) if (sizes[label]! > 0) for (let i = 0; i < dims; i += 1) centres[label * dims + i] = sums[label * dims + i]! / sizes[label]!;
}

/**
 * Centres to begin with by k-means++ (Arthur & Vassilvitskii, SODA 2007): each next one is a point drawn with a chance in proportion to its squared distance
 * to the nearest so far. Draws come from the seed alone.
 */
export function seedCentres({ count, dims, values }: Points, k: number, seed: number): Float64Array {
  const centres = new Float64Array(k * dims);
  const nearest = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  let chosen = Math.floor(uniform(seed, 0) * count);
  for (let each = 0; each < k; each += 1) {
    centres.set(values.subarray(chosen * dims, (chosen + 1) * dims), each * dims);
    let total = 0;
    for (let point = 0; point < count; point += 1) {
      nearest[point] = Math.min(nearest[point]!, squaredDistance(values, point * dims, centres, each * dims, dims));
      total += nearest[point]!;
    }
    let left = uniform(seed, each + 1) * total;
    for (chosen = 0; chosen < count - 1; chosen += 1) {
      left -= nearest[chosen]!;
      if (left < 0) break;
    }
  }
  return centres;
}

const uniform = (seed: number, draw: number): number => mix32((seed ^ Math.imul(draw + 1, 0x9e3779b1)) | 0) / 2 ** 32;

/** Squared distances between the first `count` points, row by row: for several silhouettes of the same points. */
export function distancesAmong({ dims, values }: Points, count: number): Float64Array {
  const distances = new Float64Array(count * count);
  for (let one = 0; one < count; one += 1) for (let other = 0; other < one; other += 1) distances[one * count + other] = distances[other * count + one] = Math.sqrt(squaredDistance(values, one * dims, values, other * dims, dims));
  return distances;
}

/** Mean silhouette (Rousseeuw 1987) of the first `count` points, from their distances: 1 far apart, 0 no clusters. Whoever is alone in a cluster counts 0. */
export function silhouette(distances: Float64Array, count: number, labels: Int32Array, k: number): number {
  const sums = new Float64Array(k);
  const sizes = new Int32Array(k);
  for (let point = 0; point < count; point += 1) sizes[labels[point]!]! += 1;
  let total = 0;
  for (let point = 0; point < count; point += 1) {
    const own = labels[point]!;
    if (sizes[own]! < 2) continue;
    sums.fill(0);
    for (let other = 0; other < count; other += 1) sums[labels[other]!]! += distances[point * count + other]!;
    const within = sums[own]! / (sizes[own]! - 1);
    let between = Number.POSITIVE_INFINITY;
    for (let label = 0; label < k; label += 1) if (label !== own && sizes[label]! > 0) between = Math.min(between, sums[label]! / sizes[label]!);
    const most = Math.max(within, between);
    if (Number.isFinite(between) && most > 0) total += (between - within) / most;
  }
  return count === 0 ? 0 : total / count;
}
