import { hash32 } from '@wary/model/hash32.js';

/** Parts of a day (four hours each) on working days, then on the weekend. */
export const PROFILE_WEEK_CELLS = 12;
export const PROFILE_VOLUME_LABELS = ['requests', 'downloads', 'bytes', 'different resources', 'tokens'] as const;
/** A weight or share of 1. */
export const PROFILE_ONE = 255;

/**
 * What an entity does, in whole numbers, so that it is the same wherever it is written: the things it does with the share of its days (0 to 255), when
 * (square roots of shares of its active hours, 0 to 255), and how much on a day (hundredths of ln(1 + mean)).
 */
export interface BehaviourProfile {
  readonly kind: number;
  readonly id: string;
  /** Days since the epoch. */
  readonly day: number;
  /** Place of names · 2³² + hash, in order. */
  readonly keys: Float64Array;
  readonly weights: Uint8Array;
  readonly week: Uint8Array;
  readonly volumes: Int32Array;
}

/** By this they are drawn: the same for everybody, whoever runs the entity. */
export const sampleRank = (kind: number, id: string): number => hash32(`${kind}:${id}`, 0x165667b1);
export const keyPlace = (key: number): number => Math.floor(key / 2 ** 32);
export const keyHash = (key: number): number => key % 2 ** 32;
