import type { PartitionerArgs } from 'kafkajs';

const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** The partition of a key among `partitions`, the same that Java's default partitioner takes: murmur2 without its sign bit. */
export function partitionOfKey(key: string | Buffer, partitions: number): number {
  return (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fffffff) % partitions;
}

/** A message's own partition, or that of its key. */
export const createKeyPartitioner = () => ({ partitionMetadata, message: { partition, key } }: PartitionerArgs): number =>
  partition ?? partitionOfKey(key as string | Buffer, partitionMetadata.length);

/** 32-bit MurmurHash2 (A. Appleby), with the seed of org.apache.kafka.common.utils.Utils.murmur2. */
export function murmur2(data: Uint8Array): number {
  const { length } = data;
  let hash = SEED ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    let word = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);
    word = Math.imul(word, M);
    word = Math.imul(word ^ (word >>> 24), M);
    hash = Math.imul(hash, M) ^ word;
  }
  const left = length - at;
  if (left > 0) {
    let word = data[at]!;
    if (left > 1) word |= data[at + 1]! << 8;
    if (left > 2) word |= data[at + 2]! << 16;
    hash = Math.imul(hash ^ word, M);
  }
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}
