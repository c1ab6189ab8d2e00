import { squaredDistance } from '@wary/baseline/k-means.js';
import { PROFILE_ONE, PROFILE_VOLUME_LABELS, PROFILE_WEEK_CELLS, type BehaviourProfile } from './behaviour-profile.js';

/** Things done that tell groups apart: those that vary most. */
const FEATURES_MAX = 48;
/** What fewer do is somebody's own. */
const USERS_MIN = 3;
/** What is done says most of a role; when and how much, less. */
const WEEK_WEIGHT = 0.35;
const VOLUME_WEIGHT = 0.12;
const VOLUME_SDS_MAX = 2;
const VOLUMES = PROFILE_VOLUME_LABELS.length;

/** The room in which profiles of one kind of entity are compared: which things count, and the usual amounts. */
export interface PeerSpace {
  readonly keys: Float64Array;
  readonly volumeMeans: Float64Array;
  readonly volumeDeviations: Float64Array;
}

export const dimsOf = ({ keys }: PeerSpace): number => keys.length + PROFILE_WEEK_CELLS + VOLUMES;

export function spaceOf(profiles: readonly BehaviourProfile[]): PeerSpace {
  const stats = new Map<number, { users: number; sum: number; squares: number }>();
  for (const { keys, weights } of profiles) {
    for (let i = 0; i < keys.length; i += 1) {
      let of = stats.get(keys[i]!);
      if (of === undefined) stats.set(keys[i]!, (of = { users: 0, sum: 0, squares: 0 }));
      const weight = rootOf(weights[i]!);
      of.users += 1;
      of.sum += weight;
      of.squares += weight * weight;
    }
  }
  const n = Math.max(1, profiles.length);
  const spread = [...stats].filter(([, { users }]) => users >= USERS_MIN).map(([key, { sum, squares }]): [number, number] => [key, squares / n - (sum / n) ** 2]);
  spread.sort(([one, variance], [other, otherVariance]) => otherVariance - variance || one - other);
  const volumeMeans = new Float64Array(VOLUMES);
  const volumeDeviations = new Float64Array(VOLUMES);
  for (let i = 0; i < VOLUMES; i += 1) {
    const mean = profiles.reduce((sum, { volumes }) => sum + volumes[i]!, 0) / n;
    volumeMeans[i] = mean;
    volumeDeviations[i] = Math.max(1, Math.sqrt(profiles.reduce((sum, { volumes }) => sum + (volumes[i]! - mean) ** 2, 0) / n));
  }
  return { keys: Float64Array.from(spread.slice(0, FEATURES_MAX), ([key]) => key).sort(), volumeMeans, volumeDeviations };
}

const rootOf = (weight: number): number => Math.sqrt(weight / PROFILE_ONE);

/** Writes a profile's place to `at` of `out`: things done as a direction (length 1), then when, then how much. */
export function place(space: PeerSpace, { keys, weights, week, volumes }: BehaviourProfile, out: Float64Array, at: number): void {
  const count = space.keys.length;
  out.fill(0, at, at + dimsOf(space));
  let length = 0;
  // Both are in order.
  for (let i = 0, dim = 0; i < keys.length && dim < count; ) {
    if (keys[i]! < space.keys[dim]!) i += 1;
    else if (keys[i]! > space.keys[dim]!) dim += 1;
    else {
      out[at + dim] = rootOf(weights[i]!);
      length += weights[i]! / PROFILE_ONE;
      i += 1;
      dim += 1;
    }
  }
  if (length > 0) for (let dim = 0; dim < count; dim += 1) out[at + dim]! /= Math.sqrt(length);
  for (let i = 0; i < PROFILE_WEEK_CELLS; i += 1) out[at + count + i] = (WEEK_WEIGHT * week[i]!) / PROFILE_ONE;
  for (let i = 0; i < VOLUMES; i += 1) out[at + count + PROFILE_WEEK_CELLS + i] = VOLUME_WEIGHT * Math.max(-VOLUME_SDS_MAX, Math.min(VOLUME_SDS_MAX, (volumes[i]! - space.volumeMeans[i]!) / space.volumeDeviations[i]!));
}

export function placesOf(space: PeerSpace, profiles: readonly BehaviourProfile[]): Float64Array {
  const dims = dimsOf(space);
  const values = new Float64Array(profiles.length * dims);
  profiles.forEach((profile, index) => { place(space, profile, values, index * dims); });
  return values;
}

/** How alike two are: 1 the same, 0 nothing in common. */
export const likeness = (distance: number): number => Math.max(0, 1 - distance / Math.SQRT2);

export const distanceOf = (one: Float64Array, other: Float64Array, otherAt: number): number => Math.sqrt(squaredDistance(one, 0, other, otherAt, one.length));
