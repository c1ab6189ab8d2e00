import { centresOf, distancesAmong, refineClusters, seedCentres, silhouette, squaredDistance, type Clusters, type Points } from '@wary/baseline/k-means.js';
import type { BehaviourProfile } from './behaviour-profile.js';
import { dimsOf, distanceOf, place, placesOf, spaceOf, type PeerSpace } from './peer-space.js';

/** Fewer than this are no group to hide in, and none to be held against. */
export const GROUP_MEMBERS_MIN = 5;
const GROUPS_MAX = 10;
/** Below this the profiles have no groups worth the name (Kaufman & Rousseeuw: up to .25 "no substantial structure"). */
const SILHOUETTE_MIN = 0.25;
/** Another number of groups must be clearer by this much. */
const CLEARER_BY = 0.05;
/** Profiles whose silhouettes are worked out: the first by rank, which is a draw. */
const JUDGED_MAX = 192;
/** Days between looks for another number of groups; in between the groups only follow their members. */
const RECHOICE_DAYS = 7;
const SHARED_MIN = 0.2;
/** Of a group's members this share lies within its reach, and somebody new may lie so much further. */
const REACH_SHARE = 0.9;
const REACH_FACTOR = 1.25;

export interface PeerGroup { /** Never given to another group. */ readonly id: number; /** Day it was found (since the epoch). */ readonly since: number; /** Of the sample. */ readonly members: number; readonly reach: number }
/** The behaviour groups of one kind of entity, as of one day. */
export interface PeerGroups {
  readonly day: number;
  readonly chosenDay: number;
  readonly nextId: number;
  readonly space: PeerSpace;
  /** Centre by centre, in the order of `groups`. */
  readonly centres: Float64Array;
  readonly mean: Float64Array;
  readonly groups: readonly PeerGroup[];
  readonly silhouette: number;
  /** Of all profiles drawn. */
  readonly profiles: number;
  /** Ranks of the sample end here: who comes behind need not tell its profile. */
  readonly endRank: number;
}

/**
 * Finds the behaviour groups of a kind from a sample of its profiles: k-means from yesterday's groups, and once a week with every number of groups from 2
 * to 10, of which the clearest by silhouette counts when it is clearer than what there is. Ids stay with whoever shares most members (greedy, by Jaccard).
 * The same sample and the same yesterday give the same groups.
 */
export function clusterPeers(profiles: readonly BehaviourProfile[], day: number, endRank: number, before: PeerGroups | null, seed: number): PeerGroups {
  const space = spaceOf(profiles);
  const dims = dimsOf(space);
  const points: Points = { count: profiles.length, dims, values: placesOf(space, profiles) };
  const mean = new Float64Array(dims);
  if (points.count > 0) centresOf(points, new Int32Array(points.count), 1, mean);
  const known = Int32Array.from(profiles, (profile) => (before === null ? -1 : nearestGroup(before, profile)?.place ?? -1));
  const judged = Math.min(JUDGED_MAX, points.count);
  const distances = distancesAmong(points, judged);
  const clarity = ({ labels, centres }: Clusters): number => silhouette(distances, judged, labels, centres.length / dims);

  let best = before === null || before.groups.length === 0 ? null : followed(points, known, before.groups.length);
  let clear = best === null ? 0 : clarity(best);
  let { chosenDay } = before ?? { chosenDay: day };
  if (best === null || clear < SILHOUETTE_MIN || day - chosenDay >= RECHOICE_DAYS) {
    chosenDay = day;
    const bar = best === null || clear < SILHOUETTE_MIN ? SILHOUETTE_MIN : clear + CLEARER_BY;
    let found: Clusters | null = null;
    for (let k = 2; k <= GROUPS_MAX && k * GROUP_MEMBERS_MIN <= points.count; k += 1) {
      const one = large(points, refineClusters(points, k, seedCentres(points, k, seed + k)));
      const each = one.centres.length < 2 * dims ? 0 : clarity(one);
      if (each >= bar && (found === null || each > clear)) { found = one; clear = each; }
    }
    if (found !== null) best = found;
    else if (best !== null && clear < SILHOUETTE_MIN) best = null;
  }
  if (best === null) return { day, chosenDay, nextId: before?.nextId ?? 1, space, centres: new Float64Array(0), mean, groups: [], silhouette: 0, profiles: points.count, endRank };
  const { ids, nextId } = named(best, known, before, dims);
  const groups = ids.map((id, place): PeerGroup => {
    const gaps = [...best.labels].flatMap((label, point) => (label === place ? [Math.sqrt(squaredDistance(points.values, point * dims, best.centres, place * dims, dims))] : [])).sort((a, b) => a - b);
    return { id, since: before?.groups.find((group) => group.id === id)?.since ?? day, members: gaps.length, reach: REACH_FACTOR * (gaps[Math.floor(REACH_SHARE * (gaps.length - 1))] ?? 0) };
  });
  return { day, chosenDay, nextId, space, centres: best.centres, mean, groups, silhouette: clear, profiles: points.count, endRank };
}

/** Yesterday's groups where their members are today. */
function followed(points: Points, known: Int32Array, k: number): Clusters | null {
  if (!known.includes(0) && known.every((label) => label < 0)) return null;
  const start = new Float64Array(k * points.dims).fill(Number.POSITIVE_INFINITY);
  centresOf(points, known, k, start);
  const kept = Array.from({ length: k }, (_, label) => label).filter((label) => Number.isFinite(start[label * points.dims]!));
  const packed = new Float64Array(kept.length * points.dims);
  kept.forEach((label, at) => { packed.set(start.subarray(label * points.dims, (label + 1) * points.dims), at * points.dims); });
  const all = large(points, refineClusters(points, kept.length, packed));
  return all.centres.length < 2 * points.dims ? null : all;
}

/** Dissolves what is too small, the smallest first; its members go to whoever is nearest. */
function large(points: Points, all: Clusters): Clusters {
  let clusters = all;
  for (;;) {
    const k = clusters.centres.length / points.dims;
    const sizes = new Int32Array(k);
    for (const label of clusters.labels) sizes[label]! += 1;
    const least = sizes.indexOf(Math.min(...sizes));
    if (k < 2 || sizes[least]! >= GROUP_MEMBERS_MIN) return clusters;
    const centres = new Float64Array((k - 1) * points.dims);
    for (let label = 0, at = 0; label < k; label += 1) if (label !== least) { centres.set(clusters.centres.subarray(label * points.dims, (label + 1) * points.dims), at * points.dims); at += 1; }
    clusters = refineClusters(points, k - 1, centres);
  }
}

function named({ labels, centres }: Clusters, known: Int32Array, before: PeerGroups | null, dims: number): { ids: number[]; nextId: number } {
  const k = centres.length / dims;
  const old = before?.groups ?? [];
  const shared = new Int32Array(k * Math.max(1, old.length));
  const sizes = new Int32Array(k);
  const oldSizes = new Int32Array(Math.max(1, old.length));
  labels.forEach((label, point) => {
    sizes[label]! += 1;
    if (known[point]! < 0) return;
    oldSizes[known[point]!]! += 1;
    shared[label * old.length + known[point]!]! += 1;
  });
  const pairs: { label: number; place: number; overlap: number }[] = [];
  for (let label = 0; label < k; label += 1) {
    for (let place = 0; place < old.length; place += 1) {
      const both = shared[label * old.length + place]!;
      const overlap = both / Math.max(1, sizes[label]! + oldSizes[place]! - both);
      if (overlap >= SHARED_MIN) pairs.push({ label, place, overlap });
    }
  }
  pairs.sort((a, b) => b.overlap - a.overlap || a.place - b.place || a.label - b.label);
  const ids = new Array<number>(k).fill(0);
  const taken = new Set<number>();
  for (const { label, place } of pairs) if (ids[label] === 0 && !taken.has(place)) { ids[label] = old[place]!.id; taken.add(place); }
  let nextId = before?.nextId ?? 1;
  return { ids: ids.map((id) => (id === 0 ? nextId++ : id)), nextId };
}

export interface NearestGroup { /** Place among the groups. */ readonly place: number; readonly id: number; readonly distance: number; readonly isWithin: boolean }

/** The group whose centre is nearest; null where there are none. `stay`: an id that counts as nearer by a tenth. */
export function nearestGroup({ space, centres, groups }: PeerGroups, profile: BehaviourProfile, stay = 0): NearestGroup | null {
  if (groups.length === 0) return null;
  const own = new Float64Array(dimsOf(space));
  place(space, profile, own, 0);
  let best: NearestGroup | null = null;
  let least = Number.POSITIVE_INFINITY;
  groups.forEach(({ id, reach }, index) => {
    const distance = distanceOf(own, centres, index * own.length);
    const counted = id === stay ? distance * 0.9 : distance;
    if (counted < least) { least = counted; best = { place: index, id, distance, isWithin: distance <= reach }; }
  });
  return best;
}
